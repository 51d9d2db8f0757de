import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allAttributes, userType } from '#attributes/resource-type.ts';
import { checkFilter } from '#domain/check-filter.ts';
import { listResources } from '#operations/list-resources.ts';
import { everything } from '#store/find-resource.ts';
import { postgresVersions } from '#test/support/postgres-versions.ts';
import { openRoll, type TestRoll } from './open-roll.ts';

/** Text that no compression makes shorter: an index row must take it as it is. */
const noise = (characters: number) => randomBytes(characters).toString('hex').slice(0, characters);
const outsidePlane = (characters: number) =>
  Array.from(randomBytes(characters), (byte) => String.fromCodePoint(0x20000 + byte * 7)).join('');

describe.each(postgresVersions)('long text on PostgreSQL %i (K-13)', (version) => {
  let roll: TestRoll;
  beforeAll(async () => {
    roll = await openRoll(version);
  });
  afterAll(() => roll.close());

  const find = async (path: string, op: 'eq' | 'sw' | 'co' | 'ew', value: string) => {
    const filter = checkFilter(allAttributes(userType), { op, path, value });
    const listing = { type: userType, filter, page: { offset: 0, count: 10 }, wanted: everything };
    return (await listResources(roll.caller, roll.db, listing)).resources.map(({ id }) => id);
  };

  test.each([
    ['of 3,000 characters', noise(3_000)],
    ['of 65,536 characters', noise(65_536)],
    ['of 3,000 characters of four bytes', outsidePlane(3_000)],
  ])('%s in a title is stored and found in every way', async (what, title) => {
    const { id } = await roll.create(userType, { userName: `long ${what}`, title });
    const twin = await roll.create(userType, { userName: `twin ${what}`, title: `${title.slice(0, -2)}!` });
    expect(await find('title', 'eq', title)).toEqual([id]);
    expect(await find('title', 'eq', `${title.slice(0, -2)}!`)).toEqual([twin.id]);
    expect(await find('title', 'sw', title.slice(0, 2_000))).toEqual([id, twin.id]);
    expect(await find('title', 'co', title.slice(1_000, 1_100))).toEqual([id, twin.id]);
    expect(await find('title', 'ew', title.slice(-100))).toEqual([id]);
  });

  test('a userName and an external id as long as they may be fit their indexes', async () => {
    const [userName, externalId] = [outsidePlane(254), outsidePlane(512)];
    const { id } = await roll.create(userType, { userName }, { externalId });
    expect([await find('userName', 'eq', userName), await find('externalId', 'eq', externalId)]).toEqual([[id], [id]]);
    await expect(roll.create(userType, { userName: outsidePlane(255) })).rejects.toMatchObject({
      kind: 'invalid_value',
    });
  });
});
