import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { userType } from '#attributes/resource-type.ts';
import { commandCaller } from '#commands/command-caller.ts';
import { openRoll } from '#commands/open-roll.ts';
import { readConfig } from '#config.ts';
import { createResource } from '#operations/create-resource.ts';
import { createTenant } from '#operations/create-tenant.ts';
import { openDatabase } from '#store/database.ts';
import { grantServerRole } from '#store/grant-server-role.ts';
import { migrate } from '#store/migrate.ts';
import { findTenant } from '#store/tenants.ts';
import { connectTo, emptyDatabase, freshDatabase, type TestDatabase } from '#test/support/database.ts';
import { shipped } from '#test/support/migration-folder.ts';
import { postgresVersions } from '#test/support/postgres-versions.ts';
import { withClient } from '#test/support/with-client.ts';
import { changesOf, rules } from '../operations/open-roll.ts';

const denied = { code: '42501' };
const newRole = () => `role_${randomBytes(6).toString('hex')}`;

describe.each(postgresVersions)('the role of the server on PostgreSQL %i', (version) => {
  let database: TestDatabase;
  let server: Client;
  let owner: Client;
  beforeAll(async () => {
    database = await freshDatabase(version);
    owner = await connectTo(database);
    await owner.query("insert into tenant (name) values ('roll')");
    await owner.query(`insert into journal (tenant, dialect, request_id, kind, resource, action, changes)
      values (1, 'scim', 'r', 'User', gen_random_uuid(), 'created', '[]')`);
    server = new Client(database.serverConnection);
    await server.connect();
  });
  afterAll(() => Promise.all([server.end(), owner.end()]));

  test.each([
    "update journal set changes = '[]' where tenant = 1",
    'delete from journal where tenant = 1',
    'truncate journal',
    "update journal_seal set chain_hash = '' where tenant = 1",
    'delete from journal_seal where tenant = 1',
    'truncate journal_seal',
    'delete from migration',
    'update retention set journal_days = 1',
    'truncate app_user',
  ])('cannot say: %s', async (statement) => {
    await expect(server.query(statement)).rejects.toMatchObject(denied);
  });

  test.each([
    'create table thing (a integer)',
    'drop table journal',
    'alter table journal add column thing text',
    'alter table journal disable trigger all',
    'create index on app_user (label)',
    'create sequence thing',
    'grant update on journal to current_user',
    'create role other',
    'set role postgres',
    "copy tenant to program 'cat'",
  ])('cannot change the schema, or who it is: %s', async (statement) => {
    const held = await server.query(statement).then(
      () => server.query("select has_table_privilege('journal', 'update') as may"),
      (error: unknown) => error,
    );
    // A grant by somebody who has nothing to give is a warning and no error.
    if (held instanceof Error) expect(held).toMatchObject(denied);
    else expect(held).toMatchObject({ rows: [{ may: false }] });
  });

  test('can add to the journal and change everything else', async () => {
    await server.query(`insert into journal (tenant, dialect, request_id, kind, resource, action, changes)
      values (1, 'scim', 'r', 'User', gen_random_uuid(), 'created', '[]')`);
    const { rows } = await owner.query<{ name: string; rights: string[] }>(
      `select relname as name, array(
        select r from unnest(array['select', 'insert', 'update', 'delete', 'truncate']) r where has_table_privilege($1, oid, r)
      ) as rights from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')`,
      [database.serverConnection.user],
    );
    const unusual = rows.filter(({ rights }) => rights.join() !== 'select,insert,update,delete');
    expect(Object.fromEntries(unusual.map(({ name, rights }) => [name, rights.join()]))).toEqual({
      journal: 'select,insert',
      journal_seal: 'select,insert',
      journal_anchor: 'select',
      migration: 'select',
      retention: 'select',
    });
  });

  test('is the only one who may call what works with the rights of the owner', async () => {
    const { rows } = await owner.query<{ name: string; open: boolean; path: string[] | null }>(
      `select proname as name, proconfig as path,
        exists (select from aclexplode(coalesce(proacl, acldefault('f', proowner))) where grantee = 0) as open
      from pg_proc where pronamespace = 'public'::regnamespace and prosecdef`,
    );
    expect(rows.length).toBeGreaterThan(1);
    // A path that a caller can choose would let him put tables of his own before those that a function means.
    expect(rows.filter(({ open, path }) => open || path?.[0] !== 'search_path=public, pg_temp')).toEqual([]);
  });

  test('numbers the people of the tenants that it makes, and of no other thing', async () => {
    await server.query("select make_number_sequence('app_user', 77)");
    expect((await server.query("select nextval('app_user_number_77')")).rows).toEqual([{ nextval: '1' }]);
    await expect(server.query("select make_number_sequence('journal', 78)")).rejects.toMatchObject({ code: '22023' });
  });
});

const openAs = (databaseUrl: string, migrateUrl?: string, settings: Readonly<Record<string, string>> = {}) => {
  const lines: string[] = [];
  const log = { info: () => undefined, warn: (line: string) => void lines.push(line) };
  const env = { DATABASE_URL: databaseUrl, ...(migrateUrl !== undefined && { MIGRATE_DATABASE_URL: migrateUrl }) };
  const options = { as: 'command', retains: Object.keys(settings).length > 0, log } as const;
  return openRoll(readConfig({ ...env, ...settings }), options).then((roll) => ({ roll, lines }));
};

const urlAs = ({ url }: TestDatabase, user: string) => url.replace(/\/\/[^@]+@/, `//${user}@`);

describe('a role of the server', () => {
  let database: TestDatabase;
  let owner: Client;
  beforeAll(async () => {
    database = await freshDatabase();
    owner = await connectTo(database);
  });
  afterAll(() => owner.end());

  test('gets at a start what later migrations bring, and once only', async () => {
    const role = { name: database.serverConnection.user, make: false };
    await owner.query('create table later (a integer); create sequence later_number');
    expect(await grantServerRole(owner, role)).toBe(true);
    const { rows: granted } = await owner.query("select xmin from pg_class where relname = 'later'");
    await withClient(database.serverConnection, (server) =>
      server.query("insert into later (a) values (nextval('later_number'))"),
    );
    await grantServerRole(owner, role);
    const { rows } = await owner.query("select xmin from pg_class where relname = 'later'");
    expect(rows).toEqual(granted);
  });

  test('loses at a start the rights that somebody gave it by mistake', async () => {
    const role = { name: database.serverConnection.user, make: false };
    await owner.query(`grant all on journal to ${role.name}`);
    expect(await grantServerRole(owner, role)).toBe(true);
    const { rows } = await owner.query(
      `select has_table_privilege($1, 'journal', 'update, delete, truncate, references, trigger') as may`,
      [role.name],
    );
    expect(rows).toEqual([{ may: false }]);
    // What everybody may do, the server may too: then it says so.
    await owner.query('grant delete on journal to public');
    expect(await grantServerRole(owner, role)).toBe(false);
    await owner.query('revoke delete on journal from public');
  });

  test('DATABASE_URL gets the rights of the server from the owner in MIGRATE_DATABASE_URL', async () => {
    const database = await emptyDatabase();
    const server = database.serverConnection.user;
    const { roll, lines } = await openAs(urlAs(database, server), database.url);
    await createTenant(commandCaller(), roll.db, 'roll');
    const caller = commandCaller(await findTenant(roll.db, 'roll'));
    await createResource(caller, roll.db, userType, { changes: changesOf({ userName: 'ada' }), rules });
    await roll.close();
    expect(lines).toEqual([]);
    await withClient(database.serverConnection, async (client) => {
      expect((await client.query('select current_user as name')).rows).toEqual([{ name: server }]);
      await expect(client.query('delete from journal')).rejects.toMatchObject(denied);
    });
    // Later the server starts without the owner's URL, as when a job of its own migrates.
    const again = await openAs(urlAs(database, server));
    await again.roll.close();
    expect(again.lines).toEqual([]);
  });

  test('the role of the database that came along is made where it is not there, also by two at once', async () => {
    const role = { name: newRole(), make: true };
    const databases = [database, await freshDatabase()];
    const owners = await Promise.all([...databases, ...databases].map(connectTo));
    expect(await Promise.all(owners.map((owner) => grantServerRole(owner, role)))).toEqual([true, true, true, true]);
    const seen = await Promise.all(
      owners.map((owner) =>
        owner.query('select rolsuper, rolcreaterole, rolcanlogin from pg_roles where rolname = $1', [role.name]),
      ),
    );
    expect(seen[0]?.rows).toEqual([{ rolsuper: false, rolcreaterole: false, rolcanlogin: true }]);
    await Promise.all(owners.map((owner) => owner.end()));
  });

  test('the owner says for how long what happened is kept; the server alone does not, and says so', async () => {
    const server = urlAs(database, database.serverConnection.user);
    const retained = async (...given: Parameters<typeof openAs>) => {
      const { roll, lines } = await openAs(...given);
      await roll.close();
      const { rows } = await owner.query('select journal_days, request_log_days from retention');
      return [...Object.values(rows[0]), lines.length];
    };
    expect(await retained(server, database.url, { JOURNAL_DAYS: '400', REQUEST_LOG_DAYS: '7' })).toEqual([400, 7, 0]);
    expect(await retained(server, database.url), 'a command has other settings').toEqual([400, 7, 0]);
    expect(await retained(server, undefined, { JOURNAL_DAYS: '400', REQUEST_LOG_DAYS: '7' })).toEqual([400, 7, 0]);
    expect(await retained(server, undefined, { JOURNAL_DAYS: '1', REQUEST_LOG_DAYS: '7' })).toEqual([400, 7, 1]);
    expect(await retained(server, database.url, { REQUEST_LOG_DAYS: '0' })).toEqual([null, 0, 0]);
  });

  test('a role that is not there is told in one sentence', async () => {
    await expect(openAs(urlAs(database, 'nobody_at_all'), database.url)).rejects.toThrow(
      'The database has no role nobody_at_all, as which the server connects; create it or correct DATABASE_URL.',
    );
  });

  test('one user for both gives up his rights to the journal, and a superuser cannot, which is said', async () => {
    const database = await emptyDatabase();
    const owner = await connectTo(database);
    const name = newRole();
    await owner.query(`create role ${name} login; alter database ${database.connection.database} owner to ${name}`);
    await owner.query(`grant all on schema public to ${name}; set role ${name}`);
    await migrate(owner, shipped);
    expect(await grantServerRole(owner, { name, make: false })).toBe(true);
    await owner.query("insert into tenant (name) values ('roll')");
    await expect(owner.query('delete from journal')).rejects.toMatchObject(denied);
    await owner.end();

    const { roll, lines } = await openAs(database.url);
    await roll.close();
    expect(lines).toEqual([
      'the database user of DATABASE_URL can change and delete rows of the journal; ' +
        'give the server a user that is no superuser, and the owner of the tables its own URL in MIGRATE_DATABASE_URL',
    ]);
  });

  test('what the role lacks is unavailable, and the statement is in no answer (42501)', async () => {
    const db = openDatabase({
      connection: database.serverConnection,
      poolMax: 1,
      statementTimeoutMs: 5_000,
      lockTimeoutMs: 2_000,
      log: () => undefined,
    });
    const forbidden = db.transaction((tx) => tx.run({ text: 'truncate journal', values: [] }));
    await expect(forbidden).rejects.toMatchObject({
      kind: 'unavailable',
      message: expect.not.stringContaining('journal'),
      details: { retryAfterSeconds: expect.any(Number), cause: denied },
    });
    await db.close();
  });
});
