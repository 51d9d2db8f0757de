import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { callbox as dialect } from '#dialects/callbox/callbox.ts';
import { request } from '#test/support/muster.ts';
import { type Callbox, openCallbox } from './open-callbox.ts';

const password = 'кедровый-чайник-7-облаков';

let callbox: Callbox;

beforeAll(async () => {
  callbox = await openCallbox();
});
afterAll(() => callbox.stop());

const admin = (method: string, path: string, body: object, token?: string) =>
  request(`${callbox.muster.server.url}/admin/v1${path}`, token, method, body, { 'Content-Type': 'application/json' });

const signIn = async (name: string, secret: string, api?: string) =>
  (await admin('POST', '/sessions', { name, password: secret, ...(api !== undefined && { api }) })).body;

/** Somebody who is signed in to CallBox, with a password of his own. */
const signedIn = async (email: string, more: object) => {
  const { user, temporary_password: first } = (await callbox.ask('POST', '/users', { body: { email, ...more } })).body;
  const { token } = await signIn(email, first);
  await admin('PUT', '/password', { oldPassword: first, password }, token);
  return { user, authorization: `Bearer ${(await signIn(email, password, 'callbox')).token}` };
};

describe('a superuser who signs in to CallBox through our own API', () => {
  let user: { readonly id: number };
  let authorization: string;
  beforeAll(async () => {
    ({ user, authorization } = await signedIn('root@example.kz', { is_superuser: true }));
  });

  test('administers the staff, and sees that he signed in', async () => {
    const { status, body } = await callbox.ask('GET', `/users/${user.id}`, { authorization });
    expect(status).toBe(200);
    expect(body).toMatchObject({ must_change_password: false, is_superuser: true });
    expect(Date.parse(body.last_login_at)).toBeGreaterThan(Date.parse(body.created_at));
  });

  test.each([
    ['DELETE', undefined, 'You cannot deactivate or delete your own account'],
    ['PATCH', { is_active: false }, 'You cannot deactivate or delete your own account'],
    ['PATCH', { is_superuser: false }, 'You cannot remove superuser rights from your own account'],
  ])('keeps his own account: %s %j', async (method, body, detail) => {
    const answer = await callbox.ask(method, `/users/${user.id}`, { authorization, ...(body && { body }) });
    expect([answer.status, answer.text]).toEqual([400, JSON.stringify({ detail })]);
  });

  test.each([
    ['DELETE', undefined],
    ['PATCH', { is_active: false }],
    ['PATCH', { is_superuser: false }],
  ])('is the last one and so kept from a connection too: %s %j', async (method, body) => {
    const answer = await callbox.ask(method, `/users/${user.id}`, { ...(body && { body }) });
    const detail = 'The last active superuser cannot be deactivated, deleted or demoted';
    expect([answer.status, answer.text]).toEqual([400, JSON.stringify({ detail })]);
  });

  test('has a session that opens no other API, and none of another opens CallBox', async () => {
    const [, token = ''] = authorization.split(' ');
    expect((await admin('PUT', '/password', { oldPassword: password, password: `${password}2` }, token)).status).toBe(
      401,
    );
    const { token: other } = await signIn('root@example.kz', password);
    const { status, text } = await callbox.ask('GET', '/users', { authorization: `Bearer ${other}` });
    expect([status, text]).toEqual([401, '{"detail":"Could not validate credentials"}']);
  });

  test('is signed out by a reset of his password, and comes in only after choosing one', async () => {
    const reset = await callbox.ask('POST', `/users/${user.id}/reset-password`);
    expect((await callbox.ask('GET', '/users', { authorization })).status).toBe(401);
    const again = await signIn('root@example.kz', reset.body.temporary_password, 'callbox');
    expect(again.mustChangePassword).toBe(true);
    const { status, text } = await callbox.ask('GET', '/users', { authorization: `Bearer ${again.token}` });
    expect([status, text]).toEqual([403, '{"detail":"Not enough permissions"}']);
  });
});

test('somebody who is no superuser is refused on every route', async () => {
  const { user, authorization } = await signedIn('aida@example.kz', { permissions: ['can_view_billing'] });
  for (const { method, path } of dialect.routes ?? []) {
    const options = { authorization, ...(/POST|PATCH/.test(method) && { body: {} }) };
    const { status, text } = await callbox.ask(method, path.replace(':user_id', String(user.id)), options);
    expect([method, path, status, text]).toEqual([method, path, 403, '{"detail":"Not enough permissions"}']);
  }
});

test('a sign-in to an API that has none is refused', async () => {
  const { status, body } = await admin('POST', '/sessions', { name: 'x', password: 'y', api: 'scim' });
  expect(status).toBe(400);
  expect(body.detail).toBe('api must be one of admin, callbox');
});
