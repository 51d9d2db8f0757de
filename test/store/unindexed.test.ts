import type { Client } from 'pg';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allAttributes, orgUnitType, userType } from '#attributes/resource-type.ts';
import { checkFilter } from '#domain/check-filter.ts';
import type { Filter } from '#domain/filter.ts';
import { domainLimits } from '#domain/limits.ts';
import type { Db } from '#store/database.ts';
import { listResources } from '#store/list-resources.ts';
import { insertTenant } from '#store/tenants.ts';
import { connectTo, freshDatabase } from '#test/support/database.ts';
import { idOf, makeLargeRoll } from './large-roll.ts';
import { openTestDatabase } from './open-test-database.ts';

const size = domainLimits.unindexedHits + 1;
const wanted = { groups: false, members: false };

let db: Db;
let client: Client;
const viewer = { tenant: 1, connection: uuidv7() };
beforeAll(async () => {
  const database = await freshDatabase();
  db = openTestDatabase(database);
  client = await connectTo(database);
  await db.transaction((tx) => insertTenant(tx, 'large'));
  await makeLargeRoll(client, viewer.connection, { User: size, Group: 1, OrgUnit: 1 });
});
afterAll(async () => {
  await db.close();
  await client.end();
});

const total = async (filter: Filter) => {
  const normal = checkFilter(allAttributes(userType), filter);
  return (await listResources(db, viewer, { type: userType, filter: normal, page: { offset: 0, count: 1 }, wanted }))
    .total;
};
const userName = (op: 'co' | 'ew' | 'sw', value: string): Filter => ({ op, path: 'userName', value });

describe('text of fewer than three letters', () => {
  test('is looked for among as many as the limit, and refused one above it', async () => {
    await expect(total(userName('co', 'us'))).rejects.toMatchObject({ kind: 'too_many' });
    await client.query(`update attribute_value set text_key = 'xx' where owner = $1 and path = 'User.userName'`, [
      idOf(userType, 0),
    ]);
    expect(await total(userName('co', 'us'))).toBe(domainLimits.unindexedHits);
  });

  test('loses no hit when another term leaves few of very many', async () => {
    const last = idOf(userType, size - 1);
    const created: Filter = { op: 'ge', path: 'meta.created', value: '2026-01-01T00:00:00Z' };
    expect(await total({ op: 'and', filters: [userName('co', 'r'), { op: 'eq', path: 'id', value: last }] })).toBe(1);
    expect(await total({ op: 'and', filters: [userName('co', 'r'), userName('sw', `user${size - 1}`)] })).toBe(1);
    expect(await total({ op: 'and', filters: [userName('co', 'r'), created] })).toBe(size);
  });

  test('is refused as a whole where one side of an or is too much', async () => {
    const address: Filter = { op: 'co', path: 'emails.value', value: 'r' };
    const both: Filter = { op: 'or', filters: [address, { op: 'eq', path: 'title', value: 'x' }] };
    await expect(total(both)).rejects.toMatchObject({ kind: 'too_many' });
  });

  test('is no matter for text that a trigram index or a prefix serves', async () => {
    expect(await total(userName('co', 'user1'))).toBeGreaterThan(1_000);
    expect(await total(userName('sw', 'u'))).toBe(size);
  });
});

test('a page beyond the last hit is empty and still says how many there are', async () => {
  const filter = checkFilter(allAttributes(orgUnitType), { op: 'eq', path: 'kind', value: 'shop' });
  const listing = { type: orgUnitType, filter, page: { offset: 5, count: 10 }, wanted };
  expect(await listResources(db, viewer, listing)).toEqual({ total: 1, resources: [] });
});
