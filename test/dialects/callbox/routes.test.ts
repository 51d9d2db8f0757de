import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Callbox, openCallbox } from './open-callbox.ts';

const permissions = [
  ...['can_view_monitoring', 'can_view_stats_callcenter', 'can_view_stats_terminals', 'can_view_stats_operators'],
  ...['can_manage_schedules', 'can_view_billing'],
];
const detailKeys = [
  ...['id', 'email', 'first_name', 'last_name', 'full_name', 'is_active', 'is_superuser', 'must_change_password'],
  ...['permissions', 'created_at', 'last_login_at', ...permissions],
];
const listKeys = detailKeys.toSpliced(9, 0, 'failed_login_attempts', 'locked_until');
const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

let callbox: Callbox;

beforeAll(async () => {
  callbox = await openCallbox();
});
afterAll(() => callbox.stop());

const userNamed = async (email: string) => {
  const found = await callbox.muster.send(await scim(), 'GET', `/Users?filter=emails.value eq "${email}"`);
  return found.body.Resources?.[0];
};
let scimToken: Promise<string> | undefined;
const scim = () => {
  scimToken ??= callbox.muster.connect({ rights: ['read', 'write', 'superuser'] });
  return scimToken;
};

describe('POST /users', () => {
  test('makes a person with a temporary password, and answers to the byte', async () => {
    const sent = {
      email: 'Aida@Example.kz',
      first_name: 'Әлия',
      permissions: ['can_view_billing', 'can_view_monitoring'],
    };
    const { status, headers, text, body } = await callbox.ask('POST', '/users', { body: sent });
    expect(status).toBe(201);
    expect(headers.get('content-type')).toBe('application/json');
    const { id, created_at: createdAt } = body.user;
    const password = body.temporary_password;
    expect(createdAt).toMatch(moment);
    expect(password.length).toBeGreaterThanOrEqual(12);
    expect(text).toBe(
      `{"user":{"id":${id},"email":"aida@example.kz","first_name":"Әлия","last_name":null,"full_name":"Әлия",` +
        '"is_active":true,"is_superuser":false,"must_change_password":true,' +
        `"permissions":["can_view_monitoring","can_view_billing"],"created_at":"${createdAt}","last_login_at":null,` +
        '"can_view_monitoring":true,"can_view_stats_callcenter":false,"can_view_stats_terminals":false,' +
        `"can_view_stats_operators":false,"can_manage_schedules":false,"can_view_billing":true},"temporary_password":"${password}"}`,
    );
    expect((await userNamed('aida@example.kz')).name.givenName).toBe('Әлия');
  });

  test('gives who has no name his e-mail address as name, and a superuser every right', async () => {
    const { body } = await callbox.ask('POST', '/users', { body: { email: 'root@example.kz', is_superuser: 'yes' } });
    expect(body.user).toMatchObject({ full_name: 'root@example.kz', is_superuser: true, permissions: [] });
    expect(permissions.map((name) => body.user[name])).toEqual(permissions.map(() => true));
  });

  test('refuses an address that somebody has, whatever its capitals, as e-mail or as name to sign in with', async () => {
    await callbox.hire({ email: 'taken@example.kz' });
    await callbox.muster.send(await scim(), 'POST', '/Users', { schemas: [], userName: 'named@example.kz' });
    for (const email of ['TAKEN@example.kz', 'named@example.kz']) {
      const { status, text } = await callbox.ask('POST', '/users', { body: { email } });
      expect([status, text]).toEqual([400, '{"detail":"Email already registered"}']);
    }
  });

  test('needs the right to make superusers for a superuser, and leaves nothing of who may not be made', async () => {
    const weak = `Bearer ${await callbox.connect(['read', 'write', 'passwords'])}`;
    const body = { email: 'boss@example.kz', is_superuser: true };
    const refused = await callbox.ask('POST', '/users', { body, authorization: weak });
    expect([refused.status, refused.text]).toEqual([403, '{"detail":"Not enough permissions"}']);
    const passwordless = `Bearer ${await callbox.connect(['read', 'write'])}`;
    const other = await callbox.ask('POST', '/users', {
      body: { email: 'boss@example.kz' },
      authorization: passwordless,
    });
    expect(other.status).toBe(403);
    expect(await userNamed('boss@example.kz')).toBeUndefined();
  });
});

describe('GET /users', () => {
  test('lists who is active in the order of the ids, with exactly these keys', async () => {
    await callbox.hire({ email: 'listed@example.kz' });
    const { status, body } = await callbox.ask('GET', '/users');
    expect(status).toBe(200);
    const ids = body.map(({ id }: { id: number }) => id);
    expect(ids.length).toBeGreaterThan(1);
    expect(ids).toEqual(ids.toSorted((one: number, other: number) => one - other));
    for (const item of body) expect(Object.keys(item)).toEqual(listKeys);
    expect(body.at(-1)).toMatchObject({ email: 'listed@example.kz', failed_login_attempts: 0, locked_until: null });
  });

  test('lists who is not active too where include_inactive says so; of several the last counts', async () => {
    const id = await callbox.hire({ email: 'gone@example.kz' });
    await callbox.ask('DELETE', `/users/${id}`);
    const states = async (query: string) =>
      (await callbox.ask('GET', `/users?${query}`)).body
        .filter((each: { id: number }) => each.id === id)
        .map((listed: { is_active: boolean }) => listed.is_active);
    for (const value of ['true', '1', 'YES', 'on', 't', 'Y', 'false&include_inactive=true']) {
      expect(await states(`include_inactive=${value}`)).toEqual([false]);
    }
    for (const value of ['False', '0', 'no', 'OFF', 'f', 'n', 'true&include_inactive=0']) {
      expect(await states(`include_inactive=${value}`)).toEqual([]);
    }
    expect(await states('active=false')).toEqual([]);
  });

  test('streams a long list as one array', async () => {
    await callbox.run(
      `insert into app_user (tenant, id, number, object_id, has_references, label, document, active, user_name_key)
       select 1, gen_random_uuid(), 5000000 + n, 'many' || n, false, '', '{}', true, 'many' || n
       from generate_series(1, 1201) n`,
    );
    const { status, body } = await callbox.ask('GET', '/users');
    expect(status).toBe(200);
    expect(body.length).toBeGreaterThan(1_201);
    expect(new Set(body.map(({ id }: { id: number }) => id)).size).toBe(body.length);
    expect(body.at(-1)).toMatchObject({ email: null, full_name: null });
    await callbox.run(`delete from app_user where number > 5000000`);
  });
});

describe('GET /users/{user_id}', () => {
  test('shows a person with exactly these keys, also one who is not active', async () => {
    const id = await callbox.hire({ email: 'shown@example.kz', last_name: ' Omarova ' });
    await callbox.ask('DELETE', `/users/${id}`);
    for (const text of [id, `+${id}`, `%20${id}.0`]) {
      const { status, body } = await callbox.ask('GET', `/users/${text}`);
      expect(status).toBe(200);
      expect(Object.keys(body)).toEqual(detailKeys);
      expect(body).toMatchObject({ id, full_name: 'Omarova', is_active: false });
    }
  });

  test('finds a person by the id that was brought along', async () => {
    const id = await callbox.hire({ email: 'brought@example.kz' });
    await callbox.run(
      `insert into brought_id (tenant, dialect, kind, key, resource)
       select 1, 'callbox', 'User', '900001', id from app_user where number = ${id}`,
    );
    expect((await callbox.ask('GET', '/users/900001')).body).toMatchObject({
      id: 900_001,
      email: 'brought@example.kz',
    });
    expect((await callbox.ask('GET', `/users/${id}`)).status).toBe(404);
  });
});

describe('PATCH /users/{user_id}', () => {
  test('changes what is sent and nothing else; null clears a name and leaves the rest', async () => {
    const id = await callbox.hire({ email: 'patched@example.kz', first_name: 'Aida', last_name: 'Omarova' });
    const patch = (body: object) => callbox.ask('PATCH', `/users/${id}`, { body });
    expect((await patch({ permissions: ['can_manage_schedules'], unknown: 1 })).body).toMatchObject({
      ...{ first_name: 'Aida', permissions: ['can_manage_schedules'], can_manage_schedules: true },
    });
    const nulls = { email: null, is_active: null, is_superuser: null, permissions: null, last_name: null };
    const { status, body } = await patch(nulls);
    expect(status).toBe(200);
    expect(Object.keys(body)).toEqual(detailKeys);
    expect(body).toMatchObject({
      ...{ email: 'patched@example.kz', first_name: 'Aida', last_name: null, full_name: 'Aida', is_active: true },
      ...{ permissions: ['can_manage_schedules'] },
    });
    expect((await patch({})).body).toEqual(body);
    expect((await patch({ permissions: [] })).body).toMatchObject({ permissions: [], can_manage_schedules: false });
  });

  test('changes the address in lower case, refuses that of another and takes the own one', async () => {
    await callbox.hire({ email: 'other@example.kz' });
    const id = await callbox.hire({ email: 'before@example.kz' });
    const patch = (email: string) => callbox.ask('PATCH', `/users/${id}`, { body: { email } });
    expect((await patch('After@example.kz')).body.email).toBe('after@example.kz');
    expect((await userNamed('after@example.kz')).userName).toBe('after@example.kz');
    expect((await patch('AFTER@example.kz')).status).toBe(200);
    const { status, text } = await patch('Other@Example.kz');
    expect([status, text]).toEqual([400, '{"detail":"Email already registered"}']);
  });

  test('brings somebody back and makes him a superuser, where the caller may', async () => {
    const id = await callbox.hire({ email: 'back@example.kz' });
    await callbox.ask('DELETE', `/users/${id}`);
    const back = await callbox.ask('PATCH', `/users/${id}`, { body: { is_active: true, is_superuser: 1 } });
    expect(back.body).toMatchObject({ is_active: true, is_superuser: true, can_view_billing: true, permissions: [] });
    const authorization = `Bearer ${await callbox.connect(['read', 'write'])}`;
    const refused = await callbox.ask('PATCH', `/users/${id}`, { body: { is_superuser: false }, authorization });
    expect([refused.status, refused.text]).toEqual([403, '{"detail":"Not enough permissions"}']);
  });

  test('loses no change of two that come at once', async () => {
    const id = await callbox.hire({ email: 'twice@example.kz' });
    await Promise.all([
      callbox.ask('PATCH', `/users/${id}`, { body: { first_name: 'Aida' } }),
      callbox.ask('PATCH', `/users/${id}`, { body: { permissions: ['can_view_billing'] } }),
    ]);
    const { body } = await callbox.ask('GET', `/users/${id}`);
    expect(body).toMatchObject({ first_name: 'Aida', permissions: ['can_view_billing'] });
  });
});

test('DELETE deactivates, says so, and says so again', async () => {
  const id = await callbox.hire({ email: 'deleted@example.kz' });
  for (let times = 0; times < 2; times += 1) {
    const { status, text } = await callbox.ask('DELETE', `/users/${id}`);
    expect([status, text]).toEqual([200, '{"message":"Staff user deleted successfully"}']);
  }
  expect((await callbox.ask('GET', `/users/${id}`)).body.is_active).toBe(false);
});

test('reset-password gives a new temporary password and unlocks', async () => {
  const id = await callbox.hire({ email: 'reset@example.kz' });
  await callbox.run(
    `update app_user set failed_login_attempts = 7, locked_until = now() + interval '1 hour' where number = ${id}`,
  );
  const { status, body } = await callbox.ask('POST', `/users/${id}/reset-password`);
  expect(status).toBe(200);
  expect(Object.keys(body)).toEqual(['user', 'temporary_password']);
  expect(Object.keys(body.user)).toEqual(detailKeys);
  expect(body.user.must_change_password).toBe(true);
  expect(body.temporary_password.length).toBeGreaterThanOrEqual(12);
  const { body: list } = await callbox.ask('GET', '/users');
  const listed = list.find((each: { id: number }) => each.id === id);
  expect(listed).toMatchObject({ failed_login_attempts: 0, locked_until: null });
});

test('unlock lets somebody try again, and whoever was not locked too', async () => {
  const id = await callbox.hire({ email: 'locked@example.kz' });
  const listed = async () => (await callbox.ask('GET', '/users')).body.find((each: { id: number }) => each.id === id);
  await callbox.run(
    `update app_user set failed_login_attempts = 7, locked_until = '2030-01-02T03:04:05.678Z' where number = ${id}`,
  );
  expect(await listed()).toMatchObject({ failed_login_attempts: 7, locked_until: '2030-01-02T03:04:05.678Z' });
  for (let times = 0; times < 2; times += 1) {
    const { status, text } = await callbox.ask('POST', `/users/${id}/unlock`);
    expect([status, text]).toEqual([200, '{"message":"Staff user unlocked successfully"}']);
    expect(await listed()).toMatchObject({ failed_login_attempts: 0, locked_until: null });
  }
});

test('permissions/list lists the six permissions', async () => {
  const { status, text } = await callbox.ask('GET', '/users/permissions/list');
  expect([status, text]).toEqual([200, JSON.stringify(permissions)]);
});

describe('SCIM', () => {
  test('sees at once what CallBox changes', async () => {
    const id = await callbox.hire({ email: 'seen@example.kz', permissions: ['can_view_stats_callcenter'] });
    await callbox.ask('PATCH', `/users/${id}`, { body: { last_name: 'Қасымова', is_active: false } });
    const seen = await userNamed('seen@example.kz');
    expect(seen).toMatchObject({ active: false, userName: 'seen@example.kz', name: { familyName: 'Қасымова' } });
    expect(seen['urn:ietf:params:scim:schemas:extension:muster:2.0:User']).toMatchObject({
      canViewStatsCallcenter: true,
    });
  });

  test('is seen at once in CallBox, and whom it deletes is gone', async () => {
    const id = await callbox.hire({ email: 'written@example.kz' });
    const { id: resource } = await userNamed('written@example.kz');
    await callbox.muster.send(await scim(), 'PATCH', `/Users/${resource}`, {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
      Operations: [
        { op: 'replace', path: 'name.givenName', value: 'Ада' },
        { op: 'replace', path: 'urn:ietf:params:scim:schemas:extension:muster:2.0:User:canViewBilling', value: true },
      ],
    });
    const { body } = await callbox.ask('GET', `/users/${id}`);
    expect(body).toMatchObject({ first_name: 'Ада', permissions: ['can_view_billing'] });
    await callbox.muster.send(await scim(), 'DELETE', `/Users/${resource}`);
    const gone = await callbox.ask('GET', `/users/${id}`);
    expect([gone.status, gone.text]).toEqual([404, '{"detail":"Staff user not found"}']);
  });
});
