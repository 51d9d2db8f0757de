import { afterAll, beforeAll, expect, test } from 'vitest';
import { membersOfGroups } from '#store/group-members.ts';
import { type Muster, startMuster } from '#test/support/muster.ts';

let muster: Muster;
let groups: string[];

beforeAll(async () => {
  muster = await startMuster();
  const token = await muster.connect();
  const users = await Promise.all(['a', 'b'].map((userName) => muster.send(token, 'POST', '/Users', { userName })));
  const members = users.map(({ body }) => ({ value: body.id }));
  const made = await Promise.all(
    ['one', 'two'].map((displayName) => muster.send(token, 'POST', '/Groups', { displayName, members })),
  );
  groups = made.map(({ body }) => body.id);
});
afterAll(() => muster.stop());

test('as many members as one answer takes are given', async () => {
  const members = await membersOfGroups(muster.db, { tenant: 1 }, groups, 4);
  expect(groups.map((group) => members.get(group)?.length)).toEqual([2, 2]);
});

test('one more is refused, and the message says how to ask instead', async () => {
  const refused = membersOfGroups(muster.db, { tenant: 1 }, groups, 3);
  await expect(refused).rejects.toMatchObject({
    kind: 'too_many',
    message: expect.stringContaining('without members'),
  });
});
