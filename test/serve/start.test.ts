import { once } from 'node:events';
import { mkdirSync, statSync, symlinkSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import path from 'node:path';
import { expect, test } from 'vitest';
import { makeDataFolder, makeFolder } from '#test/postgres/data-folders.ts';
import { isAlive } from '#test/postgres/processes.ts';
import { waitUntil } from '#test/support/wait-until.ts';
import {
  failToServe,
  firstToken,
  greeted,
  launcher,
  main,
  postgresPid,
  run,
  send,
  serveOn,
  stop,
} from './run-muster.ts';

test('a first start says how to begin, what it says works when pasted, and a second start finds the data', async () => {
  const folder = path.join(makeFolder(), "Ж's folder", 'data');
  const first = await serveOn(folder);
  expect(first.stdout()).toContain(`SCIM base URL: ${first.url}/scim/v2`);
  expect(first.stdout()).toContain(`The token of the first connection is in ${folder}/first-token`);
  expect(first.stdout()).not.toContain(firstToken(folder));
  expect(first.stdout()).toContain('npx --no-install muster connection create --name NAME --dialect scim');
  expect(first.stdout()).toContain(`Data folder: ${folder}\nStop with Ctrl-C, or from elsewhere with: kill `);
  for (const file of ['first-token', 'server-url']) expect(statSync(path.join(folder, file)).mode & 0o777).toBe(0o600);
  expect(statSync(folder).mode & 0o007).toBe(0);
  const [create, find] = curlLines(first.stdout());
  expect(JSON.parse(await shell(create)).userName).toBe('ada@example.org');
  expect(JSON.parse(await shell(find)).totalResults).toBe(1);
  const token = firstToken(folder);
  expect(await stop(first)).toMatchObject({ code: 0, stderr: '' });
  const second = await serveOn(folder, { LOG_LEVEL: 'silent' });
  expect(second.stdout()).toContain('\n\nMake a token: npx --no-install muster connection create');
  expect(second.stdout()).not.toMatch(/mst_|first-token/);
  const [found] = JSON.parse(await (await send(second.url, token, 'GET', '/Users')).text()).Resources;
  expect(found.meta.location).toBe(`${second.url}/scim/v2/Users/${found.id}`);
  expect((await stop(second)).stdout).not.toContain('{"level"');
});

test('on a terminal the token is shown, this once, and kept in no file', async () => {
  const folder = await makeDataFolder();
  const command = `exec '${process.execPath}' '${launcher}' '${main}'`;
  const terminal = run('script', ['-qec', command, '/dev/null'], { MUSTER_DATA: folder, PORT: '0' });
  const { url } = await greeted(terminal);
  const said = terminal.stdout().replaceAll('\r', '');
  const token = /Token of the first connection, shown this once: (mst_\w+)\n/.exec(said)?.[1] ?? '';
  expect(() => firstToken(folder)).toThrow('ENOENT');
  const [create, find] = curlLines(said);
  expect(JSON.parse(await shell(create)).userName).toBe('ada@example.org');
  expect(JSON.parse(await shell(find)).totalResults).toBe(1);
  expect((await send(url, token, 'GET', '/Users')).status).toBe(200);
  process.kill(Number(/kill (\d+)/.exec(said)?.[1]), 'SIGHUP');
  await terminal.ended;
  expect(postgresPid(folder)).toBeUndefined();
});

test('a port that is taken is told in one sentence, and does not cost the first token', async () => {
  const folder = await makeDataFolder();
  const { port, release } = await takePort();
  const failed = await failToServe({ MUSTER_DATA: folder, PORT: String(port) });
  expect(failed.code).toBe(1);
  expect(failed.stderr).toBe(
    `Port ${port} of 127.0.0.1 is already in use; stop the program that uses it, or set PORT to a free port.\n`,
  );
  expect(postgresPid(folder)).toBeUndefined();
  release();
  const publicUrl = 'https://id.example.org/roll';
  const server = await serveOn(folder, { PORT: String(port), PUBLIC_URL: `${publicUrl}/` });
  expect(server.url).toBe(publicUrl);
  const answer = await send(`http://127.0.0.1:${port}`, firstToken(folder), 'POST', '/Users', { userName: 'ada' });
  const { id, meta } = JSON.parse(await answer.text());
  expect(meta.location).toBe(`${publicUrl}/scim/v2/Users/${id}`);
  expect(answer.headers.get('location')).toBe(meta.location);
  expect((await stop(server)).code).toBe(0);
});

test('a second server on one data folder says who has it, and the first goes on, also without Postgres for a while (F-17)', async () => {
  const folder = await makeDataFolder();
  const server = await serveOn(folder);
  const second = await failToServe({ MUSTER_DATA: folder });
  expect(second.code).toBe(1);
  expect(second.stderr).toBe(
    `The data folder ${folder} is in use by the Muster server with process id ${server.child.pid}: ` +
      'stop that one, or give this one a folder of its own with MUSTER_DATA.\n',
  );
  const readiness = async () => (await fetch(`${server.url}/readyz`)).status;
  expect(await readiness()).toBe(200);
  process.kill(postgresPid(folder) ?? 0, 'SIGKILL');
  await waitUntil(async () => (await readiness()) === 503, 'the server to notice');
  expect((await fetch(`${server.url}/livez`)).status).toBe(200);
  const answer = await send(server.url, firstToken(folder), 'GET', '/Users');
  if (answer.status !== 200) expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
  await waitUntil(async () => (await readiness()) === 200, 'Postgres to be back');
  expect((await send(server.url, firstToken(folder), 'GET', '/Users')).status).toBe(200);
  expect((await stop(server)).code).toBe(0);
});

test('a data folder that is a file is told in one sentence', async () => {
  const failed = await failToServe({ MUSTER_DATA: launcher });
  expect(failed).toMatchObject({ code: 1, stdout: '' });
  expect(failed.stderr).toBe(
    `The data folder ${launcher} is not a folder: let this account read and write it, or name another with MUSTER_DATA.\n`,
  );
});

test('a data folder that cannot be entered is told in one sentence', async () => {
  const folder = path.join(makeFolder(), 'data');
  symlinkSync(folder, folder);
  const failed = await failToServe({ MUSTER_DATA: folder });
  expect(failed).toMatchObject({ code: 1, stdout: '' });
  expect(failed.stderr).toMatch(/^The data folder \S+\/data .+: .+ name another with MUSTER_DATA\.\n$/);
});

test('a token that others could read is told in one sentence, with the cure (F-31)', async () => {
  const folder = path.join(makeFolder(), 'data');
  mkdirSync(folder);
  await shell(`umask 022; echo secret > '${folder}/first-token'`);
  const failed = await failToServe({ MUSTER_DATA: folder });
  expect(failed).toMatchObject({ code: 1, stdout: '' });
  expect(failed.stderr).toBe(
    `${folder}/first-token holds a token and is open to others: run chmod 600 on it, or delete it, and start again.\n`,
  );
});

test('all mistakes in the settings are told at once, without their values', async () => {
  const failed = await failToServe({ PORT: 'secret-1', LOG_LEVEL: 'secret-2', DATABASE_URL: 'secret-3' });
  expect(failed).toMatchObject({ code: 1, stdout: '' });
  expect(failed.stderr.match(/^ {2}[A-Z_]+(?=: should be )/gm)).toEqual(['  PORT', '  DATABASE_URL', '  LOG_LEVEL']);
  expect(failed.stderr).not.toMatch(/secret|\n\s+at /);
});

test('a signal while the server still starts stops it, and leaves no Postgres behind', async () => {
  const folder = path.join(makeFolder(), 'data');
  const starting = run(process.execPath, [launcher, main], { MUSTER_DATA: folder, PORT: '0' });
  await waitUntil(() => postgresPid(folder) !== undefined, 'Postgres to start');
  const pid = postgresPid(folder) ?? 0;
  expect((await stop(starting, 'SIGINT')).code).toBe(0);
  expect(isAlive(pid)).toBe(false);
});

/** The two commands of the greeting, as somebody would copy them. */
function curlLines(said: string): [create: string, find: string] {
  const [create, find] = said.match(/^ +curl (?:.*\\\n)?.*$/gm) ?? [];
  return [create ?? '', find ?? ''];
}

/** A port of this machine that is taken until it is released. */
async function takePort(): Promise<{ readonly port: number; readonly release: () => void }> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, release: () => server.close() };
}

async function shell(line: string): Promise<string> {
  return (await run('sh', ['-c', line], {}).ended).stdout;
}
