import { afterAll, beforeAll, expect, test } from 'vitest';
import { askToken, grant, newClient } from '#test/admin/oauth-client.ts';
import { sendRaw } from '#test/http/raw-socket.ts';
import { type Muster, request, startMuster } from '#test/support/muster.ts';
import { waitUntil } from '#test/support/wait-until.ts';
import { withClient } from '#test/support/with-client.ts';

let muster: Muster;
let token: string;
beforeAll(async () => {
  muster = await startMuster({ requestValues: 'redact' });
  token = await muster.connect();
});
afterAll(() => muster.stop());

/** What the log holds, in the order in which it came. */
const kept = async (tenant = 1) => {
  await muster.keepRequests();
  return muster.db.list({
    text: 'select method, path, status, route, body, detail, dialect, request_id from request_log where tenant = $1 order by sequence',
    values: [tenant],
  });
};

test('S-22: with values redacted nobody’s name, address or title is in the log, and what was asked is', async () => {
  const name = 'Persephone-7f3a';
  const made = await muster.send(token, 'POST', '/Users', {
    userName: name,
    emails: [{ value: `${name}@x` }],
    active: true,
  });
  const path = `/Users/${made.body.id}`;
  const Operations = [
    { op: 'replace', path: `emails[value eq "${name}@x"].display`, value: name },
    { op: 'replace', value: { title: name, active: false } },
  ];
  await muster.send(token, 'PATCH', path, { Operations });
  await muster.send(token, 'POST', '/Users', { userName: name });
  await muster.send(token, 'GET', `/Users?filter=${encodeURIComponent(`userName eq "${name}"`)}&q=${name}`);
  await muster.send(token, 'GET', `/Users?filter=${name}`);
  const rows = await kept();
  expect(rows).toHaveLength(5);
  expect(JSON.stringify(rows)).not.toContain('Persephone');
  expect(rows[1]?.body).toContain('"active":false');
  expect(rows[3]?.path).toBe('/scim/v2/Users?filter=userName eq "…"&q=…');
});

test('S-22: what clients of the other APIs send is in the log too, without secrets', async () => {
  const send = (path: string, headers: Record<string, string>, body: unknown) =>
    request(`${muster.server.url}${path}`, undefined, 'POST', body, { 'Content-Type': 'application/json', ...headers });
  const key = await muster.connect({ dialect: 'metabase' });
  const bearer = await muster.connect({ dialect: 'callbox' });
  const authorization = { Authorization: `Bearer ${bearer}` };
  await send('/api/user', { 'X-API-Key': key }, { email: 'mia@example.org', password: 'hunter2-hunter2' });
  await send('/api/v1/staff/users', authorization, { email: 'cleo@example.org', is_superuser: false });
  const form = { ...authorization, 'Content-Type': 'application/x-www-form-urlencoded' };
  await send('/api/v1/staff/users', form, 'email=cleo@example.org&password=hunter2');
  const rows = (await kept()).slice(-3);
  expect(rows.map(({ dialect, status, body }) => [dialect, status, body])).toEqual([
    ['metabase', 200, '{"email":"…","password":"[secret]"}'],
    ['callbox', 201, '{"email":"…","is_superuser":false}'],
    ['callbox', 422, null],
  ]);
});

test('an OAuth client that gets a token is in the log of its tenant, without secret and token', async () => {
  const { connection, secret } = await newClient(muster, 'client');
  const { body } = await askToken(muster, { ...grant, client_id: connection, client_secret: secret });
  const rows = await kept();
  expect(rows.at(-1)).toMatchObject({ dialect: 'oauth', path: '/oauth/token', status: 200 });
  for (const text of [secret, body.access_token]) expect(JSON.stringify(rows)).not.toContain(text);
});

test('of refused calls no body is kept, whatever refuses them', async () => {
  const before = (await kept()).length;
  const reader = await muster.connect({ rights: ['read'] });
  const body = { userName: 'kept-nowhere' };
  expect((await muster.send(reader, 'POST', '/Users', body)).status).toBe(403);
  expect((await muster.send(undefined, 'POST', '/Users', body)).status).toBe(401);
  expect((await muster.send(token, 'POST', '/Users', '{"userName":"kept-nowhere"')).status).toBe(400);
  const rows = [...(await kept()).slice(before), ...(await kept(0))];
  expect(rows.map(({ status, body: text }) => [status, text])).toEqual([
    [403, null],
    [400, null],
    [401, null],
  ]);
  expect(JSON.stringify(rows)).not.toContain('kept-nowhere');
});

test('whom a request of another API was about is known where it changed something or failed', async () => {
  const key = await muster.connect({ dialect: 'metabase' });
  const bearer = await muster.connect({ dialect: 'callbox' });
  const type = { 'Content-Type': 'application/json' };
  const ask = (method: string, path: string, credential: Record<string, string>, body?: unknown) =>
    request(`${muster.server.url}${path}`, undefined, method, body, { ...type, ...credential });
  const metabase = { 'X-API-Key': key };
  const callbox = { Authorization: `Bearer ${bearer}` };
  const email = 'olga@example.org';
  const { body } = await ask('POST', '/api/user', metabase, { email });
  const { id } = (await muster.send(token, 'GET', `/Users?filter=userName eq "${email}"`)).body.Resources[0];
  await ask('PUT', `/api/user/${body.id}`, metabase, { email: 'no address' });
  await ask('GET', `/api/user/${body.id}`, metabase);
  await ask('GET', `/api/v1/staff/users/${body.id}`, { Authorization: 'Bearer mst_nobody' });
  await ask('PATCH', `/api/v1/staff/users/${body.id}`, callbox, { first_name: 1 });
  await ask('DELETE', `/api/v1/staff/users/${body.id}`, callbox);
  await ask('DELETE', '/api/v1/staff/users/999', callbox);
  await kept();
  const rows = await muster.db.list({
    text: 'select method, status from request_log where resource = $1 order by sequence',
    values: [id],
  });
  expect(rows.map(({ method, status }) => [method, status])).toEqual([
    ['POST', 200],
    ['PUT', 400],
    ['PATCH', 422],
    ['DELETE', 200],
  ]);
});

test('what never became a request is in the log of no tenant, and its answer has the id', async () => {
  const answer = await sendRaw(muster.server.port, 'GET /scim/v2/Users HTTP/9\r\nHost: x\r\n\r\n');
  const id = /X-Request-Id: (\S+)/.exec(answer)?.[1];
  const row = (await kept(0)).find(({ request_id }) => request_id === id);
  expect(row).toMatchObject({ method: 'GET', path: '/scim/v2/Users', status: 400 });
});

test('monitors leave no trace, and a path that there is not leaves one', async () => {
  const paths = ['/livez', '/readyz', '/metrics', '/scim/v1/Users'];
  for (const path of paths) await fetch(muster.server.url + path);
  const found = (await kept(0)).map(({ path }) => path).filter((path) => paths.includes(String(path)));
  expect(found).toEqual(['/scim/v1/Users']);
});

test('a log that cannot be written fails no request and is told', async () => {
  const lock = await withClient(muster.database.connection, async (client) => {
    await client.query('begin; lock table request_log in access exclusive mode');
    const asked = performance.now();
    const answers = Array.from({ length: 20 }, () => muster.send(token, 'GET', '/Users?count=1'));
    const writing = muster.keepRequests();
    expect((await Promise.all(answers)).every(({ status }) => status === 200)).toBe(true);
    const took = performance.now() - asked;
    await client.query('rollback');
    await writing;
    return took;
  });
  expect(lock).toBeLessThan(2_000);
});

test('metrics say what became of the rows', async () => {
  await muster.keepRequests();
  const metrics = async () => (await fetch(`${muster.server.url}/metrics`)).text();
  expect(await metrics()).toMatch(/request_log_rows_total\{outcome="written"\} [1-9]/);
  await Promise.all(Array.from({ length: 60 }, () => muster.send(undefined, 'GET', '/Users')));
  const isSampled = async () => /outcome="sampled"\} [1-9]/.test(await metrics());
  await waitUntil(isSampled, 'refused calls beyond ten a second');
});
