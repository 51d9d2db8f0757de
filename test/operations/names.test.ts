import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { groupType, userType } from '#attributes/resource-type.ts';
import { deleteResource } from '#operations/delete-resource.ts';
import { postgresVersions } from '#test/support/postgres-versions.ts';
import { openRoll, rules, type TestRoll } from './open-roll.ts';

describe.each(postgresVersions)('names on PostgreSQL %i', (version) => {
  let roll: TestRoll;
  beforeAll(async () => {
    roll = await openRoll(version);
  });
  afterAll(() => roll.close());

  test.each([
    ['case', 'Ada', 'aDA'],
    ['case beyond ASCII', 'ЖУК', 'жук'],
    ['a letter that folds to two', 'Straße', 'STRASSE'],
    ['composition (K-16)', 'Jos\u00e9', 'jose\u0301'],
    ['width', 'ｂｏｂ', 'BOB'],
    ['a dotted I', 'İlke', 'i\u0307lke'],
  ])('a userName is one person in any spelling: %s', async (_what, one, other) => {
    const made = await roll.create(userType, { userName: one });
    await expect(roll.create(userType, { userName: other })).rejects.toMatchObject({
      kind: 'already_exists',
      details: { attribute: 'userName' },
    });
    const third = await roll.create(userType, { userName: `${one} the third` });
    await expect(
      roll.update(userType, third.id, [{ op: 'set', path: 'userName', value: other }]),
    ).rejects.toMatchObject({
      kind: 'already_exists',
    });
    await roll.update(userType, made.id, [{ op: 'set', path: 'userName', value: other }]);
    await deleteResource(roll.caller, roll.db, userType, made.id);
    await roll.create(userType, { userName: one });
  });

  test('of fifty creates of one name at once one succeeds and the others hear that it is taken (K-16)', async () => {
    const before = (await roll.journal()).length;
    const tries = Array.from({ length: 50 }, (_, index) =>
      roll.create(userType, { userName: index % 2 === 0 ? 'Fifty' : 'fIFTY' }),
    );
    const kinds = (await Promise.allSettled(tries)).map((each) =>
      each.status === 'fulfilled' ? 'made' : (each.reason as { kind: string }).kind,
    );
    expect(kinds.filter((kind) => kind === 'made')).toHaveLength(1);
    expect(kinds.filter((kind) => kind === 'already_exists')).toHaveLength(49);
    expect((await roll.journal()).length).toBe(before + 1);
  });

  test('a group name is unique only where the rules say so, and then also among creates at once', async () => {
    const unique = { rules: { ...rules, groupNames: 'unique' as const } };
    const tries = Array.from({ length: 10 }, (_, index) =>
      roll.create(groupType, { displayName: index % 2 === 0 ? 'Choir' : 'CHOIR' }, unique),
    );
    const made = (await Promise.allSettled(tries)).filter(({ status }) => status === 'fulfilled');
    expect(made).toHaveLength(1);
    await roll.create(groupType, { displayName: 'choir' });
  });
});
