import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Client, clientOf } from '../dialects/scim/scim-client.ts';
import { type Admin, startAdmin } from './admin-client.ts';

let admin: Admin;
let scim: Client;
beforeAll(async () => {
  admin = await startAdmin();
  scim = clientOf(admin.muster, await admin.muster.connect({ name: 'okta' }));
});
afterAll(() => admin.stop());

const read = async (query: string, client = admin.admin) => {
  await admin.muster.keepRequests();
  return (await client.get(`/requests?${query}`)).body;
};

test('what a client sent is found with what was answered and what changed', async () => {
  const { body: user } = await scim.post('/Users', { userName: 'ada' }, { 'X-Request-Id': 'made' });
  const { items } = await read('requestId=made');
  expect(items).toMatchObject([
    { dialect: 'scim', method: 'POST', route: '/scim/v2/Users', status: 201, resource: user.id },
  ]);
  expect(items[0].changes).toMatchObject([{ kind: 'User', resource: user.id, action: 'created' }]);
  expect((await read('requestId=made', admin.stranger)).items).toEqual([]);
});

test('what failed is found by the status, and pages follow one another', async () => {
  for (const name of ['one', 'two', 'three']) await scim.get(`/Users/${name}`, { 'X-Request-Id': name });
  const { items } = await read('statusClass=4&failed=true');
  expect(items.map(({ requestId }: { requestId: string }) => requestId)).toEqual(['three', 'two', 'one']);
  const page = await read('failed=true&limit=1');
  const rest = await read(`failed=true&after=${encodeURIComponent(page.next)}`);
  expect([...page.items, ...rest.items]).toEqual(items);
  expect((await admin.admin.get('/requests?after=yesterday_1')).status).toBe(400);
});

test('what came without a credential is for operators', async () => {
  await admin.nobody.send('GET', '/connections', undefined, { 'X-Request-Id': 'stranger' });
  const { items } = await read('unauthenticated=true&requestId=stranger', admin.operator);
  expect(items).toMatchObject([{ dialect: 'admin', status: 401, fault: 'unauthenticated' }]);
  expect((await admin.admin.get('/requests?unauthenticated=true')).status).toBe(403);
});

test('requests to our own API are in the log too, without the tokens that they made', async () => {
  const headers = { 'X-Request-Id': 'rotated' };
  const { body } = await admin.admin.send('POST', '/connections/okta/tokens', { lifetimeDays: 7 }, headers);
  const { items } = await read('requestId=rotated');
  expect(items).toMatchObject([{ route: '/admin/v1/connections/:connection/tokens', status: 201 }]);
  expect(JSON.stringify(items)).not.toContain(body.token);
  expect(items[0].changes).toMatchObject([{ kind: 'Connection', resource: body.connection }]);
});
