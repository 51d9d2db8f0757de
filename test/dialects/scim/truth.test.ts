import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Answer } from '#test/support/muster.ts';
import { type Client, newName, orgUnit, type Scim, startScim } from './scim-client.ts';

type Body = Answer['body'];

let scim: Scim;
let client: Client;

beforeAll(async () => {
  scim = await startScim();
  client = await scim.connect({ profile: 'rfc', rights: ['read', 'write', 'superuser'] });
});
afterAll(() => scim.stop());

/** What attributes that refer to others are given. */
interface Targets {
  readonly user: string;
  readonly group: string;
  readonly unit: string;
}

async function makeTargets(): Promise<Targets> {
  const unit = await client.post('/OrgUnits', { schemas: [orgUnit], kind: 'SHOP', displayName: newName() });
  return { user: (await client.makeUser()).id, group: (await client.makeGroup()).id, unit: unit.body.id };
}

/** A value as the definition of an attribute wants it; undefined for what only the server writes. */
function valueFor(attribute: Body, targets: Targets): unknown {
  if (attribute.mutability === 'readOnly') return undefined;
  const one = oneFor(attribute, targets);
  return attribute.multiValued && one !== undefined ? [one] : one;
}

function oneFor(attribute: Body, targets: Targets): unknown {
  switch (attribute.type) {
    case 'boolean':
      return true;
    case 'integer':
      return 7;
    case 'decimal':
      return 1.5;
    case 'dateTime':
      return '2026-01-31T12:00:00Z';
    case 'binary':
      return 'AAEC';
    case 'reference':
      return 'https://example.org/x';
    case 'complex':
      return partsFor(attribute, targets);
    default:
      return attribute.canonicalValues?.[0] ?? newName();
  }
}

function partsFor(attribute: Body, targets: Targets): unknown {
  const target = targetOf(attribute.name, targets);
  if (target !== undefined) return { value: target };
  const parts = attribute.subAttributes.map((part: Body) => [part.name, valueFor(part, targets)]);
  return Object.fromEntries(parts.filter(([, value]: [string, unknown]) => value !== undefined));
}

function targetOf(name: string, { user, group, unit }: Targets): string | undefined {
  if (['manager', 'managers', 'members'].includes(name)) return user;
  if (['businessDirection', 'divisions', 'regions', 'shops', 'franchisee', 'parent'].includes(name)) return unit;
  return name === 'userGroup' ? group : undefined;
}

/** A body with every attribute of a schema, and of the extensions of its resource type. */
function bodyFor(type: Body, schemas: readonly Body[], targets: Targets): Record<string, unknown> {
  const attributesOf = (urn: string): Record<string, unknown> => {
    const { attributes } = schemas.find(({ id }) => id === urn);
    const values = attributes.map((attribute: Body) => [attribute.name, valueFor(attribute, targets)]);
    return Object.fromEntries(values.filter(([, value]: [string, unknown]) => value !== undefined));
  };
  const extensions = type.schemaExtensions.map(({ schema }: Body) => schema);
  const inside = extensions.map((urn: string) => [urn, attributesOf(urn)]);
  return { schemas: [type.schema, ...extensions], ...attributesOf(type.schema), ...Object.fromEntries(inside) };
}

test.each(['User', 'Group', 'OrgUnit'])(
  'R-044: every attribute that /Schemas advertises for a %s is kept, returned, and writable again',
  async (name) => {
    const type = (await client.get(`/ResourceTypes/${name}`)).body;
    const schemas = (await client.get('/Schemas')).body.Resources;
    const body = bodyFor(type, schemas, await makeTargets());
    const created = await client.post(type.endpoint, body);
    expect(created.status, JSON.stringify(created.body)).toBe(201);
    expect(created.body).toMatchObject(body);
    const read = await client.get(`${type.endpoint}/${created.body.id}`);
    expect(read.body).toMatchObject(body);
    const written = await client.put(`${type.endpoint}/${created.body.id}`, read.body);
    expect([written.status, written.body]).toEqual([200, read.body]);
  },
);

test('R-044: no answer has an attribute that /Schemas does not advertise', async () => {
  const schemas: readonly Body[] = (await client.get('/Schemas')).body.Resources;
  const user = await client.makeUser({ name: { givenName: 'Ada' }, emails: [{ value: 'a@b', type: 'work' }] });
  await client.makeGroup([user.id]);
  const { body } = await client.get(`/Users/${user.id}`);
  const advertised = schemas.find(({ id }) => id.endsWith('core:2.0:User')).attributes.map(({ name }: Body) => name);
  expect(Object.keys(body).filter((name) => !name.startsWith('urn:'))).toEqual(
    expect.arrayContaining(['userName', 'groups', 'emails']),
  );
  for (const name of Object.keys(body)) expect([...advertised, 'schemas', 'id', 'meta']).toContain(name);
});
