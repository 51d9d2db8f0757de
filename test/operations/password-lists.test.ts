import { registerHooks } from 'node:module';
import pg from 'pg';
import { uuidv7 } from 'uuidv7';
import { expect, test, vi } from 'vitest';
import { userType } from '#attributes/resource-type.ts';
import { updateResource } from '#operations/update-resource.ts';
import { openRoll, rules } from './open-roll.ts';

/** What was asked of the database before the lists were loaded. */
let asked: readonly string[] | undefined;

registerHooks({
  load: (url, context, next) => {
    if (url.includes('@zxcvbn-ts/language-common')) {
      asked ??= vi.mocked(pg.Client.prototype.query).mock.calls.map(([statement]) => textOf(statement));
    }
    return next(url, context);
  },
});

function textOf(statement: unknown): string {
  return typeof statement === 'string' ? statement : (statement as pg.QueryConfig).text;
}

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
  expect(asked?.filter((text) => text === 'begin')).toEqual([]);
  expect(vi.mocked(pg.Client.prototype.query).mock.calls.length).toBeGreaterThan(asked?.length ?? 0);
  vi.restoreAllMocks();
  await roll.close();
});
