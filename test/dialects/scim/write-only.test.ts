import { afterAll, beforeAll, expect, test } from 'vitest';
import { add } from './patch-operations.ts';
import { type Client, coreGroup, expectError, newName, type Scim, startScim } from './scim-client.ts';

let scim: Scim;
let writer: Client;

beforeAll(async () => {
  scim = await startScim();
  writer = await scim.connect({ profile: 'rfc', rights: ['write'] });
});
afterAll(() => scim.stop());

const idsOf = (body: { members: { value: string }[] }) => body.members.map(({ value }) => value);

test('who may only write is shown the group that he wrote', async () => {
  const [one, other] = [await writer.makeUser(), await writer.makeUser()];
  const group = await writer.makeGroup([one.id]);
  expect(idsOf(group)).toEqual([one.id]);
  const put = { schemas: [coreGroup], displayName: newName(), members: [{ value: other.id }] };
  const replaced = await writer.put(`/Groups/${group.id}`, put);
  expect([replaced.status, idsOf(replaced.body)]).toEqual([200, [other.id]]);
  const patched = await writer.patch(`/Groups/${group.id}`, [add('members', [{ value: one.id }])]);
  expect([patched.status, idsOf(patched.body).sort()]).toEqual([200, [one.id, other.id].sort()]);
  const renamed = await writer.patch(`/Groups/${group.id}`, [add('displayName', newName())]);
  expect(renamed.status).toBe(200);
});

test('who may only write still reads nothing else', async () => {
  const { id } = await writer.makeGroup();
  expectError(await writer.get(`/Groups/${id}`), 403);
  expectError(await writer.get('/Groups'), 403);
});

test('who may only read writes nothing and learns nothing by trying', async () => {
  const reader = await scim.connect({ rights: ['read'] });
  const group = await writer.makeGroup();
  expectError(await reader.patch(`/Groups/${group.id}`, [add('displayName', newName())]), 403);
  expect((await reader.get(`/Groups/${group.id}`)).body).toEqual(group);
});
