import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ask, makeDataFolder, makeFolder, start } from './data-folders.ts';
import { end, hold, isAlive, postmasterPid } from './processes.ts';

test('a second server on the folder is told who has it, and the first is unharmed', async () => {
  const folder = await makeDataFolder();
  const first = await hold(folder, 'server');
  await expect(start(folder)).rejects.toThrow(
    `the data folder ${folder} is in use by the Muster server with process id ${first.process.pid}: ` +
      'stop that one, or give this one a folder of its own with MUSTER_DATA',
  );
  expect(await ask(first.postgres, 'select 1')).toBe(1);
  expect(await end(first.process, 'SIGTERM')).toBe(0);
});

test('a killed server does not keep the folder, though its process id has gone to another process', async () => {
  const folder = await makeDataFolder();
  const killed = await hold(folder, 'server');
  await end(killed.process, 'SIGKILL');
  writeFileSync(path.join(folder, 'locks/server.pid'), String(process.pid));
  const next = await start(folder);
  expect(await ask(next, 'select 1')).toBe(1);
  await next.stop();
});

test('a command uses the Postgres of a running server and leaves it running', async () => {
  const folder = await makeDataFolder();
  const server = await start(folder);
  const command = await hold(folder, 'command');
  expect(postmasterPid(command.postgres)).toBe(postmasterPid(server));
  expect(await end(command.process, 'SIGTERM')).toBe(0);
  expect(await ask(server, 'select 1')).toBe(1);
  await server.stop();
});

test('a command without a server starts Postgres and stops it', async () => {
  const folder = await makeDataFolder();
  const command = await start(folder, { as: 'command' });
  const pid = postmasterPid(command);
  expect(await ask(command, 'select 1')).toBe(1);
  await command.stop();
  expect(isAlive(pid)).toBe(false);
});

test('a server that starts while a command has Postgres up keeps it when the command ends', async () => {
  const folder = await makeDataFolder();
  const command = await hold(folder, 'command');
  const server = await start(folder);
  const pid = postmasterPid(server);
  await end(command.process, 'SIGTERM');
  expect(await ask(server, 'select 1')).toBe(1);
  await server.stop();
  expect(isAlive(pid)).toBe(false);
});

test('a command outlives the server that started Postgres, and then stops it', async () => {
  const folder = await makeDataFolder();
  const server = await start(folder);
  const command = await start(folder, { as: 'command' });
  const pid = postmasterPid(server);
  await server.stop();
  expect(await ask(command, 'select 1')).toBe(1);
  await command.stop();
  expect(isAlive(pid)).toBe(false);
});

test('a killed command counts for nothing when the last user stops', async () => {
  const folder = await makeDataFolder();
  const killed = await hold(folder, 'command');
  const pid = postmasterPid(killed.postgres);
  const last = await start(folder, { as: 'command' });
  await end(killed.process, 'SIGKILL');
  await last.stop();
  expect(isAlive(pid)).toBe(false);
});

test('a server and commands that begin at once on a new folder share one Postgres, which the last one stops', async () => {
  const folder = path.join(makeFolder(), 'data');
  const all = await Promise.all([start(folder), start(folder, { as: 'command' }), hold(folder, 'command')]);
  const [server, command, holder] = all;
  const pids = [server, command, holder.postgres].map(postmasterPid);
  expect(new Set(pids).size).toBe(1);
  const answers = [server, command, holder.postgres].map((postgres) => ask(postgres, 'select 1'));
  expect(await Promise.all(answers)).toEqual([1, 1, 1]);
  await Promise.all([server.stop(), command.stop(), end(holder.process, 'SIGTERM')]);
  expect(pids.map(isAlive)).toEqual([false, false, false]);
});
