import type { Client } from 'pg';
import { describe, expect, test } from 'vitest';
import { migrate } from '#store/migrate.ts';
import { connectTo, emptyDatabase } from '#test/support/database.ts';
import { contentsOf, makeMigrationFolder, shipped } from '#test/support/migration-folder.ts';
import { type PostgresVersion, postgresVersions } from '#test/support/postgres-versions.ts';
import { withClient } from '#test/support/with-client.ts';

describe.each(postgresVersions)('a migration of PostgreSQL %i that is interrupted', (version) => {
  // The versions take turns: each statement is the last of one of them.
  const turn = postgresVersions.indexOf(version);

  test('after one of many statements of the shipped migrations leaves nothing, and the next start completes (F-20)', async () => {
    const statements = await countStatements(version);
    expect(statements).toBeGreaterThan(killsMax);
    const database = await emptyDatabase(version);
    const start = () => withClient(database.connection, (client) => migrate(client, shipped));
    await withClient(database.connection, async (admin) => {
      await killAtStatement(admin);
      for (const statement of spread(statements).filter((_, kill) => kill % postgresVersions.length === turn)) {
        await admin.query('update test.stop set at = $1', [statement]);
        await admin.query("select setval('test.statement', 1, false)");
        await expect(start()).rejects.toThrow(
          'The connection broke while the database was migrated; start again to complete the migration.',
        );
        expect(await contentsOf(admin), `after statement ${statement}`).toEqual([]);
      }
      await admin.query('update test.stop set at = 0');
      await start();
      expect(await contentsOf(admin)).toContain('journal');
    });
  });

  test('before any question of the runner leaves nothing (F-20)', async () => {
    const database = await emptyDatabase(version);
    const folder = await makeMigrationFolder();
    await withClient(database.connection, async (admin) => {
      let kills = 0;
      for (let done = false; !done; kills += done ? 0 : 1) {
        const client = await connectTo(database);
        killBeforeQuery(client, admin, kills + 1);
        const outcome = await migrate(client, folder).catch((error: Error) => error);
        await client.end();
        done = !(outcome instanceof Error);
        if (!done) expect(await contentsOf(admin), `before question ${kills + 1}`).toEqual([]);
      }
      expect(kills).toBeGreaterThan(10);
      expect(await contentsOf(admin)).toContain('fruit');
    });
  });
});

/** How many statements of DDL the shipped migrations have. */
async function countStatements(version: PostgresVersion): Promise<number> {
  const { connection } = await emptyDatabase(version);
  return withClient(connection, async (admin) => {
    await killAtStatement(admin);
    await withClient(connection, (client) => migrate(client, shipped));
    const { rows } = await admin.query('select last_value::int as count from test.statement');
    return rows[0].count;
  });
}

const killsMax = 25;

/** Numbers from the first to the last, evenly spread: each costs a run of all statements before it. */
function spread(last: number): readonly number[] {
  const numbers = Array.from({ length: killsMax }, (_, kill) => 1 + Math.round((kill * (last - 1)) / (killsMax - 1)));
  return [...new Set(numbers)];
}

/** From now on the session that runs DDL in this database dies after the statement whose number test.stop holds. */
async function killAtStatement(admin: Client): Promise<void> {
  await admin.query(`
    create schema test;
    create sequence test.statement;
    create table test.stop (at integer);
    insert into test.stop values (0);
    create function test.kill() returns event_trigger language plpgsql as $$
    begin
      if exists (select from pg_event_trigger_ddl_commands() where not in_extension)
        and nextval('test.statement') = (select at from test.stop) then
        perform pg_terminate_backend(pg_backend_pid());
      end if;
    end $$;
    create event trigger kill on ddl_command_end execute function test.kill();
  `);
}

/** Ends the session of a client on the server before it asks its n-th question. */
function killBeforeQuery(client: Client, admin: Client, n: number): void {
  const ask = client.query.bind(client) as (...question: readonly unknown[]) => Promise<unknown>;
  let asked = 0;
  const askOrDie = async (...question: readonly unknown[]) => {
    asked += 1;
    if (asked === n) {
      const { rows } = (await ask('select pg_backend_pid() as pid')) as { rows: { pid: number }[] };
      await admin.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
    }
    return ask(...question);
  };
  Object.assign(client, { query: askOrDie });
}
