import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Muster, request, startMuster } from '#test/support/muster.ts';
import { withClient } from '#test/support/with-client.ts';

let muster: Muster;
const tokens: Record<string, string> = {};
beforeAll(async () => {
  muster = await startMuster();
  tokens.reports = await muster.connect({ dialect: 'metabase', name: 'reports' });
  tokens.calls = await muster.connect({ dialect: 'callbox', name: 'calls' });
  tokens.okta = await muster.connect({ name: 'okta' });
});
afterAll(() => muster.stop());

/** Sends a request and gives its status, and the name of the connection that the request log says it came from. */
const ask = async (method: string, path: string, headers: Record<string, string>, body?: unknown) => {
  const { status } = await request(`${muster.server.url}${path}`, undefined, method, body, headers);
  await muster.keepRequests();
  const [row] = await muster.db.list({
    text: `select r.tenant, n.name from request_log r left join connection n on n.tenant = r.tenant and n.id = r.connection
      order by r.sequence desc limit 1`,
    values: [],
  });
  return [status, row?.tenant, row?.name];
};
const key = (name: string) => ({ 'X-API-Key': tokens[name] ?? '' });
const bearer = (name: string) => ({ Authorization: `Bearer ${tokens[name]}` });
const json = { 'Content-Type': 'application/json' };

test('a request for what there is not is in the log of the connection that sent it', async () => {
  expect(await ask('GET', '/api/dashboard', key('reports'))).toEqual([404, 1, 'reports']);
  expect(await ask('GET', '/api/user/abc', key('reports'))).toEqual([404, 1, 'reports']);
  expect(await ask('GET', '/api/v1/staff/nothing', bearer('calls'))).toEqual([404, 1, 'calls']);
  expect(await ask('PUT', '/api/v1/staff/users', bearer('calls'))).toEqual([405, 1, 'calls']);
});

test('a body that is refused before anybody has to be known is in it too', async () => {
  const headers = { ...bearer('calls'), ...json };
  const broken = await fetch(`${muster.server.url}/api/v1/staff/users`, { method: 'POST', headers, body: '{' });
  expect(broken.status).toBe(422);
  expect(await ask('GET', '/api/v1/staff/nothing', {})).toEqual([404, 0, null]);
  const rows = await muster.db.list({ text: 'select connection from request_log where status = 422', values: [] });
  expect(rows.map(({ connection }) => connection !== null)).toEqual([true]);
});

test('a token that is good elsewhere is refused, and the log says whose it is', async () => {
  expect(await ask('GET', '/api/v1/staff/users', bearer('okta'))).toEqual([401, 1, 'okta']);
  expect(await ask('GET', '/scim/v2/Users', bearer('calls'))).toEqual([401, 1, 'calls']);
});

test('who has to choose a new password first is named, and so is nobody whose token is over', async () => {
  const made = await muster.send(tokens.okta, 'POST', '/Users', { userName: 'ivan' });
  const admin = { Authorization: `Bearer ${await muster.connect({ dialect: 'admin' })}` };
  const url = `${muster.server.url}/admin/v1`;
  const { body } = await request(`${url}/users/ivan/password`, undefined, 'PUT', undefined, admin);
  const wish = { name: 'ivan', password: body.password };
  const session = await request(`${url}/sessions`, undefined, 'POST', wish, json);
  const refused = await request(`${url}/connections`, session.body.token, 'GET', undefined, {});
  expect(refused.status).toBe(403);
  await withClient(muster.database.connection, (client) =>
    client.query(
      `update credential set revoked_at = now() where connection = (select id from connection where name = 'calls')`,
    ),
  );
  expect(await ask('GET', '/api/v1/staff/nothing', bearer('calls'))).toEqual([404, 0, null]);
  const rows = await muster.db.list({ text: 'select person from request_log where status = 403', values: [] });
  expect(rows).toEqual([{ person: made.body.id }]);
});

test('a fault of the look-up changes no answer', async () => {
  const path = `${muster.server.url}/api/dashboard`;
  const before = await request(path, undefined, 'GET', undefined, key('reports'));
  await withClient(muster.database.connection, (client) => client.query('alter table credential rename to hidden'));
  const after = await request(path, undefined, 'GET', undefined, key('reports'));
  await withClient(muster.database.connection, (client) => client.query('alter table hidden rename to credential'));
  expect([after.status, after.body]).toEqual([before.status, before.body]);
  expect(before.status).toBe(404);
});
