import { chmodSync, chownSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { ask, makeDataFolder, makeFolder, start } from './data-folders.ts';
import { end, hold, isAlive, postmasterPid } from './processes.ts';

describe('a cluster that npm brought along', () => {
  test('is made with the safe settings, whatever LANG says', async () => {
    const { LANG: _, LC_ALL: __, ...env } = process.env;
    const folder = path.join(makeFolder(), 'data');
    const holder = await hold(folder, 'server', env);
    const settings = await ask(
      holder.postgres,
      `select jsonb_object_agg(name, setting) from pg_settings where name in
       ('server_encoding', 'data_checksums', 'listen_addresses', 'unix_socket_permissions', 'shared_buffers', 'TimeZone')`,
    );
    expect(settings).toEqual({
      server_encoding: 'UTF8',
      data_checksums: 'on',
      listen_addresses: '',
      unix_socket_permissions: '0700',
      shared_buffers: '16384',
      TimeZone: 'UTC',
    });
    expect(await ask(holder.postgres, "select lower('ЖУК')")).toBe('жук');
    expect(await end(holder.process, 'SIGTERM')).toBe(0);
  });

  test('keeps its data from one start to the next, and nothing of it runs in between', async () => {
    const folder = await makeDataFolder();
    const first = await start(folder);
    const pid = postmasterPid(first);
    await ask(first, 'create table kept as select 42 as answer');
    await first.stop();
    expect(isAlive(pid)).toBe(false);
    const second = await start(folder);
    expect(await ask(second, 'select answer from kept')).toBe(42);
    await second.stop();
  });

  test('keeps fsync on unless it is told otherwise', async () => {
    const postgres = await start(await makeDataFolder(), { settings: {} });
    expect(await ask(postgres, 'show fsync')).toBe('on');
    await postgres.stop();
  });

  test('lets in nobody but root and the account that runs Muster, by any role but its own two', async () => {
    const postgres = await start(await makeDataFolder());
    await ask(postgres, 'create role muster_app login');
    await ask(postgres, 'create role stranger login');
    expect(await ask({ ...postgres, user: 'muster_app' }, 'select current_user')).toBe('muster_app');
    await expect(ask({ ...postgres, user: 'stranger' }, 'select 1')).rejects.toThrow('Peer authentication failed');
    await postgres.stop();
  });

  test('can be PostgreSQL 15', async () => {
    const postgres = await start(path.join(makeFolder(), 'data'), { version: 15 });
    expect(await ask(postgres, 'show server_version_num')).toMatch(/^15/);
    expect(await ask(postgres, 'show data_checksums')).toBe('on');
    await postgres.stop();
  });

  test.each([
    ['spaces, quotes, a dollar and Cyrillic letters', `it's "my" $HOME папка, \\ and more`],
    ['more bytes than a socket may have', 'ж'.repeat(60)],
  ])('lies in a folder whose path has %s', async (_, name) => {
    const folder = await makeDataFolder(name);
    const postgres = await start(folder);
    expect(await ask(postgres, 'show data_directory')).toBe(path.join(folder, 'postgres/data'));
    await postgres.stop();
  });
});

describe('one sentence says what to do when', () => {
  test('the data folder is a file', async () => {
    const file = path.join(makeFolder(), 'file');
    writeFileSync(file, '');
    await expect(start(file)).rejects.toThrow(/^the data folder .* is not a folder: .* MUSTER_DATA$/);
  });

  test('the data are those of another PostgreSQL', async () => {
    const folder = await makeDataFolder();
    await expect(start(folder, { version: 15 })).rejects.toThrow(
      /holds data of PostgreSQL 18 and Muster brings PostgreSQL 15: .* MUSTER_DATA$/,
    );
    await (await start(folder)).stop();
  });

  test('Postgres does not start, in words of its own', async () => {
    const folder = await makeDataFolder();
    await expect(start(folder, { settings: { max_connections: 'many' } })).rejects.toThrow(
      /^PostgreSQL does not start on .*invalid value for parameter "max_connections"/,
    );
    await (await start(folder)).stop();
  });

  test('the folder for the socket is open to others', async () => {
    const folder = await makeDataFolder();
    const socket = path.join(folder, 'postgres/socket');
    const { uid, gid } = statSync(path.join(folder, 'postgres/data'));
    mkdirSync(socket);
    chownSync(socket, uid, gid);
    chmodSync(socket, 0o755);
    await expect(start(folder)).rejects.toThrow(/socket would go, belongs to others: remove it and start again$/);
  });

  test('the folder for the socket is a link to another place', async () => {
    const folder = await makeDataFolder();
    symlinkSync(makeFolder(), path.join(folder, 'postgres/socket'));
    await expect(start(folder)).rejects.toThrow(/socket would go, belongs to others: remove it and start again$/);
  });
});
