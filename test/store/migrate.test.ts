import { cp, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { migrate } from '#store/migrate.ts';
import { connectTo, emptyDatabase, type TestDatabase } from '#test/support/database.ts';
import { makeFolder } from '#test/support/make-folder.ts';
import { contentsOf, makeMigrationFolder, shipped } from '#test/support/migration-folder.ts';
import { postgresVersions } from '#test/support/postgres-versions.ts';
import { waitUntil } from '#test/support/wait-until.ts';
import { withClient } from '#test/support/with-client.ts';

const impatient = { turnMs: 100, tableMs: 100, attemptsMax: 3 };
const migrateOnce = (database: TestDatabase, folder: string) =>
  withClient(database.connection, (client) => migrate(client, folder, impatient));

describe.each(postgresVersions)('migrating PostgreSQL %i', (version) => {
  test('a fresh database gets every migration that the program ships', async () => {
    const database = await emptyDatabase(version);
    const { applied } = await migrateOnce(database, shipped);
    expect(applied).toEqual((await readdir(shipped)).sort());
    const rows = await withClient(database.connection, async (client) => {
      return (await client.query('select name, checksum from migration order by number')).rows;
    });
    expect(rows).toEqual(applied.map((name) => ({ name, checksum: expect.stringMatching(/^[0-9a-f]{64}$/) })));
  });

  test('a second start applies nothing', async () => {
    const database = await emptyDatabase(version);
    const folder = await makeMigrationFolder();
    await migrateOnce(database, folder);
    expect(await migrateOnce(database, folder)).toEqual({ applied: [] });
  });

  test('a new migration is applied to a database that has the older ones', async () => {
    const database = await emptyDatabase(version);
    await migrateOnce(database, await makeMigrationFolder());
    const folder = await makeMigrationFolder({ '0003_taste.sql': 'alter table fruit add taste text;' });
    expect(await migrateOnce(database, folder)).toEqual({ applied: ['0003_taste.sql'] });
  });

  test('of four processes at once one migrates and the others find nothing to do (F-19)', async () => {
    const database = await emptyDatabase(version);
    const results = await Promise.all(
      [1, 2, 3, 4].map(() => withClient(database.connection, (client) => migrate(client, shipped))),
    );
    const lengths = results.map(({ applied }) => applied.length).sort();
    expect(lengths).toEqual([0, 0, 0, (await readdir(shipped)).length]);
  });

  test('a database that is newer than the program is refused with both versions and not touched (F-21)', async () => {
    const database = await emptyDatabase(version);
    await migrateOnce(database, await makeMigrationFolder({ '0003_taste.sql': 'alter table fruit add taste text;' }));
    await withClient(database.connection, async (client) => {
      const before = await contentsOf(client);
      await expect(migrate(client, await makeMigrationFolder(), impatient)).rejects.toThrow(
        'The database is at migration 3 and this program knows 2; start the newer program.',
      );
      expect(await contentsOf(client)).toEqual(before);
    });
  });

  test('a migration that was edited after it was applied is refused by its name (F-22)', async () => {
    const database = await emptyDatabase(version);
    await migrateOnce(database, await makeMigrationFolder());
    const edited = await makeMigrationFolder({
      '0002_colour.sql': 'alter table fruit add color text;\n',
      '0003_taste.sql': 'alter table fruit add taste text;',
    });
    await expect(migrateOnce(database, edited)).rejects.toThrow(
      '0002_colour.sql was edited after it was applied; restore the file and write a new migration.',
    );
    expect(await withClient(database.connection, contentsOf)).toEqual([
      'fruit',
      'fruit_name_idx',
      'migration',
      'migration_pkey',
    ]);
  });
});

describe('a busy database', () => {
  test('lets a migration in when the table that it waits for becomes free', async () => {
    const database = await emptyDatabase();
    await migrateOnce(database, await makeMigrationFolder());
    const folder = await makeMigrationFolder({ '0003_taste.sql': 'alter table fruit add taste text;' });
    const holder = await connectTo(database);
    await holder.query('begin; select from fruit');
    const migration = withClient(database.connection, (client) =>
      migrate(client, folder, { ...impatient, attemptsMax: 100 }),
    );
    const attempts = new Set<string>();
    await withClient(database.connection, (observer) =>
      waitUntil(async () => {
        const { rows } = await observer.query<{ attempt: string }>(
          `select a.xact_start::text as attempt from pg_locks l join pg_stat_activity a using (pid)
           where not l.granted and l.relation = 'fruit'::regclass`,
        );
        for (const row of rows) attempts.add(row.attempt);
        return attempts.size > 1;
      }, 'a second attempt'),
    );
    await holder.query('commit');
    expect(await migration).toEqual({ applied: ['0003_taste.sql'] });
    await holder.end();
  });

  test('is left alone after a few attempts, with a sentence that says what to do', async () => {
    const database = await emptyDatabase();
    await migrateOnce(database, await makeMigrationFolder());
    const folder = await makeMigrationFolder({ '0003_taste.sql': 'alter table fruit add taste text;' });
    await withClient(database.connection, async (holder) => {
      await holder.query('begin; select from fruit');
      await expect(migrateOnce(database, folder)).rejects.toThrow(
        'The migration could not lock its tables in 3 attempts; stop what uses the database and start again.',
      );
    });
  });

  test('is not waited for without end while another process migrates', async () => {
    const database = await emptyDatabase();
    await withClient(database.connection, async (other) => {
      await other.query('begin');
      const folder = await makeMigrationFolder({ '0003_hold.sql': 'select pg_advisory_lock(1);' });
      await other.query('select pg_advisory_lock(1)');
      const first = withClient(database.connection, (client) => migrate(client, folder, { ...impatient, tableMs: 0 }));
      await waitUntil(async () => {
        const { rows } = await other.query("select from pg_locks where locktype = 'advisory' and not granted");
        return rows.length === 1;
      }, 'the first process to migrate');
      await expect(migrateOnce(database, folder)).rejects.toThrow(
        'Another process is still migrating the database after 100 ms; wait for it or stop it.',
      );
      await other.query('select pg_advisory_unlock(1)');
      expect((await first).applied).toHaveLength(3);
    });
  });
});

describe('a migration is refused', () => {
  test('when it fails, with its name, the line and what Postgres says, and nothing of the others stays', async () => {
    const database = await emptyDatabase();
    const folder = await makeMigrationFolder({
      '0003_broken.sql': 'create table nut (name text);\n\nalter table nutt add x int;',
    });
    await expect(migrateOnce(database, folder)).rejects.toThrow(
      /^0003_broken\.sql fails at line \d: relation "nutt" does not exist; nothing was changed, mend it and start again\.$/,
    );
    expect(await withClient(database.connection, contentsOf)).toEqual([]);
  });

  test.each([
    ['0003.sql', '0003.sql in FOLDER is not named like a migration; name it NNNN_name.sql or move it away.'],
    ['notes.txt', 'notes.txt in FOLDER is not named like a migration; name it NNNN_name.sql or move it away.'],
    [
      '0003_Taste.sql',
      '0003_Taste.sql in FOLDER is not named like a migration; name it NNNN_name.sql or move it away.',
    ],
    ['0004_taste.sql', '0004_taste.sql in FOLDER should have the number 3; number the migrations without gaps.'],
    ['0002_twice.sql', '0002_twice.sql in FOLDER should have the number 3; number the migrations without gaps.'],
  ])('when the folder has %s', async (name, message) => {
    const database = await emptyDatabase();
    const folder = await makeMigrationFolder({ [name]: 'select 1;' });
    await expect(migrateOnce(database, folder)).rejects.toThrow(message.replace('FOLDER', folder));
    expect(await withClient(database.connection, contentsOf)).toEqual([]);
  });

  test('when the folder is empty or missing', async () => {
    const database = await emptyDatabase();
    const empty = await makeFolder({});
    await expect(migrateOnce(database, empty)).rejects.toThrow('has no migrations; install the program again.');
    await rm(empty, { recursive: true });
    await expect(migrateOnce(database, empty)).rejects.toThrow('cannot be read; install the program again.');
  });

  test('when the database lost one of the older ones', async () => {
    const database = await emptyDatabase();
    const folder = await makeMigrationFolder();
    await migrateOnce(database, folder);
    await withClient(database.connection, (client) => client.query('delete from migration where number = 1'));
    await expect(migrateOnce(database, folder)).rejects.toThrow(
      'The database has migration 2 but not 1; restore it from a backup.',
    );
  });

  test('when the server is older than PostgreSQL 15', async () => {
    const database = await emptyDatabase();
    await withClient(database.connection, async (client) => {
      // A function of the same name, found first, lets this server say that it is an old one.
      await client.query(`
        create function public.current_setting(text) returns text language sql
        return case $1 when 'server_version' then '14.9' else '140009' end;
        set search_path = public, pg_catalog;
      `);
      await expect(migrate(client, await makeMigrationFolder(), impatient)).rejects.toThrow(
        'The database is PostgreSQL 14.9; use PostgreSQL 15 or later.',
      );
    });
  });
});

test('a checkout with CRLF has the same migrations', async () => {
  const database = await emptyDatabase();
  const folder = await makeMigrationFolder();
  await migrateOnce(database, folder);
  const other = await makeFolder({});
  await cp(folder, other, { recursive: true });
  await writeFile(path.join(other, '0002_colour.sql'), 'alter table fruit add colour text;\r\n');
  expect(await migrateOnce(database, other)).toEqual({ applied: [] });
});
