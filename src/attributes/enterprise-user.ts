import type { Attribute } from './attribute.ts';
import { text } from './plural.ts';

/** The enterprise extension of RFC 7643 section 4.3. */
export const enterpriseUser = {
  type: 'complex',
  urn: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
  about: 'Attributes of people who work for an organisation.',
  parts: {
    employeeNumber: text('The number the organisation gave the user.'),
    costCenter: text('The cost centre.'),
    organization: text('The organisation.'),
    division: text('The division.'),
    department: text('The department.'),
    manager: {
      type: 'complex',
      about: 'The user’s manager.',
      references: ['User'],
      parts: {
        value: {
          type: 'string',
          caseExact: true,
          references: ['User'],
          about: 'The id of the manager.',
          stored: { values: 'plain' },
        },
        $ref: {
          type: 'reference',
          references: ['User'],
          caseExact: true,
          computed: true,
          about: 'The location of the manager.',
        },
        displayName: {
          type: 'string',
          mutability: 'readOnly',
          computed: true,
          about: 'The name of the manager.',
        },
      },
    },
  },
} as const satisfies Attribute;
