import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commandCaller } from '#commands/command-caller.ts';
import { createTenant } from '#operations/create-tenant.ts';
import type { Answer } from '#test/support/muster.ts';
import { withClient } from '#test/support/with-client.ts';
import { type Client, expectError, newName, nobody, type Scim, startScim } from '../dialects/scim/scim-client.ts';
import { core, enterprise, muster } from '../dialects/scim/urns.ts';

let scim: Scim;
let client: Client;

beforeAll(async () => {
  scim = await startScim();
  client = scim.lenient;
});
afterAll(() => scim.stop());

const query = (text: string, values: readonly unknown[] = []) =>
  withClient(scim.muster.database.connection, async (db) => (await db.query(text, [...values])).rows);
const columnsOf = async (id: string) => (await query('select * from app_user where id = $1', [id]))[0];
const bodyOf = (attributes: Record<string, unknown>) => ({ schemas: [core], userName: newName(), ...attributes });

describe('S-01, V-0a: an externalId is a label', () => {
  test('whatever it says, everybody else is who he was', async () => {
    const victim = await client.makeUser({ externalId: 'victim' });
    const columns = await columnsOf(victim.id);
    const labels = [
      '1',
      '0',
      '-1',
      1,
      0,
      String(columns.number),
      columns.number,
      columns.object_id,
      victim.id,
      'victim',
    ];
    for (const externalId of labels) {
      const sent = bodyOf({ externalId });
      const { status, body } = await client.post('/Users', sent);
      expect([status, body.externalId], String(externalId)).toEqual([201, String(externalId)]);
      expect(body.id).not.toBe(victim.id);
      const own = await columnsOf(body.id);
      expect([own.number, own.object_id]).not.toEqual([columns.number, columns.object_id]);
      expect((await client.put(`/Users/${body.id}`, { ...sent, title: 'x' })).body.id).toBe(body.id);
      const relabel = [{ op: 'replace', path: 'externalId', value: externalId }];
      expect((await client.patch(`/Users/${body.id}`, relabel)).body.id).toBe(body.id);
    }
    expect((await client.get(`/Users/${victim.id}`)).body).toEqual(victim);
    expect(await columnsOf(victim.id)).toEqual(columns);
  });

  test('it is no id: nothing is found under it', async () => {
    await client.makeUser({ externalId: 'label-1' });
    const { number, object_id } = (await query('select number, object_id from app_user limit 1'))[0];
    for (const id of ['label-1', number, object_id, '1']) expectError(await client.get(`/Users/${id}`), 404);
  });

  test.each<[string, unknown]>([
    ['of a million characters', 'x'.repeat(1_000_000)],
    ['of 513 characters', 'x'.repeat(513)],
    ['that is a list', ['a', 'b']],
    ['that is an object', { value: 'x' }],
    ['that is a flag', true],
    ['with NUL', 'a\0b'],
  ])('one %s is refused', async (_what, externalId) => {
    expect((await client.post('/Users', bodyOf({ externalId }))).status).toBeGreaterThanOrEqual(400);
    const { id } = await client.makeUser();
    const answer = await client.patch(`/Users/${id}`, [{ op: 'add', path: 'externalId', value: externalId }]);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect((await client.get(`/Users/${id}`)).body).not.toHaveProperty('externalId');
  });

  test('one of 512 characters is kept', async () => {
    const externalId = '😀'.repeat(512);
    expect((await client.makeUser({ externalId })).externalId).toBe(externalId);
  });
});

describe('S-02: nobody takes the name of another', () => {
  test('PUT and PATCH to the userName of another are 409, in any spelling', async () => {
    const victim = await client.makeUser({ userName: 'Admin@example.org' });
    const { id } = await client.makeUser();
    for (const userName of ['admin@example.org', 'ＡＤＭＩＮ@example.org', 'ADMIN@EXAMPLE.ORG']) {
      expectError(await client.put(`/Users/${id}`, bodyOf({ userName })), 409, 'uniqueness');
      expectError(
        await client.patch(`/Users/${id}`, [{ op: 'replace', path: 'userName', value: userName }]),
        409,
        'uniqueness',
      );
    }
    expect((await client.get(`/Users/${victim.id}`)).body).toEqual(victim);
  });

  test('the object id by which somebody without a userName is known cannot be taken either', async () => {
    const victim = await client.makeUser();
    const { object_id } = await columnsOf(victim.id);
    await query(
      `update app_user set user_name_key = object_id, document = replace(document, '"userName":"' || $2 || '",', '') where id = $1`,
      [victim.id, victim.userName],
    );
    expect((await client.get(`/Users/${victim.id}`)).body.userName).toBe(object_id);
    expectError(await client.post('/Users', bodyOf({ userName: object_id.toUpperCase() })), 409, 'uniqueness');
  });

  test('another tenant’s people cannot be reached, and their names are not taken here', async () => {
    await createTenant(commandCaller(), scim.muster.db, 'acme');
    const theirs = await (await scim.connect({ tenant: 'acme' })).makeUser();
    const { id } = await client.makeUser();
    const sent = [{ op: 'replace', path: 'userName', value: theirs.userName }];
    expect((await client.patch(`/Users/${id}`, sent)).status).toBe(200);
    expectError(await client.patch(`/Users/${theirs.id}`, sent), 404);
  });

  test('the e-mail of another may be written, and moves nothing of his', async () => {
    const victim = await client.makeUser({ emails: [{ value: 'v@example.org', primary: true }] });
    const { id } = await client.makeUser();
    const sent = [{ op: 'add', path: 'emails', value: [{ value: 'v@example.org', primary: true }] }];
    expect((await client.patch(`/Users/${id}`, sent)).status).toBe(200);
    expect((await client.get(`/Users/${victim.id}`)).body).toEqual(victim);
  });
});

describe('V-1: the id of the path decides', () => {
  test('POST, PUT and PATCH with another id in the body change only the resource of the path', async () => {
    const other = await client.makeUser();
    const mine = await client.makeUser();
    await client.put(`/Users/${mine.id}`, { ...bodyOf({ title: 'x' }), id: other.id });
    await client.patch(`/Users/${mine.id}`, [{ op: 'replace', value: { id: other.id, title: 'y' } }]);
    await client.post('/Users', bodyOf({ id: other.id, title: 'z' }));
    expectError(
      await client.patch(`/Users/${mine.id}`, [{ op: 'replace', path: 'id', value: other.id }]),
      400,
      'mutability',
    );
    expect((await client.get(`/Users/${other.id}`)).body).toEqual(other);
    expect((await client.get(`/Users/${mine.id}`)).body).toMatchObject({ id: mine.id, title: 'y' });
  });
});

describe('S-11: nothing reaches what is not an attribute', () => {
  const internal = {
    isAdmin: true,
    is_superuser: true,
    tenant: 99,
    tenantId: 99,
    tenant_id: 99,
    number: 1,
    object_id: 'a'.repeat(24),
    objectId: 'a'.repeat(24),
    version: 77,
    created_at: '2001-01-01',
    user_name_key: 'x',
    document: '{}',
    has_references: true,
    label: 'x',
    rights: ['admin'],
    'urn:ietf:params:scim:schemas:extension:muster:2.0:Admin': { superuser: true },
    'urn:x:2.0:User': { superuser: true },
  };

  test('in the body of a POST or PUT it is ignored', async () => {
    const { status, body } = await client.post('/Users', bodyOf(internal));
    expect([status, Object.keys(body).sort()]).toEqual([201, ['active', 'id', 'meta', 'schemas', 'userName']]);
    const before = await columnsOf(body.id);
    expect((await client.put(`/Users/${body.id}`, { ...body, ...internal })).body).toEqual(body);
    expect(await columnsOf(body.id)).toEqual(before);
    expect([before.version, before.label]).toEqual(['1', body.userName]);
  });

  test('in a PATCH it is ignored under lenient and refused under rfc', async () => {
    const made = await client.makeUser();
    const before = await columnsOf(made.id);
    for (const [path, value] of Object.entries(internal)) {
      expect((await client.patch(`/Users/${made.id}`, [{ op: 'replace', path, value }])).status, path).toBeLessThan(
        401,
      );
      expectError(await scim.rfc.patch(`/Users/${made.id}`, [{ op: 'replace', path, value }]), 400, 'invalidPath');
    }
    expect(await columnsOf(made.id)).toEqual(before);
  });

  test('the flag superuser is written only by who has the right, in every way of writing it', async () => {
    const flag = { [muster]: { superuser: true } };
    expectError(await client.post('/Users', bodyOf(flag)), 403);
    const { id, ...made } = await client.makeUser();
    const writes = [
      () => client.put(`/Users/${id}`, { ...bodyOf({}), ...flag }),
      () => client.patch(`/Users/${id}`, [{ op: 'add', path: `${muster}:superuser`, value: true }]),
      () => client.patch(`/Users/${id}`, [{ op: 'replace', path: 'superuser', value: true }]),
      () => client.patch(`/Users/${id}`, [{ op: 'add', value: flag }]),
      () => client.patch(`/Users/${id}`, [{ op: 'replace', path: muster, value: { superuser: true } }]),
    ];
    for (const write of writes) expectError(await write(), 403);
    expect((await client.get(`/Users/${id}`)).body).toEqual({ id, ...made });
    const chief = await scim.connect({ rights: ['read', 'write', 'superuser'] });
    expect((await chief.patch(`/Users/${id}`, [{ op: 'add', value: flag }])).status).toBe(200);
    const takes = [
      () => client.delete(`/Users/${id}`),
      () => client.put(`/Users/${id}`, bodyOf({})),
      () => client.patch(`/Users/${id}`, [{ op: 'remove', path: muster }]),
      () => client.patch(`/Users/${id}`, [{ op: 'remove', path: 'schemas', value: [muster] }]),
    ];
    for (const take of takes) expectError(await take(), 403);
    expect((await client.get(`/Users/${id}`)).body[muster]).toEqual({ superuser: true });
  });
});

describe('R-093, V-5: what is immutable or read-only, in every way of writing it', () => {
  const forms = (path: string, value: unknown) => [
    ...['add', 'replace', 'remove'].map((op) => ({ op, path, value })),
    { op: 'remove', path },
    { op: 'add', value: { [path]: value } },
    { op: 'replace', value: { [path]: value } },
  ];
  const rows: readonly (readonly [string, string, unknown])[] = [
    ['an immutable attribute', `${muster}:role`, 'boss'],
    ['an immutable attribute by its bare name', 'role', 'boss'],
    ['a read-only attribute', `${muster}:failedLoginAttempts`, 0],
    ['a read-only time', `${muster}:lockedUntil`, '2001-01-01T00:00:00Z'],
    ['the id', 'id', nobody],
    ['the id by its URN', `${core}:id`, nobody],
    ['meta', 'meta', { version: 'W/"9"' }],
    ['a part of meta', 'meta.created', '2001-01-01T00:00:00Z'],
    ['groups', 'groups', [{ value: nobody }]],
    ['a part of groups', 'groups[value eq "x"].display', 'x'],
    ['a name that the server fills in', `${enterprise}:manager.displayName`, 'x'],
  ];
  test.each(rows)('%s: 400 mutability, or left out, and the same afterwards', async (_what, path, value) => {
    const made = await client.makeUser({ [muster]: { role: 'worker' } });
    for (const operation of forms(path, value)) {
      const strict = await scim.rfc.patch(`/Users/${made.id}`, [operation]);
      expect([strict.status, strict.body.scimType], JSON.stringify(operation)).toEqual([
        400,
        path === 'role' ? 'invalidPath' : 'mutability',
      ]);
      const answer: Answer = await client.patch(`/Users/${made.id}`, [operation]);
      if (answer.status !== 200) expectError(answer, 400, 'mutability');
      expect((await client.get(`/Users/${made.id}`)).body, JSON.stringify(operation)).toEqual(made);
    }
  });
});
