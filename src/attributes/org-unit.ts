import type { Attributes } from './attribute.ts';
import { reference, text } from './plural.ts';

/** What an org unit is made of: a resource type of our own for companies, divisions, regions, shops and franchisees. */
export const orgUnitAttributes = {
  kind: {
    type: 'string',
    required: true,
    strict: true,
    about: 'What the org unit is.',
    canonical: ['COMPANY', 'BUSINESS_DIRECTION', 'DIVISION', 'REGION', 'SHOP', 'FRANCHISEE'],
    stored: { values: 'plain' },
  },
  displayName: {
    type: 'string',
    required: true,
    about: 'The name of the org unit.',
    stored: { values: 'text' },
    lengthMax: 256,
  },
  active: { type: 'boolean', about: 'Whether the org unit is in use.', stored: { values: 'plain' } },
  parent: reference('OrgUnit', 'The org unit above this one.'),
  code: text('The code of a shop in the ERP system.'),
  address: text('The address of a shop.'),
  locality: text('The city of a shop.'),
  coordinates: {
    type: 'complex',
    about: 'Where a shop stands.',
    parts: {
      latitude: { type: 'decimal', about: 'Degrees north.', stored: { values: 'plain' } },
      longitude: { type: 'decimal', about: 'Degrees east.', stored: { values: 'plain' } },
    },
  },
  timezone: text('The time zone of a shop, such as Europe/Berlin.'),
} as const satisfies Attributes;
