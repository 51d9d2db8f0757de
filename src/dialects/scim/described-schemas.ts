import type { Attribute, Attributes } from '#attributes/attribute.ts';
import { urns } from './schemas.ts';
import { type Schema, writeAttribute } from './write-attribute.ts';

const text = (about: string): Attribute => ({ type: 'string', mutability: 'readOnly', about });
const needed = (about: string): Attribute => ({ ...text(about), required: true });
const flag = (about: string): Attribute => ({ type: 'boolean', mutability: 'readOnly', required: true, about });
const count = (about: string): Attribute => ({ type: 'integer', mutability: 'readOnly', required: true, about });
const uri = (about: string, required: boolean): Attribute => ({
  type: 'reference',
  references: ['uri'],
  caseExact: true,
  mutability: 'readOnly',
  about,
  ...(required && { required: true }),
});
const group = (about: string, parts: Attributes): Attribute => ({
  type: 'complex',
  mutability: 'readOnly',
  required: true,
  about,
  parts,
});

const supported = { supported: flag('Whether it works.') };

const serviceProviderConfig: Attributes = {
  documentationUri: { ...text('Where the help is.'), type: 'reference', references: ['external'], caseExact: true },
  patch: group('PATCH.', supported),
  bulk: group('Bulk.', {
    ...supported,
    maxOperations: count('The most operations in one request.'),
    maxPayloadSize: count('The most bytes of one request.'),
  }),
  filter: group('Filters.', { ...supported, maxResults: count('The most resources in one answer.') }),
  changePassword: group('Change of passwords.', supported),
  sort: group('Sorting.', supported),
  etag: group('Versions.', supported),
  authenticationSchemes: {
    ...group('How to prove who is asking.', {
      type: needed('The kind of proof.'),
      name: needed('Its name.'),
      description: needed('What it is.'),
      specUri: uri('Where it is specified.', false),
      documentationUri: uri('Where the help is.', false),
      primary: { type: 'boolean', mutability: 'readOnly', about: 'Whether it is the preferred one.' },
    }),
    many: true,
  },
};

const resourceType: Attributes = {
  id: text('The id, the same as the name.'),
  name: needed('The name.'),
  description: text('What it is.'),
  endpoint: uri('Where its resources are, below the base URI.', true),
  schema: { ...uri('Its schema.', true), caseExact: true },
  schemaExtensions: {
    ...group('Its extensions.', {
      schema: uri('The schema of the extension.', true),
      required: flag('Whether every resource must have it.'),
    }),
    required: true,
    many: true,
  },
};

const characteristics: Attributes = {
  name: needed('The name.'),
  type: {
    ...needed('The kind of value.'),
    canonical: ['string', 'boolean', 'decimal', 'integer', 'dateTime', 'reference', 'complex', 'binary'],
  },
  multiValued: flag('Whether there can be several values.'),
  description: text('What it is.'),
  required: flag('Whether every resource has it.'),
  canonicalValues: { ...text('Values with a meaning.'), many: true },
  caseExact: { type: 'boolean', mutability: 'readOnly', about: 'Whether case matters.' },
  mutability: { ...text('Who may write it.'), canonical: ['readOnly', 'readWrite', 'immutable', 'writeOnly'] },
  returned: { ...text('When it is shown.'), canonical: ['always', 'never', 'default', 'request'] },
  uniqueness: { ...text('How unique it is.'), canonical: ['none', 'server', 'global'] },
  referenceTypes: { ...text('What it may point at.'), many: true },
};

const schema: Attributes = {
  id: uri('The URN.', true),
  name: text('The name.'),
  description: text('What it is.'),
  attributes: {
    ...group('The attributes.', {
      ...characteristics,
      subAttributes: { ...group('The parts of a complex attribute.', characteristics), required: true, many: true },
    }),
    many: true,
  },
};

/** The schemas of discovery itself: RFC 7643 section 8.7. */
export const describedSchemas: readonly Schema[] = [
  described(urns.serviceProviderConfig, 'ServiceProviderConfig', 'What the server can do.', serviceProviderConfig),
  described(urns.resourceType, 'ResourceType', 'What kinds of resource there are.', resourceType),
  described(urns.schema, 'Schema', 'What a resource is made of.', schema),
];

function described(id: string, name: string, description: string, table: Attributes): Schema {
  const attributes = Object.entries(table).map(([attribute, row]) => writeAttribute(attribute, row));
  return { id, name, description, attributes };
}
