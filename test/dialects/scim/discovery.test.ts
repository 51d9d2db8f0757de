import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { resourceTypes } from '#attributes/resource-type.ts';
import type { Answer } from '#test/support/muster.ts';
import { type Client, expectError, listResponse, type Scim, startScim } from './scim-client.ts';
import { core, enterprise } from './urns.ts';

type Body = Answer['body'];

let scim: Scim;
let client: Client;
let schemas: readonly Body[];

beforeAll(async () => {
  scim = await startScim();
  client = scim.lenient;
  schemas = (await client.get('/Schemas')).body.Resources;
});
afterAll(() => scim.stop());

const attributesIn = (list: readonly Body[]): readonly Body[] =>
  list.flatMap((attribute) => [attribute, ...attributesIn(attribute.subAttributes ?? [])]);
const all = () => schemas.flatMap((schema) => attributesIn(schema.attributes));

describe('ServiceProviderConfig', () => {
  test('R-030, R-031: it says what works, also to somebody without a token', async () => {
    const { status, body } = await scim.muster.send(undefined, 'GET', '/ServiceProviderConfig');
    expect(status).toBe(200);
    expect(body.schemas).toEqual(['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig']);
    expect(body).toMatchObject({
      patch: { supported: true },
      bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
      filter: { supported: true, maxResults: 1000 },
      changePassword: { supported: false },
      sort: { supported: false },
      etag: { supported: true },
    });
    expect(body.authenticationSchemes).toEqual([
      expect.objectContaining({
        type: 'oauthbearertoken',
        name: expect.any(String),
        description: expect.any(String),
      }),
    ]);
    expect(body.meta).toEqual({
      resourceType: 'ServiceProviderConfig',
      location: `${scim.muster.server.url}/scim/v2/ServiceProviderConfig`,
    });
  });

  test('R-050: what it calls supported works: filters, PATCH and versions', async () => {
    const user = await client.makeUser();
    const found = await client.find('/Users', `userName eq "${user.userName}"`);
    expect(found.body.totalResults).toBe(1);
    const patched = await client.patch(`/Users/${user.id}`, [{ op: 'add', path: 'title', value: 'x' }]);
    expect(patched.body.title).toBe('x');
    const known = { 'If-None-Match': patched.headers.get('etag') ?? '' };
    expect((await client.get(`/Users/${user.id}`, known)).status).toBe(304);
  });

  test('R-050: what it calls unsupported is ignored or refused: sorting, passwords, bulk', async () => {
    const sorted = await client.get('/Users?sortBy=userName&sortOrder=descending');
    expect(sorted.body).toEqual((await client.get('/Users')).body);
    const { body } = await client.post('/Users', { userName: 'secretive', password: 'hunter22' });
    expect(JSON.stringify(body)).not.toContain('password');
    expect((await client.post('/Bulk', {})).status).toBeGreaterThanOrEqual(400);
  });
});

describe('lists', () => {
  test.each(['/ResourceTypes', '/Schemas'])('R-033: %s ignores paging and sorting', async (path) => {
    const { body } = await client.get(path);
    expect((await client.get(`${path}?startIndex=2&count=1&sortBy=id`)).body).toEqual(body);
    expect(body).toMatchObject({ schemas: [listResponse], startIndex: 1, totalResults: body.Resources.length });
    expect(body.itemsPerPage).toBe(body.Resources.length);
  });

  test.each(['/ResourceTypes', '/Schemas'])('R-033: %s refuses a filter with 403', async (path) => {
    expectError(await client.find(path, 'name eq "User"'), 403);
  });

  test('R-033: the one config has nothing to filter, so a filter on it is ignored', async () => {
    expect((await client.find('/ServiceProviderConfig', 'name eq "User"')).status).toBe(200);
  });

  test('R-034, R-036: every resource type is there, under an id that is its name', async () => {
    const { body } = await client.get('/ResourceTypes');
    expect(body.Resources.map(({ name }: Body) => name)).toEqual(resourceTypes.map(({ name }) => name));
    for (const type of body.Resources) {
      expect(type.schemas).toEqual(['urn:ietf:params:scim:schemas:core:2.0:ResourceType']);
      expect(type.id).toBe(type.name);
      expect((await client.get(type.endpoint)).status).toBe(200);
      for (const extension of type.schemaExtensions) expect(extension.required).toBe(false);
      expect(type.meta).toEqual({
        resourceType: 'ResourceType',
        location: `${scim.muster.server.url}/scim/v2/ResourceTypes/${type.id}`,
      });
    }
  });

  test('R-035: one resource type is an object, an unknown one 404', async () => {
    const { body } = await client.get('/ResourceTypes/User');
    expect(body).toMatchObject({ id: 'User', endpoint: '/Users', schema: core });
    expect(body.Resources).toBeUndefined();
    expectError(await client.get('/ResourceTypes/Printer'), 404);
  });

  test('R-037: every schema that a resource type names is at /Schemas', async () => {
    const { body } = await client.get('/ResourceTypes');
    const named = body.Resources.flatMap((type: Body) => [
      type.schema,
      ...type.schemaExtensions.map(({ schema }: Body) => schema),
    ]);
    expect(named).toContain(enterprise);
    expect(schemas.map(({ id }) => id)).toEqual(expect.arrayContaining(named));
  });

  test('R-038, R-040: every schema has its parts, and none of them is a message', () => {
    for (const schema of schemas) {
      expect(schema.id).not.toContain(':api:messages:');
      expect(schema).toMatchObject({
        schemas: ['urn:ietf:params:scim:schemas:core:2.0:Schema'],
        name: expect.stringMatching(/\S/),
        description: expect.stringMatching(/\S/),
        meta: { resourceType: 'Schema' },
      });
      expect(schema.attributes.length).toBeGreaterThan(0);
    }
  });

  test('R-039: one schema by its URN, in any case and escaped; an unknown one is 404', async () => {
    for (const id of [core, core.toUpperCase(), encodeURIComponent(core)]) {
      expect((await client.get(`/Schemas/${id}`)).body).toEqual(schemas.find((schema) => schema.id === core));
    }
    expectError(await client.get('/Schemas/urn:nobody:knows'), 404);
  });

  test('R-043: the schemas of discovery itself are there too', () => {
    const names = schemas.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['ServiceProviderConfig', 'ResourceType', 'Schema']));
  });
});

describe('attribute definitions', () => {
  test('R-041: every characteristic is said, with the right type, and nothing is null', () => {
    expect(all().length).toBeGreaterThan(150);
    for (const attribute of all()) {
      expect(attribute).toMatchObject({
        name: expect.any(String),
        type: expect.stringMatching(/^(string|boolean|decimal|integer|dateTime|binary|reference|complex)$/),
        multiValued: expect.any(Boolean),
        description: expect.stringMatching(/\S/),
        required: expect.any(Boolean),
        mutability: expect.stringMatching(/^(readOnly|readWrite|immutable|writeOnly)$/),
        returned: expect.stringMatching(/^(always|never|default|request)$/),
        uniqueness: expect.stringMatching(/^(none|server|global)$/),
      });
      if (attribute.type === 'string') expect(attribute.caseExact).toEqual(expect.any(Boolean));
      expect(attribute.subAttributes !== undefined).toBe(attribute.type === 'complex');
      if (attribute.type === 'reference') expect(attribute.referenceTypes.length).toBeGreaterThan(0);
      expect(Object.values(attribute)).not.toContain(null);
    }
  });

  test('R-042: names are letters, digits, hyphens and underscores, or $ref', () => {
    for (const { name } of all()) expect(name).toMatch(/^([A-Za-z][A-Za-z0-9_-]*|\$ref)$/);
  });

  test('R-045: the types of typed attributes have their canonical values', () => {
    const user = schemas.find(({ id }) => id === core);
    for (const name of ['emails', 'phoneNumbers', 'ims', 'photos', 'addresses', 'groups']) {
      const { subAttributes } = user.attributes.find((attribute: Body) => attribute.name === name);
      expect(subAttributes.find((part: Body) => part.name === 'type').canonicalValues.length).toBeGreaterThan(1);
    }
  });

  test('R-051: what discovery answers has a version, and 304 for who has it', async () => {
    for (const path of [
      '/ServiceProviderConfig',
      '/ResourceTypes',
      '/Schemas',
      '/ResourceTypes/User',
      `/Schemas/${core}`,
    ]) {
      const etag = (await client.get(path)).headers.get('etag') ?? '';
      expect(etag).toMatch(/^W\/"[\w-]+"$/);
      const known = await client.get(path, { 'If-None-Match': `"other", ${etag}` });
      expect([known.status, known.body, known.headers.get('etag')]).toEqual([304, '', etag]);
      expect((await client.get(path, { 'If-None-Match': '"other"' })).status).toBe(200);
    }
  });

  const writing = ['POST', 'PUT', 'PATCH', 'DELETE'].flatMap((method) =>
    ['/ServiceProviderConfig', '/ResourceTypes', '/Schemas', '/ResourceTypes/User'].map((path) => [method, path]),
  );
  test.each(writing)('R-052: %s %s is 405', async (method = '', path = '') => {
    const answer = await scim.muster.send(client.token, method, path, method === 'DELETE' ? undefined : {});
    expectError(answer, 405);
    expect(answer.headers.get('allow')).toContain('GET');
  });
});
