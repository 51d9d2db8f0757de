import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { groupType, userType } from '#attributes/resource-type.ts';
import { spoken } from '#dialects/metabase/spoken.ts';
import { createConnection } from '#operations/create-connection.ts';
import { deleteResource } from '#operations/delete-resource.ts';
import { getConnection } from '#operations/get-connection.ts';
import { updateConnection } from '#operations/update-connection.ts';
import { type Client, clientFor, type Metabase, makeGroup, makeSomebody, startMetabase } from './cast.ts';
import { type Keys, keysOf } from './keys.ts';

let metabase: Metabase;
let crowberto: Client;
let rasta: Client;
let keys: Keys;
beforeAll(async () => {
  metabase = await startMetabase();
  crowberto = metabase.as('crowberto');
  rasta = metabase.as('rasta');
  keys = keysOf(metabase);
});
afterAll(() => metabase.stop());

const moment = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
const keyed = (token: string) => metabase.with({ 'X-API-Key': token });
const unauthenticated = { status: 401, body: 'Unauthenticated' };
const forbidden = { status: 403, body: "You don't have permissions to do that." };
const missing = { status: 404, body: 'Not found.' };
const nameTaken = { status: 400, body: { errors: { name: 'An API key with this name already exists.' } } };

test('case 151: the keys are counted', async () => {
  const count = async () => (await crowberto.get('/api/api-key/count')).body;
  expect(await count()).toBe(0);
  const { id } = await keys.make();
  expect(await count()).toBe(1);
  await keys.make();
  expect(await count()).toBe(2);
  await crowberto.delete(`/api/api-key/${id}`);
  expect(await count()).toBe(1);
});

describe('making keys', () => {
  test('case 146: a key is shown once, and later by how it begins', async () => {
    const { number, name } = await makeGroup(metabase, [], [], 'Cool Friends');
    const { status, headers, body } = await crowberto.post('/api/api-key', { group_id: number, name: 'First' });
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('application/json;charset=utf-8');
    const key = {
      ...{ id: expect.any(Number), name: 'First', group: { id: number, name } },
      masked_key: `${body.unmasked_key.slice(0, 7)}${'*'.repeat(40)}`,
      ...{ created_at: moment, updated_at: moment },
      updated_by: { id: metabase.cast.crowberto.number, common_name: 'Crowberto Corv' },
    };
    expect(body).toEqual({ ...key, unmasked_key: expect.stringMatching(/^mb_[A-Za-z0-9+/]{43}=$/) });
    expect((await crowberto.get('/api/api-key')).body).toContainEqual({ ...key, id: body.id });
  });

  test('case 147: no two keys have one name', async () => {
    const { name } = await keys.make();
    const other = await keys.make();
    expect(await crowberto.post('/api/api-key', { group_id: 1, name })).toMatchObject(nameTaken);
    expect(await crowberto.put(`/api/api-key/${other.id}`, { name })).toMatchObject(nameTaken);
  });

  test('case 148: a key has a group', async () => {
    const { status, body } = await crowberto.post('/api/api-key', { group_id: null, name: 'Of nothing' });
    expect(status).toBe(400);
    expect(body).toEqual({
      errors: { group_id: 'value must be an integer greater than zero.' },
      'specific-errors': { group_id: ['value must be an integer greater than zero., received: nil'] },
    });
    expect(await crowberto.post('/api/api-key', { group_id: 10_000, name: 'Of nobody' })).toMatchObject(missing);
  });

  test('case 149: the group may be All Users', async () => {
    expect(await keys.make(1)).toMatchObject({ group: { id: 1, name: 'All Users' } });
    expect(await keys.make(2)).toMatchObject({ group: { id: 2, name: 'Administrators' } });
  });

  test('case 150: a key has a name', async () => {
    const errors = { name: 'value must be a non-blank string.' };
    const named = async (name: string) => (await crowberto.post('/api/api-key', { group_id: 1, name })).body;
    const empty = ['should be at least 1 characters, received: ""', 'non-blank string, received: ""'];
    expect(await named('')).toEqual({ errors, 'specific-errors': { name: empty } });
    expect(await named('   ')).toEqual({ errors, 'specific-errors': { name: ['non-blank string, received: "   "'] } });
    expect(await named('x'.repeat(101))).toEqual({ errors: { name: expect.any(String) } });
  });
});

describe('using keys', () => {
  test('case 152: a key works until it is deleted', async () => {
    const { id, name, unmasked_key: token } = await keys.make();
    const { status, body } = await keyed(token).get('/api/user/current');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      email: expect.stringMatching(/^api-key-user-[0-9a-f-]{36}@api-key\.invalid$/),
      ...{ first_name: name, last_name: '', common_name: name, is_superuser: false, group_ids: [1], is_active: true },
    });
    const wrong = `${token.slice(0, -2)}${token.at(-2) === 'A' ? 'E' : 'A'}=`;
    expect(await keyed('mb_not_an_api_key').get('/api/user/current')).toMatchObject(unauthenticated);
    expect(await keyed(wrong).get('/api/user/current')).toMatchObject(unauthenticated);
    await crowberto.delete(`/api/api-key/${id}`);
    expect(await keyed(token).get('/api/user/current')).toMatchObject(unauthenticated);
  });

  test('the user that a key is has a number that nobody else has', async () => {
    const { unmasked_key: token } = await keys.make(2);
    const { body } = await keyed(token).get('/api/user/current');
    const made = await crowberto.post('/api/user', { email: 'after-the-key@metabase.com' });
    expect(made.body.id).toBeGreaterThan(body.id);
    expect(await crowberto.get(`/api/user/${body.id}`)).toMatchObject(missing);
    const all = await crowberto.get('/api/user?status=all');
    expect(all.body.data.map(({ id }: { id: number }) => id)).not.toContain(body.id);
  });

  test('a key of Administrators may do what a superuser may, and make keys that may no more', async () => {
    const { name, unmasked_key: token } = await keys.make(2);
    const client = keyed(token);
    const { body: self } = await client.get('/api/user/current');
    expect(self).toMatchObject({ is_superuser: true, group_ids: [1, 2] });
    expect(await client.get('/api/user')).toMatchObject({ status: 200 });
    const made = await client.post('/api/api-key', { group_id: 2, name: 'Made by a key' });
    expect(made).toMatchObject({ status: 200, body: { updated_by: { id: self.id, common_name: name } } });
    expect(await keyed(made.body.unmasked_key).get('/api/permissions/group')).toMatchObject({ status: 200 });
  });

  test('a key of any other group sees what an ordinary user sees', async () => {
    const { number } = await makeGroup(metabase, []);
    const client = keyed((await keys.make(number)).unmasked_key);
    expect((await client.get('/api/user/current')).body).toMatchObject({ group_ids: [1, number], is_superuser: false });
    expect((await client.get('/api/user/recipients')).body.data[0]).not.toHaveProperty('is_superuser');
    for (const path of ['user', 'user/1', 'permissions/group', 'permissions/membership', 'api-key', 'api-key/count']) {
      expect(await client.get(`/api/${path}`), path).toMatchObject(forbidden);
    }
    expect(await client.post('/api/api-key', { group_id: 1, name: 'No' })).toMatchObject(forbidden);
    expect(await client.post('/api/user', { email: 'no@metabase.com' })).toMatchObject(forbidden);
  });

  test('keys are for superusers', async () => {
    const { id } = await keys.make();
    const path = `/api/api-key/${id}`;
    for (const asked of ['/api/api-key', '/api/api-key/count']) expect(await rasta.get(asked)).toMatchObject(forbidden);
    expect(await rasta.post('/api/api-key', { group_id: 1, name: 'Mine' })).toMatchObject(forbidden);
    expect(await rasta.put(path, { name: 'Mine' })).toMatchObject(forbidden);
    expect(await rasta.put(`${path}/regenerate`)).toMatchObject(forbidden);
    expect(await rasta.delete(path)).toMatchObject(forbidden);
    expect(await metabase.with().get('/api/api-key')).toMatchObject(unauthenticated);
  });

  test('nobody renames, moves or renews a key that may do more than he', async () => {
    const { muster, admin } = metabase;
    const { id, name } = await keys.make(2);
    await updateConnection(admin, muster.db, name, { rights: ['read', 'operator'] }, [spoken]);
    expect(await crowberto.put(`/api/api-key/${id}`, { name: `${name} of mine` })).toMatchObject(forbidden);
    expect(await crowberto.put(`/api/api-key/${id}/regenerate`)).toMatchObject(forbidden);
    expect(await crowberto.put(`/api/api-key/${id}`, { group_id: 1 })).toMatchObject({ status: 200 });
    expect((await getConnection(admin, muster.db, name)).rights).toEqual([]);
  });
});

describe('changing keys', () => {
  test('case 153: another group is the group of the user that the key is', async () => {
    const { number, name } = await makeGroup(metabase, []);
    const { id, unmasked_key: token } = await keys.make(2);
    const { status, body } = await crowberto.put(`/api/api-key/${id}`, { group_id: number });
    expect({ status, group: body.group }).toEqual({ status: 200, group: { id: number, name } });
    const client = keyed(token);
    expect((await client.get('/api/user/current')).body.group_ids).toEqual([1, number]);
    expect(await client.get('/api/user')).toMatchObject(forbidden);
    await crowberto.put(`/api/api-key/${id}`, { group_id: 2 });
    expect(await client.get('/api/user')).toMatchObject({ status: 200 });
    expect(await crowberto.put(`/api/api-key/${id}`, { group_id: 10_000 })).toMatchObject(missing);
  });

  test('case 154: another name is the name of the user that the key is', async () => {
    const { id, unmasked_key: token } = await keys.make();
    const { body } = await crowberto.put(`/api/api-key/${id}`, { name: 'Renamed key' });
    const fields = ['created_at', 'group', 'id', 'masked_key', 'name', 'updated_at', 'updated_by'];
    expect(Object.keys(body).sort()).toEqual(fields);
    expect(body).toMatchObject({ id, name: 'Renamed key', group: { id: 1 } });
    expect((await keyed(token).get('/api/user/current')).body.common_name).toBe('Renamed key');
    expect(await crowberto.put('/api/api-key/13371337', { name: 'Nothing' })).toMatchObject(missing);
  });

  test('case 155: a key that is made anew ends the old one', async () => {
    const { id, unmasked_key: old } = await keys.make();
    const { status, body } = await crowberto.put(`/api/api-key/${id}/regenerate`);
    expect(status).toBe(200);
    const fields = ['created_at', 'group', 'id', 'masked_key', 'name', 'unmasked_key', 'updated_at', 'updated_by'];
    expect(Object.keys(body).sort()).toEqual(fields);
    expect(body.masked_key.slice(0, 7)).toBe(body.unmasked_key.slice(0, 7));
    expect(await keyed(old).get('/api/user/current')).toMatchObject(unauthenticated);
    expect(await keyed(body.unmasked_key).get('/api/user/current')).toMatchObject({ status: 200 });
    expect(await crowberto.put('/api/api-key/13371337/regenerate')).toMatchObject(missing);
  });

  test('case 156: keys are listed in the order in which they were made, without the keys themselves', async () => {
    const { number } = await makeGroup(metabase, []);
    const made = [await keys.make(number), await keys.make()];
    const { body } = await crowberto.get('/api/api-key');
    const ids = body.map(({ id }: { id: number }) => id);
    expect(ids).toEqual([...ids].sort((one, other) => one - other));
    expect(ids.slice(-2)).toEqual(made.map(({ id }) => id));
    expect(JSON.stringify(body)).not.toContain('unmasked_key');
    for (const { unmasked_key } of made) expect(JSON.stringify(body)).not.toContain(unmasked_key);
  });

  test('case 157: a key is deleted once', async () => {
    const { id } = await keys.make();
    expect(await crowberto.delete(`/api/api-key/${id}`)).toMatchObject({ status: 204, body: '' });
    expect(await crowberto.delete(`/api/api-key/${id}`)).toMatchObject(missing);
    expect(await crowberto.put(`/api/api-key/${id}`, { name: 'Again' })).toMatchObject(missing);
    const { body } = await crowberto.get('/api/api-key');
    expect(body.map((key: { id: number }) => key.id)).not.toContain(id);
  });

  test('a key of a group that is gone is one of All Users', async () => {
    const { id: group, number } = await makeGroup(metabase, []);
    const { id, unmasked_key: token } = await keys.make(number);
    await deleteResource(metabase.admin, metabase.muster.db, groupType, group);
    const { body } = await crowberto.get('/api/api-key');
    expect(body).toContainEqual(expect.objectContaining({ id, group: { id: 1, name: 'All Users' } }));
    expect((await keyed(token).get('/api/user/current')).body.group_ids).toEqual([1]);
  });

  test('case 158: what is done to keys is in the journal, and no key is', async () => {
    const { number, id: group } = await makeGroup(metabase, []);
    const before = (await keys.told()).length;
    const { id, name, unmasked_key: first } = await keys.make(number);
    await crowberto.put(`/api/api-key/${id}`, { name: `${name} again`, group_id: 2 });
    await crowberto.put(`/api/api-key/${id}`, { name: `${name} again` });
    const { body } = await crowberto.put(`/api/api-key/${id}/regenerate`);
    await crowberto.delete(`/api/api-key/${id}`);
    const rows = (await keys.told()).slice(before);
    expect(rows.map(({ action }) => action)).toEqual(['created', 'updated', 'updated', 'deleted']);
    expect(new Set(rows.map(({ resource }) => resource)).size).toBe(1);
    expect(rows.map(({ person }) => person)).toEqual(rows.map(() => metabase.cast.crowberto.id));
    expect(rows[0]?.changes).toEqual(
      expect.arrayContaining([
        { path: 'name', to: name },
        { path: 'group', to: group },
        { path: 'tokens', to: [first.slice(0, 7)] },
      ]),
    );
    expect(rows[1]?.changes).toEqual([
      { path: 'name', from: name, to: `${name} again` },
      { path: 'rights', from: [], to: spoken.usualRights },
      { path: 'group', from: group, to: 'superusers' },
    ]);
    const tokens = { path: 'tokens', from: [first.slice(0, 7)], to: [body.unmasked_key.slice(0, 7)] };
    expect(rows[2]?.changes).toEqual([tokens]);
    expect(JSON.stringify(rows)).not.toContain(first.slice(0, 12));
  });
});

describe('keys are connections', () => {
  test('a key is shown as a connection of Metabase that lives as long as a token can', async () => {
    const { muster, admin } = metabase;
    const { name } = await keys.make(2);
    const shown = await getConnection(admin, muster.db, name);
    expect(shown).toMatchObject({ dialect: 'metabase', tokenForm: 'mb', rights: spoken.usualRights, guard: 'hold' });
    const days = (Date.parse(shown.tokens[0]?.expiresAt ?? '') - Date.now()) / 86_400_000;
    expect(Math.round(days)).toBe(3_650);
  });

  test('a connection that was made elsewhere is no key, and is Metabase itself to its clients', async () => {
    const { muster, admin } = metabase;
    const wish = { name: 'made elsewhere', spoken, tokenLifetimeDays: 1 };
    const { token } = await createConnection(admin, muster.db, wish);
    const client = keyed(token);
    expect((await client.get('/api/user/current')).body).toMatchObject({
      ...{ id: 13_371_338, common_name: 'made elsewhere', is_superuser: true, group_ids: [1, 2] },
    });
    const { body } = await client.post('/api/api-key', { group_id: 1, name: 'made by it' });
    expect(body.updated_by).toEqual({ id: 13_371_338, common_name: 'made elsewhere' });
    const listed = (await client.get('/api/api-key')).body.map((key: { name: string }) => key.name);
    expect(listed).toContain('made by it');
    expect(listed).not.toContain('made elsewhere');
    expect(await client.post('/api/api-key', { group_id: 1, name: 'made elsewhere' })).toMatchObject(nameTaken);
  });

  test('who changed a key last and was deleted is known by his number', async () => {
    const { muster, admin } = metabase;
    const writer = await makeSomebody(metabase, { muster: { superuser: true } });
    const { id } = await keys.make();
    await (await clientFor(metabase, writer)).put(`/api/api-key/${id}`, { name: 'Left behind' });
    await deleteResource(admin, muster.db, userType, writer.id);
    const { body } = await crowberto.get('/api/api-key');
    const key = body.find((each: { id: number }) => each.id === id);
    expect(key.updated_by).toEqual({ id: writer.number, common_name: null });
  });
});
