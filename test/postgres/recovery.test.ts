import { spawn } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { waitUntil } from '#test/support/wait-until.ts';
import { ask, isRoot, makeDataFolder, makeFolder, start } from './data-folders.ts';
import { end, hold, isAlive, postmasterPid } from './processes.ts';

const strangers: ReturnType<typeof spawn>[] = [];
afterEach(() => strangers.splice(0).map((stranger) => stranger.kill('SIGKILL')));

test('Postgres is started again when it is killed, each time, with all that was committed', async () => {
  const postgres = await start(await makeDataFolder());
  await ask(postgres, 'create table kept (n int)');
  for (const n of [1, 2]) {
    await ask(postgres, `insert into kept values (${n})`);
    const pid = postmasterPid(postgres);
    process.kill(pid, 'SIGKILL');
    await waitUntil(() => !postgres.ready(), 'the watch to see that Postgres is gone');
    await waitUntil(() => postgres.ready(), 'the watch to start Postgres again');
    expect(postmasterPid(postgres)).not.toBe(pid);
  }
  expect(await ask(postgres, 'select sum(n)::int from kept')).toBe(3);
  await postgres.stop();
});

test('Postgres that ends while it is being stopped is not started again', async () => {
  const postgres = await start(await makeDataFolder());
  process.kill(postmasterPid(postgres), 'SIGKILL');
  await postgres.stop();
  // The lock file is the one that the killed Postgres left: no later one has tidied up after itself.
  await waitUntil(() => !isAlive(postmasterPid(postgres)), 'the end of the killed Postgres');
});

test('a killed server leaves Postgres to the next, which adopts it and leaves no orphan', async () => {
  const folder = await makeDataFolder();
  const killed = await hold(folder, 'server');
  await ask(killed.postgres, 'create table kept as select 42 as answer');
  const pid = postmasterPid(killed.postgres);
  await end(killed.process, 'SIGKILL');
  expect(isAlive(pid)).toBe(true);
  const next = await start(folder);
  expect(postmasterPid(next)).toBe(pid);
  expect(await ask(next, 'select answer from kept')).toBe(42);
  await next.stop();
  expect(isAlive(pid)).toBe(false);
});

test('an adopted Postgres is watched too', async () => {
  const folder = await makeDataFolder();
  const killed = await hold(folder, 'server');
  await end(killed.process, 'SIGKILL');
  const next = await start(folder);
  const pid = postmasterPid(next);
  process.kill(pid, 'SIGKILL');
  await waitUntil(() => existsSync(pidFile(folder)) && postmasterPid(next) !== pid && next.ready(), 'a new Postgres');
  expect(await ask(next, 'select 1')).toBe(1);
  await next.stop();
});

test('a server and its Postgres killed together are recovered by the next', async () => {
  const folder = await makeDataFolder();
  const killed = await hold(folder, 'server');
  await ask(killed.postgres, 'create table kept as select 42 as answer');
  const pid = postmasterPid(killed.postgres);
  await end(killed.process, 'SIGKILL');
  process.kill(pid, 'SIGKILL');
  const next = await start(folder);
  expect(await ask(next, 'select answer from kept')).toBe(42);
  await next.stop();
});

test('a lock file that names a process of something else does not keep Postgres from starting', async () => {
  const folder = await makeDataFolder();
  const data = path.join(folder, 'postgres/data');
  const { uid, gid } = statSync(data);
  // Postgres believes only in processes of its own account.
  const stranger = spawn('/bin/sh', ['-c', 'read line'], { ...(isRoot ? { uid, gid } : {}), cwd: '/', stdio: 'pipe' });
  strangers.push(stranger);
  writeFileSync(pidFile(folder), `${stranger.pid}\n${data}\n1\n5432\n/tmp\n\n  1 1\nready   \n`);
  if (isRoot) chownSync(pidFile(folder), uid, gid);
  const postgres = await start(folder);
  expect(postmasterPid(postgres)).not.toBe(stranger.pid);
  await postgres.stop();
  expect(isAlive(Number(stranger.pid))).toBe(true);
});

test('a socket that a killed Postgres left behind, locked by a process of something else, is replaced', async () => {
  const folder = await makeDataFolder();
  const { uid, gid } = statSync(path.join(folder, 'postgres/data'));
  const stranger = spawn('/bin/sh', ['-c', 'read line'], { ...(isRoot ? { uid, gid } : {}), cwd: '/', stdio: 'pipe' });
  strangers.push(stranger);
  const socket = path.join(folder, 'postgres/socket');
  mkdirSync(socket, { mode: 0o700 });
  if (isRoot) chownSync(socket, uid, gid);
  writeFileSync(path.join(socket, '.s.PGSQL.5432.lock'), `${stranger.pid}\n/elsewhere\n1\n5432\n${socket}\n`);
  const postgres = await start(folder);
  expect(await ask(postgres, 'select 1')).toBe(1);
  await postgres.stop();
});

test('an initdb that was interrupted is begun again from nothing', async () => {
  const folder = path.join(makeFolder(), 'data');
  const holder = hold(folder, 'server').then(
    () => 'up',
    () => 'killed',
  );
  const clusterFolder = path.join(folder, 'postgres');
  const unfinished = () =>
    (existsSync(clusterFolder) ? readdirSync(clusterFolder) : []).filter((name) => /-/.test(name));
  await waitUntil(
    () => unfinished().some((name) => existsSync(path.join(clusterFolder, name, 'base'))),
    'half an initdb',
  );
  process.kill(Number(readFileSync(path.join(folder, 'locks/server.pid'), 'utf8')), 'SIGKILL');
  expect(await holder).toBe('killed');
  expect(existsSync(path.join(clusterFolder, 'data'))).toBe(false);
  const postgres = await start(folder);
  expect(await ask(postgres, 'select 1')).toBe(1);
  await postgres.stop();
});

function pidFile(folder: string): string {
  return path.join(folder, 'postgres/data/postmaster.pid');
}
