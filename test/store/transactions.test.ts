import type { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { commandCaller } from '#commands/command-caller.ts';
import { createTenant } from '#operations/create-tenant.ts';
import type { Db, Tx } from '#store/database.ts';
import { connectTo, freshDatabase, type TestDatabase } from '#test/support/database.ts';
import { postgresVersions } from '#test/support/postgres-versions.ts';
import { waitUntil } from '#test/support/wait-until.ts';
import { openTestDatabase } from './open-test-database.ts';

const pid = { name: 'pid', text: 'select pg_backend_pid() as pid' };
const one = { name: 'one', text: 'select 1 as one' };
const hold = (key: string) => ({ text: 'select 1 from slot where key = $1 for update', values: [key] });
const write = (key: string) => ({ text: 'update slot set writes = writes + 1 where key = $1', values: [key] });
const raise = (code: string) => ({ text: `do $$ begin raise exception using errcode = '${code}'; end $$`, values: [] });

describe.each(postgresVersions)('a transaction on PostgreSQL %i', (version) => {
  let database: TestDatabase;
  let client: Client;
  let db: Db;

  beforeAll(async () => {
    database = await freshDatabase(version);
    client = await connectTo(database);
    // After so long Postgres looks whether there is a deadlock.
    await client.query(`alter database ${database.connection.database} set deadlock_timeout = '50ms'`);
  });
  afterAll(() => client.end());

  beforeEach(async () => {
    await client.query('drop table if exists slot');
    await client.query(`create table slot (key text primary key, writes integer not null default 0)`);
    await client.query(`insert into slot (key) values ('a'), ('b')`);
    await client.query(`grant all on slot to ${database.serverConnection.user}`);
    db = openTestDatabase(database, { statementTimeoutMs: 2_000, lockTimeoutMs: 1_500 });
  });
  afterEach(() => db.close());

  const writesOf = async (key: string) =>
    (await client.query('select writes from slot where key = $1', [key])).rows[0].writes;

  async function kill(backend: unknown): Promise<void> {
    await client.query('select pg_terminate_backend($1)', [backend]);
    await waitUntil(async () => {
      const { rowCount } = await client.query('select 1 from pg_stat_activity where pid = $1', [backend]);
      return rowCount === 0;
    }, 'the backend to be gone');
  }

  test('whose backend is killed between two statements is unavailable, and the process lives (K-1)', async () => {
    const lost = db.transaction(async (tx) => {
      await tx.run(write('a'));
      const [row] = await tx.run(pid);
      await kill(row?.pid);
      await tx.run(write('b'));
    });
    await expect(lost).rejects.toMatchObject({
      kind: 'unavailable',
      details: { retryAfterSeconds: expect.any(Number) },
    });
    expect([await writesOf('a'), await writesOf('b')]).toEqual([0, 0]);
    await db.transaction((tx) => tx.run(write('a')));
    expect(await writesOf('a')).toBe(1);
  });

  test('all of whose backends are killed costs each connection one request at most (F-06)', async () => {
    await Promise.all(Array.from({ length: 10 }, () => db.read(one, [])));
    await Promise.all(Array.from({ length: 10 }, () => db.transaction((tx) => tx.run(one))));
    const { rows } = await client.query(
      `select pid from pg_stat_activity where application_name = 'muster' and datname = current_database()`,
    );
    for (const row of rows) await kill(row.pid);
    expect(rows.length).toBeGreaterThan(2);
    const answers = await Promise.allSettled(Array.from({ length: 40 }, () => db.read(one, [])));
    for (const answer of answers)
      if (answer.status === 'rejected') expect(answer.reason).toMatchObject({ kind: 'unavailable' });
    await waitUntil(async () => (await db.ready()) === true, 'the database to be ready again');
    await expect(db.transaction((tx) => tx.run(one))).resolves.toEqual([{ one: 1 }]);
  });

  test('that meets another in a deadlock is tried again, and both succeed (F-26)', async () => {
    const bothHold = Promise.withResolvers<void>();
    let [holding, tries] = [0, 0];
    const cross = (first: string, second: string) =>
      db.transaction(async (tx) => {
        tries += 1;
        await tx.run(hold(first));
        holding += 1;
        if (holding === 2) bothHold.resolve();
        await bothHold.promise;
        // What is sent meets the deadlock; what is run after it hears only that the transaction is lost.
        tx.send(write(second));
        await tx.run(one);
        await tx.run(write(first));
      });
    await Promise.all([cross('a', 'b'), cross('b', 'a')]);
    expect(tries).toBe(3);
    expect([await writesOf('a'), await writesOf('b')]).toEqual([2, 2]);
  });

  test('that cannot be serialised is tried five times, then it is unavailable and nothing is written (F-26)', async () => {
    let tries = 0;
    const failing = (times: number) => async (tx: Tx) => {
      tries += 1;
      await tx.run(write('a'));
      if (tries <= times) await tx.run(raise('40001'));
      return tries;
    };
    await expect(db.transaction(failing(4))).resolves.toBe(5);
    expect(await writesOf('a')).toBe(1);
    tries = 0;
    await expect(db.transaction(failing(5))).rejects.toMatchObject({ kind: 'unavailable' });
    expect([tries, await writesOf('a')]).toEqual([5, 1]);
  });

  test('that takes too long, or waits too long for a lock, is unavailable (F-08)', async () => {
    await client.query('begin');
    await client.query(hold('a'));
    const hasty = openTestDatabase(database, { statementTimeoutMs: 150, lockTimeoutMs: 2_000 });
    await expect(hasty.transaction((tx) => tx.run(write('a')))).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(hasty.list({ text: 'select pg_sleep(5)', values: [] })).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(hasty.read(one, [])).resolves.toEqual([{ one: 1 }]);
    await hasty.close();
    const impatient = openTestDatabase(database, { statementTimeoutMs: 5_000, lockTimeoutMs: 50 });
    await expect(impatient.transaction((tx) => tx.run(write('a')))).rejects.toMatchObject({
      kind: 'unavailable',
      details: { cause: { code: '55P03' } },
    });
    await client.query('rollback');
    await impatient.transaction((tx) => tx.run(write('a')));
    await impatient.close();
    expect(await writesOf('a')).toBe(1);
  });

  test('that a thrown error ends leaves nothing, and its connection serves the next one', async () => {
    const single = openTestDatabase(database, { poolMax: 1 });
    for (const fail of [() => Promise.reject(new Error('ours')), (tx: Tx) => tx.run(raise('22012'))]) {
      const failed = single.transaction(async (tx) => {
        await tx.run(write('a'));
        await fail(tx);
      });
      await expect(failed).rejects.toThrow();
    }
    await single.transaction((tx) => tx.run(write('b')));
    await single.close();
    expect([await writesOf('a'), await writesOf('b')]).toEqual([0, 1]);
  });

  test('that finds no free connection is unavailable after a while, not for ever (F-10)', async () => {
    const single = openTestDatabase(database, { poolMax: 1 });
    const free = Promise.withResolvers<void>();
    const holder = single.transaction(() => free.promise);
    await expect(single.transaction((tx) => tx.run(one))).rejects.toMatchObject({ kind: 'unavailable' });
    expect(await single.ready()).toBe(true);
    free.resolve();
    await holder;
    await expect(single.transaction((tx) => tx.run(one))).resolves.toEqual([{ one: 1 }]);
    await single.close();
  });

  test('and a read go on after a migration has changed what a prepared plan gives (K-17)', async () => {
    const single = openTestDatabase(database, { poolMax: 1 });
    const all = { name: 'all', text: 'select * from slot order by key' };
    const inTransaction = () => single.transaction((tx) => tx.run(all));
    const read = () => Promise.all([single.read(all), single.read(all), single.list({ ...all, values: [] })]);
    await Promise.all([inTransaction(), read()]);
    await client.query('alter table slot add colour text');
    expect((await inTransaction())[0]).toHaveProperty('colour');
    for (const rows of await read()) expect(rows[0]).toHaveProperty('colour');
    await single.close();
  });

  test('that makes a tenant of a taken name says which name, by the constraint', async () => {
    await createTenant(commandCaller(), db, 'twice');
    await expect(createTenant(commandCaller(), db, 'twice')).rejects.toMatchObject({
      kind: 'already_exists',
      details: { attribute: 'name' },
    });
  });
});
