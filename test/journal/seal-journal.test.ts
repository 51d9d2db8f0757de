import type { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { userType } from '#attributes/resource-type.ts';
import type { Finding } from '#journal/check-link.ts';
import { type ChainHead, sealJournal } from '#journal/seal-journal.ts';
import { type VerifyOptions, verifyChain } from '#journal/verify-chain.ts';
import { openRoll, type TestRoll } from '#test/operations/open-roll.ts';
import { waitUntil } from '#test/support/wait-until.ts';
import { sealJournals } from '#workers/seal-journal.ts';

let roll: TestRoll;
let client: Client;
beforeAll(async () => {
  roll = await openRoll(18);
  client = roll.client;
});
afterAll(() => roll.close());

const patience = { deadlineMs: 60_000 };
const verify = (options?: VerifyOptions) => verifyChain(roll.db, roll.caller.tenant, options);

/** Seals until no row is left that no seal covers: other databases' transactions hold the horizon back. */
async function sealAll(): Promise<void> {
  const isDone = async () => {
    await sealJournal(roll.db, roll.caller.tenant, 3);
    return (await verify()).unsealed === 0;
  };
  await waitUntil(isDone, 'every row to be sealed', patience);
}

async function make(...names: string[]): Promise<void> {
  for (const userName of names) {
    await roll.create(userType, { userName, title: 'Dr.' });
    await client.query("update journal set address = '192.0.2.1' where sequence = (select max(sequence) from journal)");
  }
}

describe('the chain', () => {
  test('takes up what is written, in several batches, and holds', async () => {
    await sealAll();
    const before = (await verify()).sealed;
    await make('a', 'b', 'c', 'd', 'e', 'f', 'g');
    await sealAll();
    await make('h');
    await sealAll();
    const { head, ...rest } = await verify();
    expect(rest).toEqual({ sealed: before + 8, unsealed: 0, erased: 0, begins: 1 });
    expect(head).toEqual({ position: before + 8, hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(await verify({ kept: head as { hash: string } })).not.toHaveProperty('finding');
  });

  test('is made by one server at a time, and several together make one', async () => {
    const before = (await verify()).sealed;
    await make('i', 'j', 'k', 'l');
    const workers = [1, 2, 3].map(() => sealJournals({ db: roll.db, log: { info: () => undefined } }));
    const isDone = async () => {
      await Promise.all(workers.map(({ run }) => run()));
      return (await verify()).unsealed === 0;
    };
    await waitUntil(isDone, 'every row to be sealed', patience);
    expect(await verify()).toMatchObject({ sealed: before + 4 });
    expect(await verify()).not.toHaveProperty('finding');
  });

  test('has its head in the log, once in ten minutes', async () => {
    const lines: object[] = [];
    let now = 0;
    const info = (details: object) => void lines.push(details);
    const worker = sealJournals({ db: roll.db, log: { info }, clock: () => now });
    const sealOne = async (name: string) => {
      await make(name);
      const { sealed } = await verify();
      const isDone = async () => {
        await worker.run();
        return (await verify()).sealed > sealed;
      };
      await waitUntil(isDone, 'the row to be sealed', patience);
    };
    await sealOne('m');
    const { head } = await verify();
    await sealOne('n');
    now = 600_000;
    await sealOne('o');
    expect(lines).toEqual([
      { tenant: 'roll', ...head },
      { tenant: 'roll', ...(await verify()).head },
    ]);
  });
});

interface Tampering {
  readonly what: string;
  /** Statements of the database's owner; $1 to $5 are the numbers of five sealed rows, #1 to #5 their positions. */
  readonly how: string;
  readonly kind: Finding['kind'];
  /** Which of the five rows is named: its number and position, or its position alone. */
  readonly row?: number;
  readonly place?: number;
  readonly options?: VerifyOptions;
}

const aRow = (xact: string, at: string) => `insert into journal (tenant, sequence, xact, at, dialect, request_id, kind,
  resource, action, changes) overriding system value
  select tenant, sequence - 1, ${xact}, ${at}, 'scim', 'r', 'User', resource, 'updated', '[]' from journal where sequence = $3`;

const tamperings: readonly Tampering[] = [
  { what: 'changed changes', how: `update journal set changes = '[]' where sequence = $2`, kind: 'altered', row: 2 },
  {
    what: 'changed an address',
    how: `update journal set address = '::1' where sequence = $2`,
    kind: 'altered',
    row: 2,
  },
  {
    what: 'took an address out',
    how: `update journal set address = null where sequence = $2`,
    kind: 'altered',
    row: 2,
  },
  { what: 'changed a time', how: `update journal set at = at + '1 ms' where sequence = $3`, kind: 'altered', row: 3 },
  {
    what: 'changed the first row',
    how: `update journal set connection = null where sequence = $1`,
    kind: 'altered',
    row: 1,
  },
  {
    what: 'changed the last row',
    how: `update journal set members = '{}' where sequence = $5`,
    kind: 'altered',
    row: 5,
  },
  {
    what: 'changed two rows',
    how: `update journal set removes = true where sequence in ($4, $2)`,
    kind: 'altered',
    row: 2,
  },
  {
    what: 'erased without a word',
    how: `update journal set changes = '[]' where sequence = $2;
      update journal_seal set changes_salt = null where sequence = $2`,
    kind: 'altered',
    row: 2,
  },
  {
    what: 'changed a seal',
    how: `update journal_seal set chain_hash = '\\x00' where sequence = $3`,
    kind: 'altered',
    row: 3,
  },
  { what: 'removed a row', how: 'delete from journal where sequence = $3', kind: 'removed', row: 3 },
  {
    what: 'removed a row and its seal',
    how: 'delete from journal where sequence = $3; delete from journal_seal where sequence = $3',
    kind: 'removed',
    place: 3,
  },
  {
    what: 'removed a row and its seal and closed the gap',
    how: `delete from journal where sequence = $3; delete from journal_seal where sequence = $3;
      update journal_seal set position = #3 where sequence = $4`,
    kind: 'altered',
    place: 3,
  },
  {
    what: 'removed the first rows and their seals',
    how: 'delete from journal where sequence < $2; delete from journal_seal where sequence < $2',
    kind: 'removed',
    place: 1,
  },
  {
    what: 'made two rows change places',
    how: `alter table journal alter sequence set generated by default; update journal set sequence = -1 where sequence = $2; update journal set sequence = $2 where sequence = $3;
      update journal set sequence = $3 where sequence = -1`,
    kind: 'altered',
    row: 2,
  },
  {
    what: 'made two rows and their seals change places',
    how: `update journal_seal set position = -1 where sequence = $2; update journal_seal set position = #2 where sequence = $4;
      update journal_seal set position = #4 where sequence = $2`,
    kind: 'altered',
    place: 2,
  },
  {
    what: 'put a row in with the transaction of another',
    how: aRow('xact', 'at'),
    kind: 'inserted',
  },
  {
    what: 'put a row in with an old time',
    how: aRow('pg_current_xact_id()', `now() - interval '2 hours'`),
    kind: 'inserted',
  },
  {
    what: 'put a row in with an old time and a seal before the beginning',
    how: `${aRow('pg_current_xact_id()', `now() - interval '2 hours'`)};
      insert into journal_seal (tenant, position, sequence, xact, since, sealed_at, changes_hash, chain_hash)
      select tenant, 0, $3 - 1, xact, 0, sealed_at, changes_hash, chain_hash from journal_seal where sequence = $1`,
    kind: 'inserted',
  },
  {
    what: 'cut the newest rows off with their seals',
    how: 'delete from journal where sequence > $4; delete from journal_seal where sequence > $4',
    kind: 'cut off',
    place: 5,
  },
];

describe('a journal in which somebody', () => {
  let numbers: number[];
  let first: number;
  let kept: ChainHead | undefined;
  beforeAll(async () => {
    await client.query('delete from journal; delete from journal_seal');
    for (const name of ['v', 'w', 'x', 'y', 'z']) {
      await make(name);
      await client.query(`select nextval(pg_get_serial_sequence('journal', 'sequence'))`);
    }
    await sealAll();
    const { rows } = await client.query('select sequence::int, position::int from journal_seal order by position');
    numbers = rows.map(({ sequence }) => sequence);
    first = rows[0].position;
    kept = (await verify()).head;
    await client.query('create table kept_journal as table journal; create table kept_seal as table journal_seal');
  });
  afterEach(async () => {
    await client.query(`delete from journal; delete from journal_seal;
      insert into journal overriding system value table kept_journal; insert into journal_seal table kept_seal`);
  });

  const filled = (text: string) =>
    text
      .replaceAll(/\$(\d)/g, (_, digit: string) => String(numbers[Number(digit) - 1]))
      .replaceAll(/#(\d)/g, (_, digit: string) => String(first + Number(digit) - 1));

  test.each(tamperings)('$what is found out', async ({ how, kind, row, place, options }) => {
    expect(numbers).toHaveLength(5);
    await client.query(filled(how));
    const { finding } = await verify({ ...options, ...(kept !== undefined && { kept }) });
    expect(finding).toMatchObject({
      kind,
      ...(row !== undefined && { sequence: numbers[row - 1] }),
      ...((row ?? place) !== undefined && { position: first + (row ?? place ?? 0) - 1 }),
      ...(kind === 'inserted' && { sequence: (numbers[2] ?? 0) - 1 }),
    });
  });

  test('put a row in and waited until it was sealed is found out', async () => {
    await client.query(filled(aRow('pg_current_xact_id()', 'now()')));
    await sealAll();
    expect(await verify()).not.toHaveProperty('finding');
    const { finding } = await verify({ toleranceMs: 0 });
    expect(finding).toMatchObject({ kind: 'inserted', sequence: (numbers[2] ?? 0) - 1, position: first + 5 });
  });

  test('made the whole chain anew is found out by a head that was kept', async () => {
    await client.query(filled(`delete from journal_seal; update journal set changes = '[]' where sequence = $2`));
    await sealAll();
    expect(await verify()).not.toHaveProperty('finding');
    expect((await verify({ kept: kept as ChainHead })).finding).toMatchObject({ kind: 'altered', position: first + 4 });
    expect((await verify({ kept: { hash: kept?.hash ?? '' } })).finding).toMatchObject({ kind: 'cut off' });
  });
});
