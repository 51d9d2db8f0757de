import type { Attributes } from './attribute.ts';

/** What every resource has beside its own attributes: RFC 7643 section 3.1. The server writes all of it but `externalId`. */
export const commonAttributes = {
  schemas: {
    type: 'reference',
    many: true,
    required: true,
    caseExact: true,
    returned: 'always',
    about: 'The schemas whose attributes the resource has.',
  },
  id: {
    type: 'string',
    caseExact: true,
    mutability: 'readOnly',
    returned: 'always',
    uniqueness: 'server',
    about: 'The id that the server gave the resource. It never changes.',
    stored: { column: 'id' },
  },
  externalId: {
    type: 'string',
    caseExact: true,
    about: 'The id that this connection gave the resource. Other connections do not see it.',
    stored: { link: 'external_id' },
    lengthMax: 512,
  },
  meta: {
    type: 'complex',
    mutability: 'readOnly',
    about: 'What the server knows about the resource.',
    parts: {
      resourceType: {
        type: 'string',
        caseExact: true,
        mutability: 'readOnly',
        about: 'The name of its type.',
        stored: { column: 'type' },
      },
      created: {
        type: 'dateTime',
        mutability: 'readOnly',
        about: 'When it was made.',
        stored: { column: 'created_at' },
      },
      lastModified: {
        type: 'dateTime',
        mutability: 'readOnly',
        about: 'When it was last changed.',
        stored: { column: 'modified_at' },
      },
      location: {
        type: 'reference',
        references: ['uri'],
        caseExact: true,
        mutability: 'readOnly',
        about: 'Where it is.',
      },
      version: {
        type: 'string',
        caseExact: true,
        mutability: 'readOnly',
        about: 'Its version, the same as the ETag.',
      },
    },
  },
} as const satisfies Attributes;
