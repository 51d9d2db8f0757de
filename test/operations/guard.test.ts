import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { userType } from '#attributes/resource-type.ts';
import type { Caller } from '#domain/caller.ts';
import type { Fault } from '#domain/fault.ts';
import { allowRemovals } from '#operations/allow-removals.ts';
import { createResource } from '#operations/create-resource.ts';
import { deleteResource } from '#operations/delete-resource.ts';
import { listHeld } from '#operations/list-held.ts';
import { updateResource } from '#operations/update-resource.ts';
import type { Db } from '#store/database.ts';
import { tellHeld } from '#workers/tell-held.ts';
import { openTestDatabase } from '../store/open-test-database.ts';
import { openRoll, rules, type TestRoll } from './open-roll.ts';

let roll: TestRoll;
let idp: Caller;
let name: string;

beforeAll(async () => {
  roll = await openRoll(18);
});
afterAll(() => roll.close());
beforeEach(async () => {
  const connection = uuidv7();
  name = `idp-${connection}`;
  idp = { ...roll.caller, connection };
  await roll.client.query(
    "insert into connection (tenant, id, name, dialect, profile, rights) values ($1, $2, $3, 'scim', 'rfc', '{write}')",
    [idp.tenant, connection, name],
  );
});

/** Active people whom the connection wrote last, put there past the product, which would take its time. */
async function people(count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => uuidv7());
  await roll.client.query(
    `insert into app_user (tenant, id, number, object_id, active, has_references, label, user_name_key, document, last_writer)
      select $1, id, nextval('app_user_number_' || $1::integer), id::text, true, false, id::text, id::text,
        json_build_object('userName', id::text), $3
      from unnest($2::uuid[]) as id`,
    [idp.tenant, ids, idp.connection],
  );
  return ids;
}

const setActive = (id: string, value: boolean, caller = idp, db = roll.db) =>
  updateResource(caller, db, userType, id, { changes: [{ op: 'set', path: 'active', value }], rules });
const deactivate = (id: string, caller = idp, db = roll.db) => setActive(id, false, caller, db);

async function outcomes(tries: readonly Promise<unknown>[]) {
  const settled = await Promise.allSettled(tries);
  const faults = settled.flatMap((each) => (each.status === 'rejected' ? [each.reason as Fault] : []));
  const others = faults.filter(({ kind }) => kind !== 'held');
  expect(others).toEqual([]);
  return { done: settled.length - faults.length, held: faults.length, faults };
}

async function inTurn(ids: readonly string[], remove: (id: string) => Promise<unknown>) {
  const tries: Promise<unknown>[] = [];
  for (const id of ids) {
    tries.push(remove(id));
    await tries.at(-1)?.catch(() => undefined);
  }
  return outcomes(tries);
}

const active = async (ids: readonly string[]) =>
  (await roll.client.query('select count(*)::int from app_user where active and id = any($1)', [ids])).rows[0].count;

/** Moves what the connection has done into the past. */
async function later(interval: string): Promise<void> {
  const values = [interval, idp.connection];
  await roll.client.query('update journal set at = at - $1::interval where connection = $2', values);
  await roll.client.query(
    `update removal_guard set spare_until = spare_until - $1::interval, full_until = full_until - $1::interval
      where connection = $2`,
    values,
  );
}

test('of 200 active people and 60 deactivations at once exactly 40 happen; the others do after an allowance (T-33, S-20)', async () => {
  const some = (await people(200)).slice(0, 60);
  const first = await outcomes(some.map((id) => deactivate(id)));
  expect(first).toMatchObject({ done: 40, held: 20 });
  expect(await active(some)).toBe(20);
  expect(first.faults[0]?.message).toBe(
    'held: this connection has deactivated or deleted 40 people within an hour, and its limit is 40 ' +
      '(20 % of its 200 active people, but at least 25); to let what is held pass, run: ' +
      `npx --no-install muster guard allow ${name} --tenant roll`,
  );
  expect(first.faults[0]?.details.retryAfterSeconds).toBeGreaterThan(0);
  expect(await outcomes(some.map((id) => deactivate(id)))).toMatchObject({ done: 40, held: 20 });
  expect((await listHeld(roll.admin, roll.db)).filter((row) => row.name === name)).toHaveLength(20);

  expect(await allowRemovals(roll.admin, roll.db, name)).toMatchObject({ more: 20 });
  // Another server, with connections of its own, knows of it too (F-36).
  const restarted = openTestDatabase(roll.database);
  expect(await outcomes(some.map((id) => deactivate(id, idp, restarted)))).toMatchObject({ done: 60, held: 0 });
  await restarted.close();
  expect(await active(some)).toBe(0);
  expect((await listHeld(roll.admin, roll.db)).filter((row) => row.name === name)).toEqual([]);
  const [one = ''] = await people(1);
  await expect(deactivate(one)).rejects.toMatchObject({ kind: 'held' });
});

test('deletions and deactivations count together, and few people are 25 at least', async () => {
  const ids = await people(30);
  expect(await inTurn(ids.slice(0, 13), (id) => deactivate(id))).toMatchObject({ done: 13 });
  const remove = (id: string) => deleteResource(idp, roll.db, userType, id);
  expect(await inTurn(ids.slice(13), remove)).toMatchObject({ done: 12, held: 5 });
  expect(await active(ids)).toBe(5);
  // Whoever is inactive anyway is no loss.
  expect(await inTurn(ids.slice(0, 13), remove)).toMatchObject({ done: 13, held: 0 });
});

test('what is held leaves no journal row, and is still held after a restart, until somebody has left the hour (F-36)', async () => {
  const ids = await people(27);
  expect(await inTurn(ids, (id) => deactivate(id))).toMatchObject({ done: 25, held: 2 });
  const { rows } = await roll.client.query('select resource from journal where connection = $1', [idp.connection]);
  expect(rows).toHaveLength(25);
  const restarted = openTestDatabase(roll.database);
  await expect(deactivate(ids[26] ?? '', idp, restarted)).rejects.toMatchObject({ kind: 'held' });
  await restarted.close();
  await later('59 minutes');
  await expect(deactivate(ids[26] ?? '')).rejects.toMatchObject({ kind: 'held' });
  await later('2 minutes');
  expect(await inTurn(ids.slice(25), (id) => deactivate(id))).toMatchObject({ done: 2 });
});

test('somebody who is switched off and on again and again counts once', async () => {
  const ids = await people(25);
  const [flipped = ''] = ids;
  for (let round = 0; round < 30; round += 1) {
    await deactivate(flipped);
    await setActive(flipped, true);
  }
  expect(await inTurn(ids.slice(1), (id) => deactivate(id))).toMatchObject({ done: 24 });
  await deactivate(flipped);
  const [one = ''] = await people(1);
  await expect(deactivate(one)).rejects.toMatchObject({ kind: 'held' });
  await setActive(flipped, true);
  await deactivate(flipped);
});

test('an allowance ends after an hour', async () => {
  const ids = await people(30);
  await inTurn(ids, (id) => deactivate(id));
  await allowRemovals(roll.admin, roll.db, name, 5);
  // The hour of the removals has not passed, only that of the allowance.
  await roll.client.query(`update removal_guard set spare_until = now() - interval '1 second' where connection = $1`, [
    idp.connection,
  ]);
  await expect(deactivate(ids[29] ?? '')).rejects.toMatchObject({ kind: 'held' });
});

test('an allowance before anything is held comes on top of the limit', async () => {
  const ids = await people(60);
  await expect(allowRemovals(roll.admin, roll.db, name)).rejects.toMatchObject({ kind: 'invalid_value' });
  await allowRemovals(roll.admin, roll.db, idp.connection, 10);
  expect(await outcomes(ids.map((id) => deactivate(id)))).toMatchObject({ done: 35, held: 25 });
});

test('whoever does not administer the tenant allows nothing, and sees nobody who is held', async () => {
  await expect(allowRemovals(idp, roll.db, name, 10)).rejects.toMatchObject({ kind: 'forbidden' });
  await expect(listHeld(idp, roll.db)).rejects.toMatchObject({ kind: 'forbidden' });
});

test('each connection has people and a limit of its own', async () => {
  const ids = await people(30);
  await inTurn(ids.slice(0, 25), (id) => deactivate(id));
  const other = { ...idp, connection: uuidv7() };
  await deactivate(ids[25] ?? '', other);
  // What he wrote last is his, also when he had not made it; who has no connection takes nobody away.
  const title = { changes: [{ op: 'set', path: 'title', value: 'Dr.' } as const], rules };
  await updateResource(other, roll.db, userType, ids[26] ?? '', title);
  await updateResource(roll.admin, roll.db, userType, ids[27] ?? '', title);
  const made = await createResource(idp, roll.db, userType, {
    changes: [{ op: 'set', path: 'userName', value: name }],
    rules,
  });
  const { rows } = await roll.client.query('select id, last_writer from app_user where id = any($1)', [
    [ids[26], ids[27], made.resource.id],
  ]);
  expect(new Map(rows.map((row) => [row.id, row.last_writer]))).toEqual(
    new Map([
      [ids[26], other.connection],
      [ids[27], idp.connection],
      [made.resource.id, idp.connection],
    ]),
  );
});

test('who works without a connection is not held', async () => {
  const ids = await people(30);
  expect(await outcomes(ids.map((id) => deactivate(id, roll.admin)))).toMatchObject({ done: 30 });
});

test.each([
  ['alert', 5],
  ['off', 0],
])('a guard that is set to %s lets everybody pass and keeps a record of %i', async (guard, recorded) => {
  await roll.client.query('update connection set guard = $2 where id = $1', [idp.connection, guard]);
  const ids = await people(30);
  expect(await outcomes(ids.map((id) => deactivate(id)))).toMatchObject({ done: 30 });
  const listed = (await listHeld(roll.admin, roll.db)).filter((row) => row.name === name);
  expect(listed.map((row) => [row.guard, row.passed])).toEqual(Array(recorded).fill([guard, true]));
});

test('the log tells how many of which connection were held, and again as long as it insists', async () => {
  const told: object[] = [];
  const teller = tellHeld({ db: roll.db, log: { warn: (details) => void told.push(details) } });
  await teller.run();
  told.length = 0;
  const ids = await people(28);
  await inTurn(ids, (id) => deactivate(id));
  await teller.run();
  await teller.run();
  const about = { tenant: 'roll', connection: name, passed: 0 };
  expect(told.splice(0)).toEqual([{ ...about, held: 3, tries: 3 }]);
  const [, one = '', other = ''] = ids.slice(25);
  await inTurn([one, other, one], (id) => deactivate(id));
  await teller.run();
  await teller.run();
  expect(told).toEqual([{ ...about, held: 2, tries: 3 }]);
});

test('an allowance between a removal that is held and its record is not lost', async () => {
  const ids = await people(27);
  expect(await inTurn(ids, (id) => deactivate(id))).toMatchObject({ done: 25, held: 2 });
  await roll.client.query('delete from removal_guard where connection = $1', [idp.connection]);
  let transactions = 0;
  const interrupted: Db = {
    ...roll.db,
    transaction: async (work) => {
      transactions += 1;
      if (transactions === 2) await allowRemovals(roll.admin, roll.db, name, 2);
      return roll.db.transaction(work);
    },
  };
  await expect(deactivate(ids[26] ?? '', idp, interrupted)).rejects.toMatchObject({ kind: 'held' });
  const { rows } = await roll.client.query('select spare, full_until::text from removal_guard where connection = $1', [
    idp.connection,
  ]);
  expect(rows).toEqual([{ spare: 2, full_until: '-infinity' }]);
  await deactivate(ids[26] ?? '');
});
