import pg from 'pg';
import { uuidv7 } from 'uuidv7';
import { expect, test, vi } from 'vitest';
import { userType } from '#attributes/resource-type.ts';
import { updateResource } from '#operations/update-resource.ts';
import { openRoll, rules } from './open-roll.ts';

/** What was asked of the database before the lists were loaded. */
const before = vi.hoisted((): { asked?: readonly string[] } => ({}));

vi.mock('@zxcvbn-ts/language-common', (importOriginal) => {
  before.asked = vi.mocked(pg.Client.prototype.query).mock.calls.map(([statement]) => {
    return typeof statement === 'string' ? statement : (statement as unknown as pg.QueryConfig).text;
  });
  return importOriginal();
});

test('the lists of common passwords are loaded before the transaction that asks them begins', async () => {
  const roll = await openRoll(18);
  const { id } = await roll.create(userType, { userName: uuidv7() });
  vi.spyOn(pg.Client.prototype, 'query');
  const password = 'a staple of correct horses';
  const caller = { ...roll.caller, rights: ['read', 'write', 'passwords'] } as const;
  await updateResource(caller, roll.db, userType, id, {
    changes: [{ op: 'set', path: 'password', value: password }],
    rules,
  });
  expect(before.asked?.filter((text) => /^begin/i.test(text))).toEqual([]);
  expect(vi.mocked(pg.Client.prototype.query).mock.calls.length).toBeGreaterThan(before.asked?.length ?? 0);
  vi.restoreAllMocks();
  await roll.close();
});
