import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Caller } from '#domain/caller.ts';
import { createTenant } from '#operations/create-tenant.ts';
import { listRequestLog, type RequestLogWish } from '#operations/list-request-log.ts';
import { type Muster, startMuster } from '#test/support/muster.ts';

let muster: Muster;
let admin: Caller;
let token: string;
beforeAll(async () => {
  muster = await startMuster();
  admin = await muster.admin();
  token = await muster.connect();
});
afterAll(() => muster.stop());

const ask = async (wish: Partial<RequestLogWish> = {}, caller = admin) => {
  await muster.keepRequests();
  return listRequestLog(caller, muster.db, { count: 100, ...wish });
};
let asked = 0;
/** Sends a request under an id of its own and gives what the log has of it. */
const sendAndFind = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
  asked += 1;
  const requestId = `asked-${asked}`;
  const answer = await muster.send(token, method, path, body, { 'X-Request-Id': requestId, ...headers });
  const { requests } = await ask({ requestId });
  return { answer, logged: requests[0], requestId, count: requests.length };
};

test('a request is found by its id with connection, outcome, address, client, body and what came of it', async () => {
  const body = { userName: 'ada', displayName: 'Ada', active: 'true', shoeSize: 38 };
  const { answer, logged, count } = await sendAndFind('POST', '/Users', body, {
    'User-Agent': 'Okta SCIM Client 1.0.0',
  });
  expect(count).toBe(1);
  expect(logged).toMatchObject({
    dialect: 'scim',
    method: 'POST',
    route: '/scim/v2/Users',
    path: '/scim/v2/Users',
    status: 201,
    address: '127.0.0.1',
    userAgent: 'Okta SCIM Client 1.0.0',
    resource: answer.body.id,
    skipped: ['shoeSize'],
    changed: ['active: text to flag'],
    changes: [{ kind: 'User', resource: answer.body.id, action: 'created', sequence: expect.any(Number) }],
  });
  expect(JSON.parse(logged?.body ?? '')).toEqual(body);
  expect(logged?.connection).toMatch(/^[0-9a-f-]{36}$/);
  expect(logged?.durationMs).toBeGreaterThan(0);
  const seconds = (Date.now() - Date.parse(logged?.at ?? '')) / 1_000;
  expect(Math.abs(seconds)).toBeLessThan(20);
});

test('a request that failed says why', async () => {
  const { logged } = await sendAndFind('POST', '/Users', { userName: 'ada' });
  expect(logged).toMatchObject({ status: 409, fault: 'already_exists', detail: 'this userName is taken', changes: [] });
});

test('a search says what was looked for', async () => {
  const { logged } = await sendAndFind('GET', '/Users?filter=userName%20eq%20%22nobody%22');
  expect(logged).toMatchObject({ status: 200, path: '/scim/v2/Users?filter=userName eq "nobody"', changes: [] });
  expect(logged).not.toHaveProperty('body');
});

test('a read by id is found by the id that the server gave it', async () => {
  const made = await muster.send(token, 'POST', '/Users', { userName: 'reader' });
  const read = await muster.send(token, 'GET', `/Users/${made.body.id}`);
  const requestId = read.headers.get('x-request-id') ?? '';
  const { requests } = await ask({ requestId });
  expect(requests).toMatchObject([{ method: 'GET', status: 200, resource: made.body.id }]);
});

test('a read by id under an id that the client chose is found where it is recent or the time is told', async () => {
  const made = await muster.send(token, 'POST', '/Users', { userName: 'reader-2' });
  const headers = { 'X-Request-Id': 'chosen' };
  await muster.send(token, 'GET', `/Users/${made.body.id}`, undefined, headers);
  for (const from of [undefined, new Date(Date.now() - 60_000).toISOString()]) {
    const { requests } = await ask({ requestId: 'chosen', ...(from !== undefined && { from }) });
    expect(requests).toHaveLength(1);
  }
});

test('what is about one person: changes and failures, not reads', async () => {
  const { body } = await muster.send(token, 'POST', '/Users', { userName: 'grace' });
  const path = `/Users/${body.id}`;
  await muster.send(token, 'GET', path);
  await muster.send(token, 'GET', `${path}?attributes=a&attributes=b`);
  await muster.send(token, 'PATCH', path, { Operations: [{ op: 'replace', path: 'active', value: false }] });
  const { requests } = await ask({ person: body.id });
  expect(requests.map(({ method, status }) => [method, status])).toEqual([
    ['PATCH', 200],
    ['GET', 400],
    ['POST', 201],
  ]);
  expect(requests[0]?.changes).toMatchObject([{ action: 'updated' }]);
});

test('the newest come first, a page at a time, and none is shown twice', async () => {
  const connection = (await ask({ count: 1 })).requests[0]?.connection ?? '';
  const all = (await ask({ connection })).requests.map(({ requestId }) => requestId);
  const paged: string[] = [];
  let before: RequestLogWish['before'];
  do {
    const part = await ask({ connection, count: 3, ...(before !== undefined && { before }) });
    paged.push(...part.requests.map(({ requestId }) => requestId));
    before = part.next;
  } while (before !== undefined);
  expect(all.length).toBeGreaterThan(6);
  expect(paged).toEqual(all);
});

test('failed ones, a class of status, and a time are asked for', async () => {
  const failed = (await ask({ failed: true })).requests;
  expect(failed.length).toBeGreaterThan(1);
  expect(failed.every(({ status }) => status >= 400)).toBe(true);
  const made = (await ask({ statusClass: 2 })).requests;
  expect(made.every(({ status }) => status >= 200 && status < 300)).toBe(true);
  expect((await ask({ from: '2100-01-01' })).requests).toEqual([]);
  expect((await ask({ to: '2020-01-01' })).requests).toEqual([]);
  await expect(ask({ from: 'yesterday' })).rejects.toMatchObject({ kind: 'invalid_value' });
});

test('changes under an id that two connections chose are told apart', async () => {
  const other = await muster.connect();
  const headers = { 'X-Request-Id': 'same' };
  const mine = await muster.send(token, 'POST', '/Users', { userName: 'mine' }, headers);
  const theirs = await muster.send(other, 'POST', '/Users', { userName: 'theirs' }, headers);
  const { requests } = await ask({ requestId: 'same' });
  const changed = requests.map(({ resource, changes }) => [resource, changes.map((change) => change.resource)]);
  expect(changed).toEqual([
    [theirs.body.id, [theirs.body.id]],
    [mine.body.id, [mine.body.id]],
  ]);
});

test('a tenant sees its own requests alone, and only who administers it', async () => {
  await createTenant(admin, muster.db, 'other');
  const there = await muster.connect({ tenant: 'other' });
  await muster.send(there, 'POST', '/Users', { userName: 'stranger' }, { 'X-Request-Id': 'theirs' });
  expect((await ask({ requestId: 'theirs' })).requests).toEqual([]);
  expect((await ask({ requestId: 'theirs' }, await muster.admin('other'))).requests).toHaveLength(1);
  for (const rights of [['read', 'write', 'superuser'], []] as const) {
    await expect(ask({}, { ...admin, rights })).rejects.toMatchObject({ kind: 'forbidden' });
  }
  const bound = { ...admin, rights: ['admin'] as const, franchisee: '01890000-0000-7000-8000-000000000000' };
  await expect(ask({}, bound)).rejects.toMatchObject({ kind: 'forbidden' });
});

test('who is not known is nobody’s: an operator sees it, an admin of a tenant does not', async () => {
  const headers = { 'X-Request-Id': 'unknown-1' };
  await muster.send(`${token.slice(0, -1)}_`, 'POST', '/Users', { userName: 'x' }, headers);
  expect((await ask({ requestId: 'unknown-1' })).requests).toEqual([]);
  const { requests } = await ask({ requestId: 'unknown-1', unauthenticated: true });
  expect(requests).toMatchObject([{ status: 401, fault: 'unauthenticated', dialect: 'scim' }]);
  const tenantAdmin = { ...admin, rights: ['admin'] as const };
  await expect(ask({ unauthenticated: true }, tenantAdmin)).rejects.toMatchObject({ kind: 'forbidden' });
});
