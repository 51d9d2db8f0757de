import type { Attributes } from './attribute.ts';
import { reference } from './plural.ts';

/** What a group is made of: RFC 7643 section 4.2 and our extension. */
export const groupAttributes = {
  displayName: {
    type: 'string',
    required: true,
    about: 'The name of the group.',
    stored: { values: 'text' },
    lengthMax: 256,
  },
  members: {
    type: 'complex',
    many: true,
    about: 'Users and groups in this group. Kept in a table of their own.',
    references: ['User', 'Group'],
    parts: {
      value: {
        type: 'string',
        caseExact: true,
        mutability: 'immutable',
        about: 'The id of the member.',
        stored: { link: 'members' },
      },
      $ref: {
        type: 'reference',
        references: ['User', 'Group'],
        caseExact: true,
        mutability: 'immutable',
        computed: true,
        about: 'The location of the member.',
      },
      type: {
        type: 'string',
        mutability: 'immutable',
        about: 'What the member is.',
        canonical: ['User', 'Group'],
        stored: { link: 'members' },
      },
      display: {
        type: 'string',
        mutability: 'readOnly',
        computed: true,
        about: 'The name of the member.',
      },
    },
  },
  muster: {
    type: 'complex',
    urn: 'urn:ietf:params:scim:schemas:extension:muster:2.0:Group',
    about: 'Who manages the group.',
    parts: {
      managers: { ...reference('User', 'The users who may change the members of the group.'), many: true },
    },
  },
} as const satisfies Attributes;
