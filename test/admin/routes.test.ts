import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hashToken } from '#access/token.ts';
import type { AdminRoute } from '#admin/route.ts';
import { adminRoutes } from '#admin/routes.ts';
import { insertResetToken } from '#store/reset-tokens.ts';
import { newName, clientOf as scimClientOf } from '../dialects/scim/scim-client.ts';
import { type Admin, type AdminClient, clientOf, startAdmin } from './admin-client.ts';
import { jwk, pathOf, pathToNothing, type RouteCase, routeCases, superuser, type Things } from './route-cases.ts';

let admin: Admin;
let user: string;
let scimToken: string;

beforeAll(async () => {
  admin = await startAdmin();
  scimToken = await admin.muster.connect({ name: 'scim' });
  user = (await scimClientOf(admin.muster, scimToken).makeUser()).id;
  await admin.makePerson({ ...superuser, superuser: true });
});
afterAll(() => admin.stop());

/** What a route is about, made for one case. */
async function things({ path, operationId }: AdminRoute, client = admin.admin): Promise<Things> {
  const made = path.includes(':connection') ? await makeConnection(client) : { connection: '', prefix: '' };
  const key = path.includes(':key') ? await makeKey(made.connection, client) : '';
  const code = operationId === 'completePasswordReset' ? await makeCode() : '';
  return { admin, ...made, key, code, ...(path.includes(':session') ? await signedIn() : { user, session: '' }) };
}

async function makeConnection(client: AdminClient) {
  const { body } = await client.post('/connections', { name: newName(), dialect: 'scim' });
  return { connection: body.connection as string, prefix: body.prefix as string };
}

async function makeKey(connection: string, client: AdminClient): Promise<string> {
  const { body } = await client.post(`/connections/${connection}/keys`, { jwk });
  return body.key;
}

async function makeCode(): Promise<string> {
  const { body } = await admin.admin.get(`/users/${superuser.name}`);
  const [code, { tenant }] = [randomUUID(), await admin.muster.admin()];
  const reset = { hash: hashToken(code), person: body.id, version: body.version };
  expect(await admin.muster.db.transaction((tx) => insertResetToken(tx, tenant, reset, 60))).toBe(true);
  return code;
}

/** A person with a session. */
async function signedIn() {
  const { body } = await admin.nobody.post('/sessions', superuser);
  const { body: sessions } = await admin.admin.get(`/users/${body.person}/sessions`);
  return { user: body.person as string, session: sessions.items[0].id as string };
}

const named = (routes: readonly AdminRoute[]) =>
  routes.map((route) => [`${route.method} ${route.path}`, route] as const);
const caseOf = ({ operationId }: AdminRoute): RouteCase => routeCases[operationId] ?? {};

async function whoMay(route: AdminRoute): Promise<AdminClient> {
  const { isForOperators, isForSuperusers, isForSessions } = caseOf(route);
  if (isForSessions) {
    const who = { name: newName(), password: superuser.password };
    await admin.makePerson(who);
    return admin.signIn(who);
  }
  return isForOperators || isForSuperusers ? admin.operator : admin.admin;
}

const closed = adminRoutes.filter(({ isOpen }) => !isOpen);
const withRights = closed.filter((route) => !caseOf(route).isForAll);
const ofTenant = closed.filter(({ query }) => 'tenant' in query.entries);
const oneThing = closed.filter(({ path }) => path.includes(':'));

/** Sends what succeeds, as somebody. */
async function sendGood(route: AdminRoute, client: AdminClient, all: Things, more = '') {
  const { path: query = '', body } = caseOf(route).good?.(all) ?? {};
  const joined = query === '' ? more.replace('&', '?') : query + more;
  return client.send(route.method, pathOf(route.path, all) + joined, body);
}

test('every route has a case, and every case a route', () => {
  expect(Object.keys(routeCases).sort()).toEqual(adminRoutes.map(({ operationId }) => operationId).sort());
});

describe('without the right credential', () => {
  test.each(named(closed))('%s is 401', async (_name, route) => {
    const all = await things(route);
    const session = `Bearer realm="admin"`;
    const none = await sendGood(route, admin.nobody, all);
    expect([none.status, none.headers.get('www-authenticate')]).toEqual([401, session]);
    for (const token of [`mst_${'0'.repeat(38)}`, scimToken]) {
      const wrong = await sendGood(route, clientOf(admin.muster, token), all);
      expect([wrong.status, wrong.headers.get('www-authenticate')]).toEqual([401, `${session}, error="invalid_token"`]);
      expect(wrong.body.type).toBe('urn:muster:fault:unauthenticated');
    }
  });

  test.each(named(withRights))('%s is 403 for who lacks the right', async (_name, route) => {
    const answer = await sendGood(route, admin.poor, await things(route));
    expect([answer.status, answer.body.type]).toEqual([403, 'urn:muster:fault:forbidden']);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="admin", error="insufficient_scope"');
  });

  test.each(['/nothing', '/', '/users/x/y', '/tenants/x'])('the unknown path %s is 401 too', async (path) => {
    expect((await admin.nobody.get(path)).status).toBe(401);
    expect((await admin.admin.get(path)).status).toBe(404);
  });
});

describe('for who may', () => {
  test.each(named(adminRoutes))('%s answers what it promises', async (_name, route) => {
    expect((await sendGood(route, await whoMay(route), await things(route))).status).toBe(route.status);
  });

  const withBad = adminRoutes.filter((route) => caseOf(route).bad !== undefined);
  test.each(named(withBad))('%s is 400 and names what is wrong', async (_name, route) => {
    const all = await things(route);
    const { path: query = '', body, names } = caseOf(route).bad?.(all) ?? { names: '' };
    const answer = await (await whoMay(route)).send(route.method, pathOf(route.path, all) + query, body);
    expect([answer.status, answer.body.type]).toEqual([400, 'urn:muster:fault:invalid_value']);
    expect(answer.body.errors.map(({ name }: { name: string }) => name)).toContain(names);
  });
});

describe('tenants', () => {
  test.each(named(ofTenant))('%s reaches another tenant for an operator alone', async (_name, route) => {
    const theirs = { ...(await things(route, admin.stranger)), user };
    const other = await sendGood(route, admin.admin, theirs, '&tenant=other');
    const unknown = await sendGood(route, admin.admin, theirs, '&tenant=never-was');
    expect(other.status).toBe(404);
    expect({ ...other.body, instance: '' }).toEqual({ ...unknown.body, instance: '' });
    expect((await sendGood(route, await whoMay(route), await things(route), '&tenant=default')).status).toBe(
      route.status,
    );
  });

  test.each(named(oneThing))('%s answers about what is of another tenant as about nothing', async (_name, route) => {
    const [owner, stranger] = caseOf(route).isForOperators
      ? [admin.stranger, admin.operator]
      : [admin.admin, admin.stranger];
    const all = await things(route, owner);
    const { path: query = '', body } = caseOf(route).good?.(all) ?? {};
    const theirs = await stranger.send(route.method, pathOf(route.path, all) + query, body);
    const nothing = await stranger.send(route.method, pathToNothing(route.path) + query, body);
    expect(theirs.status).toBe(404);
    expect({ ...theirs.body, instance: '' }).toEqual({ ...nothing.body, instance: '' });
  });
});
