import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { userType } from '#attributes/resource-type.ts';
import { insertJournalRow } from '#store/journal-rows.ts';
import { type JournalPlace, journalStart, readJournal } from '#store/journal-windows.ts';
import { openRoll, type TestRoll } from '#test/operations/open-roll.ts';
import { connectTo } from '#test/support/database.ts';
import { postgresVersions } from '#test/support/postgres-versions.ts';
import { waitUntil } from '#test/support/wait-until.ts';

/** How far a reader has come: every transaction below is over, and its rows are read. Decision 0004. */
interface Reader extends JournalPlace {
  readonly seen: readonly number[];
}

/** Other test files have long transactions in other databases of the cluster, and these hold the horizon back too. */
const patienceMs = 60_000;

/** Few, so that a window has several pages. */
const pageRows = 7;

const nextHorizon = 'select pg_snapshot_xmin(pg_current_snapshot())::text as horizon';
/** What a reader who goes on behind the highest number that he has seen would ask. */
const byNumber = `select sequence::int as sequence from journal
  where tenant = $1 and sequence > $2 and xact < pg_snapshot_xmin(pg_current_snapshot()) order by sequence`;

describe.each(postgresVersions)('readers of the journal on PostgreSQL %i', { timeout: patienceMs * 2 }, (version) => {
  let roll: TestRoll;
  let client: Client;
  beforeAll(async () => {
    roll = await openRoll(version);
    client = await connectTo(roll.database);
  });
  afterAll(async () => {
    await client.end();
    await roll.close();
  });

  const numbers = async (text: string, ...values: unknown[]): Promise<number[]> =>
    (await client.query(text, [roll.caller.tenant, ...values])).rows.map(({ sequence }) => sequence);

  async function readOn({ horizon: from, seen }: Reader): Promise<Reader> {
    let [place, read]: [JournalPlace, number[]] = [{ horizon: from }, []];
    do {
      const { entries, next } = await readJournal(roll.db, roll.caller.tenant, place, pageRows);
      [place, read] = [next, [...read, ...entries.map(({ sequence }) => sequence)]];
    } while (place.window !== undefined);
    return { horizon: place.horizon, seen: [...seen, ...read] };
  }

  /** Reads on as soon as this transaction, and all that began before it, are over. */
  async function readPast(reader: Reader, xact: string): Promise<Reader> {
    const isOver = async () => BigInt((await client.query(nextHorizon)).rows[0].horizon) > BigInt(xact);
    await waitUntil(isOver, `the end of transaction ${xact}`, { deadlineMs: patienceMs });
    return readOn(reader);
  }

  const nextXact = async (): Promise<string> =>
    (await client.query('select pg_current_xact_id()::text as xact')).rows[0].xact;

  const readAll = async (reader: Reader): Promise<Reader> => readPast(reader, await nextXact());

  const fromNow = async (): Promise<Reader> => ({ ...(await readAll({ ...journalStart, seen: [] })), seen: [] });

  /** A transaction with an id of its own, which writes its row and commits when it is told to. */
  async function writer() {
    const [started, mayWrite, written, mayCommit] = [
      Promise.withResolvers<string>(),
      Promise.withResolvers<void>(),
      Promise.withResolvers<number>(),
      Promise.withResolvers<void>(),
    ];
    const committed = roll.db.transaction(async (tx) => {
      const [begun] = await tx.run({ text: 'select pg_current_xact_id()::text as xact', values: [] });
      started.resolve(begun?.xact as string);
      await mayWrite.promise;
      insertJournalRow(tx, {
        ...{ tenant: roll.caller.tenant, dialect: 'scim', requestId: 'late', kind: 'User', action: 'updated' },
        ...{ resource: '00000000-0000-7000-8000-000000000001', changes: '[]', removes: false },
      });
      const [row] = await tx.run({ text: `select currval(pg_get_serial_sequence('journal', 'sequence'))`, values: [] });
      written.resolve(row?.currval as number);
      await mayCommit.promise;
    });
    return {
      xact: await started.promise,
      write: () => {
        mayWrite.resolve();
        return written.promise;
      },
      commit: () => {
        mayCommit.resolve();
        return committed;
      },
    };
  }

  test('miss no row of a transaction that began first and commits last', async () => {
    let reader = await fromNow();
    const [slow, fast] = [await writer(), await writer()];
    const rows = [await slow.write(), await fast.write()];
    await fast.commit();
    reader = await readOn(reader);
    expect(reader.seen).toEqual([]);
    await slow.commit();
    reader = await readAll(reader);
    expect(reader.seen).toEqual(rows);
    expect((await readOn(reader)).seen).toEqual(rows);
  });

  test('miss no row with a lower number of a transaction that began later, as readers by number do', async () => {
    let reader = await fromNow();
    const before = (await numbers(byNumber, 0)).at(-1) ?? 0;
    const [first, second] = [await writer(), await writer()];
    const low = await second.write();
    const high = await first.write();
    await first.commit();
    reader = await readPast(reader, first.xact);
    expect([reader.seen, await numbers(byNumber, before)]).toEqual([[high], [high]]);
    await second.commit();
    reader = await readAll(reader);
    expect([reader.seen, await numbers(byNumber, high)]).toEqual([[high, low], []]);
  });

  test('see the changes of one resource in the order in which they were made', async () => {
    const reader = await fromNow();
    const early = await writer();
    const { id } = await roll.create(userType, { userName: 'ordered' });
    await roll.update(userType, id, [{ op: 'set', path: 'title', value: 'one' }]);
    expect((await readOn(reader)).seen).toEqual([]);
    const last = await early.write();
    await early.commit();
    const { seen } = await readAll(reader);
    expect(seen).toEqual([last - 2, last - 1, last]);
  });

  test('miss nothing of many writers that commit in any order, and see each row once', async () => {
    let reader = await fromNow();
    const [before] = (await client.query('select coalesce(max(sequence), 0)::int as last from journal')).rows;
    let isWriting = true;
    const reading = (async () => {
      while (isWriting) reader = await readOn(reader);
    })();
    const names = Array.from({ length: 100 }, (_, index) => `writer${index}`);
    await Promise.all(names.map((userName) => roll.create(userType, { userName })));
    isWriting = false;
    await reading;
    const { seen } = await readAll(reader);
    const written = await numbers(
      'select sequence::int as sequence from journal where tenant = $1 and sequence > $2',
      before.last,
    );
    expect(written).toHaveLength(100);
    expect([...seen].sort((one, other) => one - other)).toEqual(written.sort((one, other) => one - other));
  });
});
