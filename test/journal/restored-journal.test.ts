import type { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { userType } from '#attributes/resource-type.ts';
import { emptyChain, linksOf, sealJournal } from '#journal/seal-journal.ts';
import { verifyChain } from '#journal/verify-chain.ts';
import { insertSeals, readBehind } from '#store/journal-seals.ts';
import { openRoll, type TestRoll } from '#test/operations/open-roll.ts';
import { waitUntil } from '#test/support/wait-until.ts';

let roll: TestRoll;
let client: Client;
let numbers: number[];
beforeAll(async () => {
  roll = await openRoll(18);
  client = roll.client;
});
afterAll(() => roll.close());
beforeEach(async () => {
  await client.query('delete from journal; delete from journal_seal');
  for (let made = 0; made < 5; made += 1) await make();
  await sealAll();
  const { rows } = await client.query('select sequence::int from journal_seal order by position');
  numbers = rows.map(({ sequence }) => sequence);
});

const verify = () => verifyChain(roll.db, roll.caller.tenant);
const make = () => roll.create(userType, { userName: crypto.randomUUID() });

/** Seals until no row is left that no seal covers: other databases' transactions hold the horizon back. */
async function sealAll(): Promise<void> {
  const isDone = async () => {
    await sealJournal(roll.db, roll.caller.tenant, 3);
    return (await verify()).unsealed === 0;
  };
  await waitUntil(isDone, 'every row to be sealed', { deadlineMs: 60_000 });
}

test('a journal whose transactions have lower ids again after a restore goes on', async () => {
  const later = '(xact::text::bigint + 4294967296)::text::xid8';
  await client.query(`delete from journal_seal; update journal set xact = ${later}`);
  // As the old database would have done it: its ids were that high, and two rows were not sealed yet.
  await roll.db.transaction(async (tx) => {
    const { entries, sealedAt } = await readBehind(tx, roll.caller.tenant, emptyChain, { allOver: true, count: 3 });
    insertSeals(tx, roll.caller.tenant, linksOf(emptyChain, entries, sealedAt));
  });
  await make();
  await sealAll();
  await make();
  await sealAll();
  expect(await verify()).toEqual({ sealed: 7, unsealed: 0, erased: 0, begins: 1, head: expect.anything() });
});

test('a restore that is noticed only when ids have passed those of the seals is seen by the numbers', async () => {
  // The last seals have ids beyond those of rows that were written after the restore; ids are past all of them by now.
  await client.query(`delete from journal_seal where sequence >= $1`, [numbers[3]]);
  await client.query(`update journal set xact = '5' where sequence in ($1, $2)`, [numbers[3], numbers[4]]);
  expect(await verify()).not.toHaveProperty('finding');
  await sealAll();
  await make();
  await sealAll();
  expect(await verify()).toEqual({ sealed: 6, unsealed: 0, erased: 0, begins: 1, head: expect.anything() });
  const { rows } = await client.query('select sequence::int from journal_seal order by position limit 5');
  expect(rows.map(({ sequence }) => sequence)).toEqual(numbers);
});

test('a restore that is noticed late takes up what the dump held unsealed', async () => {
  await client.query(`delete from journal_seal where sequence >= $1`, [numbers[2]]);
  // The third row has a higher id than the fourth, which was sealed before the dump was made.
  await client.query(`update journal set xact = '8' where sequence = $1`, [numbers[2]]);
  await client.query(`update journal set xact = '7' where sequence in ($1, $2, $3)`, [
    numbers[0],
    numbers[1],
    numbers[3],
  ]);
  await client.query('delete from journal_seal');
  await roll.db.transaction(async (tx) => {
    const { entries, sealedAt } = await readBehind(tx, roll.caller.tenant, emptyChain, { allOver: true, count: 3 });
    insertSeals(tx, roll.caller.tenant, linksOf(emptyChain, entries, sealedAt));
  });
  await client.query(`update journal set xact = '5' where sequence = $1`, [numbers[4]]);
  await sealAll();
  expect(await verify()).toEqual({ sealed: 5, unsealed: 0, erased: 0, begins: 1, head: expect.anything() });
  const { rows } = await client.query('select sequence::int from journal_seal order by position');
  expect(rows.map(({ sequence }) => numbers.indexOf(sequence))).toEqual([0, 1, 3, 2, 4]);
});
