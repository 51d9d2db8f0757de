import { readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { openRoll } from '#commands/open-roll.ts';
import { readConfig } from '#config.ts';
import { ask, makeDataFolder, makeFolder, start } from '#test/postgres/data-folders.ts';
import { emptyDatabase, type TestDatabase } from '#test/support/database.ts';
import { waitUntil } from '#test/support/wait-until.ts';
import { failToServe, firstToken, launcher, main, muster, run, send, serveOn, stop } from './run-muster.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await emptyDatabase();
});

test('two servers that start on one empty database at the same time both run, and one of them has the token', async () => {
  const folders = [1, 2].map((number) => path.join(makeFolder(), `not/there/${number}`));
  const servers = await Promise.all(folders.map((folder) => serveOn(folder, { DATABASE_URL: database.url })));
  const tokens = folders.flatMap((folder) => {
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(path.join(folder, 'server-url')).mode & 0o777).toBe(0o600);
    return tokenIn(folder);
  });
  expect(tokens).toHaveLength(1);
  for (const { url, stdout } of servers) {
    expect((await send(url, tokens[0] ?? '', 'GET', '/Users')).status).toBe(200);
    expect(stdout()).not.toContain('Data folder');
  }
  for (const server of servers) expect((await stop(server)).code).toBe(0);
});

test('a server that may not write its data folder goes on, and says how to make a token', async () => {
  const own = await emptyDatabase();
  const folder = path.join(makeFolder(), 'a-file');
  writeFileSync(folder, '');
  const server = await serveOn(folder, { DATABASE_URL: own.url });
  expect(server.stdout()).toContain('\nMake a token: npx --no-install muster connection create');
  const { stdout } = await stop(server);
  expect(stdout).toMatch(/"level":"warn".*first-token cannot be written \(E[A-Z]+\)/);
});

test('a database that is not there is told in one sentence', async () => {
  const url = database.url.replace(/[^/]+$/, 'nowhere');
  const failed = await failToServe({ DATABASE_URL: url.replace('@', ':s3cret@') });
  expect(failed.code).toBe(1);
  expect(failed.stderr).toMatch(/^The database nowhere on \/\S+ cannot be used: there is no such database; .*\n$/);
  expect(failed.stderr + failed.stdout).not.toContain('s3cret');
});

test('a wrong password is told in one sentence, without it', async () => {
  const folder = await makeDataFolder();
  const postgres = await start(folder);
  await ask(postgres, "create role ann login password 'right'");
  const access = path.join(postgres.clusterFolder, 'pg_hba.conf');
  writeFileSync(access, `local all ann scram-sha-256\n${readFileSync(access, 'utf8')}`);
  await ask(postgres, 'select pg_reload_conf()');
  const url = `postgres://ann:s3cret@${encodeURIComponent(postgres.host)}/postgres`;
  const failed = await failToServe({ DATABASE_URL: url });
  expect(failed.code).toBe(1);
  expect(failed.stderr).toMatch(
    /^The database postgres on \/\S+ cannot be used: it refuses the user or the password; .*\n$/,
  );
  expect(failed.stderr + failed.stdout).not.toContain('s3cret');
  await postgres.stop();
});

test('a host that nobody has is told in one sentence', async () => {
  const failed = await muster(['migrate'], { DATABASE_URL: 'postgres://ann:s3cret@nowhere.invalid/roll' });
  expect(failed).toMatchObject({ code: 1, stdout: '' });
  expect(failed.stderr).toMatch(/^The database roll on nowhere\.invalid cannot be used: .*DATABASE_URL\.\n$/);
  expect(failed.stderr).not.toContain('s3cret');
});

const absent = 'postgres://ann:s3cret@127.0.0.1:1/roll';

test('a server waits for a database that does not answer, says so now and then, and gives up in one sentence (F-07)', async () => {
  const lines: string[] = [];
  const log = { info: () => undefined, warn: (line: string) => void lines.push(line) };
  const patience = { totalMs: 600, attemptEveryMs: 10, sayEveryMs: 200 };
  const opening = openRoll(readConfig({ DATABASE_URL: absent }), { as: 'server', log, patience });
  await expect(opening).rejects.toThrow(
    'the database roll on 127.0.0.1:1 cannot be used: nothing listens there; start it, or correct the host and port in DATABASE_URL',
  );
  expect(new Set(lines)).toEqual(new Set(['the database roll on 127.0.0.1:1 does not answer yet; trying again']));
  expect(lines.length).toBeGreaterThan(1);
  expect(lines.length).toBeLessThan(5);
});

test('a server that waits for its database can be stopped', async () => {
  const env = { DATABASE_URL: absent, PORT: '0', MUSTER_DATA: makeFolder() };
  const waiting = run(process.execPath, [launcher, main], env);
  await waitUntil(() => waiting.stdout().includes('does not answer yet'), 'the server to wait');
  expect(await stop(waiting)).toMatchObject({ code: 0, stderr: '' });
});

function tokenIn(folder: string): string[] {
  try {
    return [firstToken(folder)];
  } catch {
    return [];
  }
}
