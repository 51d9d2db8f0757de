import { afterAll, beforeAll, expect, test } from 'vitest';
import { clientOf } from '../dialects/scim/scim-client.ts';
import { type Admin, startAdmin } from './admin-client.ts';

let admin: Admin;
beforeAll(async () => {
  admin = await startAdmin();
});
afterAll(() => admin.stop());

test('a person is found by the userName or an e-mail, in any case of letters', async () => {
  const scim = clientOf(admin.muster, await admin.muster.connect());
  await scim.makeUser({ userName: 'ada', emails: [{ value: 'ada@example.org' }] });
  const { id } = await scim.makeUser({ userName: 'Ivan', emails: [{ value: 'ivan@example.org' }] });
  const found = (query: string) => admin.admin.get(`/users?${query}`);
  expect((await found('userName=IVAN')).body.items.map((one: { id: string }) => one.id)).toEqual([id]);
});
