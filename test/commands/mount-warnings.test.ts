import { afterAll, beforeAll, expect, test } from 'vitest';
import { mountWarnings } from '#commands/mount-warnings.ts';
import { openRoll, type TestRoll } from '../operations/open-roll.ts';

let roll: TestRoll;
beforeAll(async () => {
  roll = await openRoll(18);
});
afterAll(() => roll.close());

test('a server says which tenants of its places there are not, and how to make them', async () => {
  const places = ['no one', 'roll', 'no one', undefined].map((tenant) => ({ name: 'metabase', tenant }));
  expect(await mountWarnings(roll.db, places)).toEqual([
    'MOUNTS names the tenant no one, which there is not, so nobody can sign in there; ' +
      "make it: npx --no-install muster tenant create 'no one'",
  ]);
  expect(await mountWarnings(roll.db)).toEqual([]);
});
