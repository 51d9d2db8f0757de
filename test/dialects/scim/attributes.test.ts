import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Client, coreGroup, expectError, newName, orgUnit, type Scim, startScim } from './scim-client.ts';
import { core, enterprise, muster } from './urns.ts';

let scim: Scim;
let client: Client;
let rfc: Client;

beforeAll(async () => {
  scim = await startScim();
  ({ lenient: client, rfc } = scim);
});
afterAll(() => scim.stop());

const bodyOf = (attributes: Record<string, unknown>) => ({ schemas: [core], userName: newName(), ...attributes });

describe('what every resource has', () => {
  test('R-060, R-061: schemas names the base schema and the extensions in use, each once, whatever the client sent', async () => {
    const plain = await client.makeUser();
    expect(plain.schemas).toEqual([core]);
    const sent = [enterprise, muster, core, core];
    const { body } = await client.post('/Users', bodyOf({ schemas: sent, [enterprise]: { department: 'x' } }));
    expect(body.schemas).toEqual([core, enterprise]);
    expect((await client.makeGroup()).schemas).toEqual([coreGroup]);
    const listed = await client.get('/Users');
    for (const { schemas } of listed.body.Resources) expect(new Set(schemas).size).toBe(schemas.length);
  });

  test('R-062: ids are unique over all types and never look like a bulkId', async () => {
    const made = [await client.makeUser(), await client.makeUser(), await client.makeGroup(), await client.makeGroup()];
    const ids = made.map(({ id }) => id);
    expect(new Set(ids).size).toBe(4);
    for (const id of ids) {
      expect(id).toMatch(/^[0-9a-f-]{36}$/);
      expect(id).not.toContain('bulkId');
    }
  });

  test('R-063: the id and the meta of a client are ignored', async () => {
    const other = await client.makeUser();
    const meta = { resourceType: 'Group', created: '2001-01-01T00:00:00Z', version: 'W/"99"', location: 'http://x' };
    const { status, body } = await client.post('/Users', bodyOf({ id: other.id, meta }));
    expect(status).toBe(201);
    expect(body.id).not.toBe(other.id);
    expect(body.meta).toMatchObject({ resourceType: 'User', version: 'W/"1"' });
    expect(body.meta.created).not.toBe(meta.created);
    expect((await client.get(`/Users/${other.id}`)).body).toEqual(other);
  });

  test('R-064: without externalId in the request there is none in the answer', async () => {
    expect(await client.makeUser()).not.toHaveProperty('externalId');
  });

  test('R-065: two connections use one externalId, and each sees only its own', async () => {
    const second = await scim.connect();
    const mine = await client.makeUser({ externalId: 'shared' });
    const theirs = await second.makeUser({ externalId: 'shared' });
    expect((await client.get(`/Users/${theirs.id}`)).body).not.toHaveProperty('externalId');
    const found = await Promise.all([client, second].map((one) => one.find('/Users', 'externalId eq "shared"')));
    expect(found.map(({ body }) => body.Resources.map(({ id }: { id: string }) => id))).toEqual([
      [mine.id],
      [theirs.id],
    ]);
  });

  test('R-066: one connection may use an externalId twice', async () => {
    const [one, other] = [
      await client.makeUser({ externalId: 'twice' }),
      await client.makeUser({ externalId: 'twice' }),
    ];
    expect(one.id).not.toBe(other.id);
    expect((await client.find('/Users', 'externalId eq "twice"')).body.totalResults).toBe(2);
  });

  test('R-067, R-068, R-069, R-070: meta of a fresh resource', async () => {
    const types = [
      ['/Users', 'User', bodyOf({})],
      ['/Groups', 'Group', { schemas: [coreGroup], displayName: newName() }],
      ['/OrgUnits', 'OrgUnit', { schemas: [orgUnit], displayName: newName(), kind: 'SHOP' }],
    ] as const;
    for (const [path, resourceType, sent] of types) {
      const { headers, body } = await client.post(path, sent);
      expect(body.meta).toEqual({
        resourceType,
        created: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        lastModified: body.meta.created,
        location: `${scim.muster.server.url}/scim/v2${path}/${body.id}`,
        version: 'W/"1"',
      });
      expect(headers.get('location')).toBe(body.meta.location);
      expect(headers.get('etag')).toBe(body.meta.version);
    }
  });
});

describe('names of attributes', () => {
  test('R-077, R-088: their order and their case say nothing, and answers use the canonical case', async () => {
    const userName = newName();
    const sent = { EMAILS: [{ VALUE: 'a@example.org', Type: 'work' }], Name: { GIVENNAME: 'Ada' }, UserName: userName };
    const extension = { [enterprise.toUpperCase()]: { DEPARTMENT: 'x' } };
    const { body } = await client.post('/Users', { ...sent, ...extension, SCHEMAS: [core] });
    expect(body).toMatchObject({
      userName,
      name: { givenName: 'Ada' },
      emails: [{ value: 'a@example.org', type: 'work' }],
      [enterprise]: { department: 'x' },
    });
  });

  test.each(['lenient', 'rfc'] as const)('R-087: an unknown attribute is ignored under %s', async (profile) => {
    const odd = { favouriteColour: 'red', name: { nick: 'x', givenName: 'Ada' }, [enterprise]: { shoeSize: 9 } };
    const { status, body } = await scim[profile].post('/Users', bodyOf({ ...odd, 'urn:nobody:knows': { a: 1 } }));
    expect(status).toBe(201);
    expect(body.name).toEqual({ givenName: 'Ada' });
    expect(body.schemas).toEqual([core]);
    expect(JSON.stringify(body)).not.toMatch(/favouriteColour|nick|shoeSize|nobody/);
  });

  test('R-087: what was left out is named in the log, and its value is not', async () => {
    await client.post('/Users', bodyOf({ favouriteColour: 'vermilion' }));
    expect(scim.muster.logged()).toContain('favouriteColour');
    expect(scim.muster.logged()).not.toContain('vermilion');
  });

  test('R-083, R-084: extension data is taken in, and its URN added to schemas', async () => {
    const { body } = await client.post('/Users', bodyOf({ [enterprise]: { department: 'Tooling' } }));
    expect(body).toMatchObject({ schemas: [core, enterprise], [enterprise]: { department: 'Tooling' } });
    expect(body).not.toHaveProperty('department');
  });

  test('R-085: the URN of an extension without its object is accepted', async () => {
    const { status, body } = await client.post('/Users', bodyOf({ schemas: [core, enterprise] }));
    expect([status, body.schemas]).toEqual([201, [core]]);
  });
});

describe('who may write what', () => {
  test('R-092: what is read-only is ignored in POST and PUT', async () => {
    const sent = bodyOf({ groups: [{ value: 'x' }], [muster]: { failedLoginAttempts: 7, supervisor: true } });
    const { status, body } = await client.post('/Users', sent);
    expect(status).toBe(201);
    expect(body).not.toHaveProperty('groups');
    expect(body[muster]).toEqual({ supervisor: true });
    const replaced = await client.put(`/Users/${body.id}`, sent);
    expect([replaced.status, replaced.body[muster]]).toEqual([200, { supervisor: true }]);
  });

  test('R-094: what is immutable can be set when it is empty, and sent again, but not changed by PUT', async () => {
    const made = await client.makeUser();
    const path = `/Users/${made.id}`;
    const withRole = (role: string) => ({ schemas: [core], userName: made.userName, [muster]: { role } });
    expect((await client.put(path, withRole('worker'))).body[muster]).toEqual({ role: 'worker' });
    expect((await client.put(path, withRole('worker'))).body.meta.version).toBe('W/"2"');
    expectError(await client.put(path, withRole('boss')), 400, 'mutability');
    expect((await client.get(path)).body[muster]).toEqual({ role: 'worker' });
  });

  test('R-314: an extension can be removed from a person with something immutable in it, which stays', async () => {
    const operations = [
      { op: 'remove', path: 'schemas', value: [muster] },
      { op: 'remove', path: muster },
    ];
    for (const operation of operations) {
      const { id } = await client.makeUser({ [muster]: { role: 'worker', supervisor: true } });
      const { status, body } = await client.patch(`/Users/${id}`, [operation]);
      expect([status, body[muster]]).toEqual([200, { role: 'worker' }]);
    }
  });

  test('R-095: PATCH can add what is immutable when it is empty, and add the same again', async () => {
    const { id } = await client.makeUser();
    const add = (value: string) => client.patch(`/Users/${id}`, [{ op: 'add', path: `${muster}:role`, value }]);
    expect((await add('worker')).status).toBe(200);
    expect((await add('worker')).body.meta.version).toBe('W/"2"');
    expectError(await add('boss'), 400, 'mutability');
  });

  test('R-096, R-104: a password is accepted and forgotten, and never in an answer or a log', async () => {
    const password = 'Pa55-seeded-d1sclosure';
    const { id } = await client.makeUser({ password });
    await client.put(`/Users/${id}`, bodyOf({ password }));
    await client.patch(`/Users/${id}`, [{ op: 'replace', path: 'password', value: password }]);
    await client.patch(`/Users/${id}`, [{ op: 'replace', value: { password } }]);
    const asked = [`/Users/${id}?attributes=password`, '/Users?attributes=password', `/Users/${id}`, '/Schemas'];
    const answers = await Promise.all(asked.map((path) => client.get(path)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(JSON.stringify(answers.map(({ body }) => body))).not.toContain('"password"');
    expect(JSON.stringify(answers.map(({ body }) => body)) + scim.muster.logged()).not.toContain(password);
  });

  test('R-101: a reference to nobody is left out under lenient and refused under rfc', async () => {
    const unit = await client.post('/OrgUnits', { displayName: newName(), kind: 'SHOP' });
    for (const id of [unit.body.id, 'nobody', '01890000-0000-7000-8000-000000000000']) {
      const user = bodyOf({ [enterprise]: { manager: { value: id } } });
      expect((await client.post('/Users', user)).body).not.toHaveProperty(enterprise);
      expectError(await rfc.post('/Users', bodyOf({ [enterprise]: { manager: { value: id } } })), 400, 'invalidValue');
      const group = () => ({ schemas: [coreGroup], displayName: newName(), members: [{ value: id }] });
      expect((await client.post('/Groups', group())).body).not.toHaveProperty('members');
      expectError(await rfc.post('/Groups', group()), 400, 'invalidValue');
    }
  });

  test.each(['lenient', 'rfc'] as const)(
    'R-102, R-103, R-110: what is required must be there under %s',
    async (profile) => {
      for (const userName of [undefined, null, '', '   ']) {
        expectError(await scim[profile].post('/Users', { schemas: [core], userName }), 400, 'invalidValue');
      }
      const made = await scim[profile].makeUser();
      expectError(await scim[profile].put(`/Users/${made.id}`, { schemas: [core], title: 'x' }), 400, 'invalidValue');
      expectError(
        await scim[profile].put(`/Users/${made.id}`, { schemas: [core], userName: ' ' }),
        400,
        'invalidValue',
      );
      expectError(await scim[profile].post('/Groups', { schemas: [coreGroup] }), 400, 'invalidValue');
      expectError(await scim[profile].post('/OrgUnits', { schemas: [orgUnit], displayName: 'x' }), 400, 'invalidValue');
      expect((await scim[profile].get(`/Users/${made.id}`)).body).toEqual(made);
    },
  );
});
