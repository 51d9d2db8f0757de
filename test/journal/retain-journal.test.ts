import { afterAll, beforeAll, expect, test } from 'vitest';
import { userType } from '#attributes/resource-type.ts';
import { sealJournal } from '#journal/seal-journal.ts';
import { verifyChain } from '#journal/verify-chain.ts';
import { writeRetention } from '#store/retention.ts';
import { openRoll, type TestRoll } from '#test/operations/open-roll.ts';
import { waitUntil } from '#test/support/wait-until.ts';
import { withClient } from '#test/support/with-client.ts';
import { retainJournal } from '#workers/retain-journal.ts';

let roll: TestRoll;
beforeAll(async () => {
  roll = await openRoll(18);
});
afterAll(() => roll.close());

/** One row is out of order on purpose: it is younger than its time says. */
const toleranceMs = 90 * 86_400_000;
const verify = () => verifyChain(roll.db, roll.caller.tenant, { toleranceMs });
const lines: object[] = [];
const keepFor = async (days?: number, stopping?: AbortSignal) => {
  expect(await writeRetention(roll.client, { journalDays: days, requestLogDays: 30 })).toBe(true);
  await retainJournal({ db: roll.db, log: { info: (line) => void lines.push(line) } }).run(stopping);
};

async function make(count: number): Promise<void> {
  for (let made = 0; made < count; made += 1) await roll.create(userType, { userName: crypto.randomUUID() });
}

const isSealed = async () => {
  await sealJournal(roll.db, roll.caller.tenant);
  return (await verify()).unsealed === 0;
};
const sealAll = () => waitUntil(isSealed, 'every row to be sealed', { deadlineMs: 60_000 });

test('rows that are old enough go, in the order of the chain, which begins behind them and holds', async () => {
  await make(5);
  await roll.client.query(`update journal set at = at - interval '40 days'`);
  await make(3);
  await roll.client.query(
    `update journal set at = at - interval '40 days' where sequence = (select max(sequence) from journal)`,
  );
  await sealAll();
  const { sealed, head } = await verify();
  await keepFor();
  await keepFor(41);
  expect((await verify()).sealed).toBe(sealed);
  await keepFor(30);
  expect(lines).toEqual([{ tenant: 'roll', rows: sealed - 3, days: 30 }]);
  expect(await verify()).toEqual({
    ...{ sealed: 3, unsealed: 0, erased: 0, begins: sealed - 2, head },
  });
  const { rows } = await roll.client.query('select count(*)::int as rows from journal');
  expect(rows[0].rows).toBe(3);
});

test('a chain of which nothing is kept goes on behind its end, and what is altered then is found', async () => {
  const before = await verify();
  await roll.client.query(`update journal set at = at - interval '40 days'`);
  const count = async () => (await roll.client.query('select from journal')).rowCount;
  await keepFor(30, AbortSignal.abort());
  expect(await count(), 'a server that stops begins nothing').toBe(3);
  await keepFor(30);
  expect(await count()).toBe(0);
  expect(await verify()).toEqual({ sealed: 0, unsealed: 0, erased: 0, begins: (before.head?.position ?? 0) + 1 });
  await make(2);
  await sealAll();
  const { sealed, begins, head } = await verify();
  expect({ sealed, begins, end: head?.position }).toEqual({
    ...{ sealed: 2, begins: (before.head?.position ?? 0) + 1, end: (before.head?.position ?? 0) + 2 },
  });
  await roll.client.query(`update journal set dialect = 'x' where sequence = (select max(sequence) from journal)`);
  expect((await verify()).finding).toMatchObject({ kind: 'altered', position: head?.position });
  await roll.client.query(`update journal set dialect = 'scim'`);
});

test('who removes the first rows himself is found out all the same', async () => {
  await roll.client.query(`with first as (select min(position) as position from journal_seal)
    delete from journal_seal where position = (select position from first)`);
  expect((await verify()).finding).toMatchObject({ kind: 'removed' });
});

test('a journal that is to be kept for ever again does not take the missing rows for tampering', async () => {
  await keepFor();
  expect((await verify()).finding).not.toMatchObject({ position: 1 });
});

test('a beginning that moved although the journal is kept for ever is found out', async () => {
  await keepFor(30);
  await keepFor();
  await roll.client.query(`update journal_anchor set moved_at = clock_timestamp() + interval '1 second'`);
  expect((await verify()).finding).toMatchObject({ kind: 'removed', position: 1 });
});

test('the server cannot say for how long the journal is kept, and without a word of the owner nothing goes', async () => {
  await keepFor();
  await roll.client.query(`update journal set at = at - interval '40 days'`);
  await withClient(roll.database.serverConnection, async (server) => {
    expect(await writeRetention(server, { journalDays: 1, requestLogDays: 30 })).toBe(false);
    expect(await writeRetention(server, { requestLogDays: 30 })).toBe(true);
    for (const text of [
      'update retention set journal_days = 1',
      'insert into retention (request_log_days) values (0)',
      'delete from retention',
      'select drop_old_journal(1, 1, 2000)',
    ]) {
      await expect(server.query(text)).rejects.toThrow(/permission denied|does not exist/);
    }
    const { rows } = await server.query('select drop_old_journal($1, 2000)::int as rows', [roll.caller.tenant]);
    expect(rows).toEqual([{ rows: 0 }]);
  });
});

test('the server cannot move the beginning of a chain', async () => {
  const move = { text: 'update journal_anchor set position = 0 where tenant = $1', values: [roll.caller.tenant] };
  await expect(roll.db.transaction((tx) => tx.run(move))).rejects.toThrow(/may not do this/);
});
