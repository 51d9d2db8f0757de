import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { buildProgram } from '#commands/program.ts';
import { spoken } from '#dialects/index.ts';
import { profiles } from '#dialects/scim/profiles.ts';
import { rights } from '#domain/caller.ts';
import { readMigrations } from '#store/migration-files.ts';
import { makeDataFolder } from '#test/postgres/data-folders.ts';
import { firstToken, muster, postgresPid, type Settings, send, serveOn, stop } from '#test/serve/run-muster.ts';
import { emptyDatabase } from '#test/support/database.ts';
import { shipped } from '#test/support/migration-folder.ts';
import { command } from '#test/support/run-command.ts';

let env: Settings;

/** Runs a command that works and gives its one JSON document. */
async function result(args: readonly string[], settings: Settings = env) {
  const { code, stdout, stderr } = await command([...args, '--json'], settings);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout);
}

/** Runs a command that fails and gives the one sentence that it says. */
async function complaint(args: readonly string[], settings: Settings = env): Promise<string> {
  const { code, stdout, stderr } = await command(args, settings);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(/^[^\n]+\.\n$/);
  return stderr.trim();
}

describe('on a database of its own, before a server has started,', () => {
  beforeAll(async () => {
    env = { DATABASE_URL: (await emptyDatabase()).url, PUBLIC_URL: 'https://id.example.org' };
  });

  test('the commands make a connection, give it another token, show it and end it', async () => {
    expect(await result(['migrate'])).toEqual({ applied: (await readMigrations(shipped)).map(({ name }) => name) });
    expect(await result(['migrate'])).toEqual({ applied: [] });
    expect(await complaint(['connection', 'list'])).toBe(
      'There is no tenant yet: start the server, which makes the first.',
    );
    const made = await result(['connection', 'create', '--name', 'okta', '--dialect', 'scim', '--profile', 'okta']);
    expect(Object.keys(made)).toEqual(['connection', 'tenant', 'dialect', 'token', 'url']);
    expect(made).toMatchObject({ tenant: 'default', dialect: 'scim', url: 'https://id.example.org/scim/v2' });
    const rotated = await result(['connection', 'rotate', 'okta']);
    expect(rotated).toEqual({ ...made, token: expect.stringMatching(/^mst_\w{38}$/) });
    expect(rotated.token).not.toBe(made.token);
    const fresh = ['connection', 'create', '--name', 'okta', '--dialect', 'scim'];
    expect(await complaint(fresh)).toBe(
      'A connection has the name okta already; choose another, or make it a new token: ' +
        'npx --no-install muster connection rotate okta.',
    );
    const shown = { connection: made.connection, tenant: 'default', name: 'okta', dialect: 'scim', profile: 'okta' };
    expect(await result(['connection', 'list'])).toEqual([
      { ...shown, rights: ['read', 'write'], createdAt: expect.stringMatching(/^\d{4}-.*Z$/) },
    ]);
    expect(await result(['connection', 'revoke', made.connection])).toMatchObject({ name: 'okta', revoked: true });
    const table = await command(['connection', 'list'], env);
    expect(table.stdout).toMatch(
      /^NAME +CONNECTION +DIALECT .*STATE\nokta +\S+ +scim +okta +read,write +\S+Z +revoked \S+Z\n$/,
    );
    expect(await complaint(['connection', 'revoke', 'okta'])).toMatch(/^There is no live connection/);
    expect(await complaint(['connection', 'show', 'okta'])).toMatch(/^There is no connection of this name/);
  });

  test('tenants are made once, and each has connections of its own', async () => {
    expect(await result(['tenant', 'create', 'acme'])).toEqual({ tenant: 'acme' });
    expect(await complaint(['tenant', 'create', 'acme'])).toBe('This name is taken.');
    const wish = ['connection', 'create', '--name', 'hr', '--dialect', 'scim', '--tenant', 'acme'];
    const made = await result([...wish, '--rights', 'read, superuser']);
    expect(made.tenant).toBe('acme');
    const [listed] = await result(['connection', 'list', '--tenant', 'acme']);
    expect(listed).toMatchObject({ connection: made.connection, rights: ['read', 'superuser'], profile: 'lenient' });
    const tenants = await result(['tenant', 'list']);
    expect(tenants.map(({ tenant }: { tenant: string }) => tenant)).toEqual(['acme', 'default']);
  });

  test('a connection is shown with the URL at which its API answers', async () => {
    const settings = { ...env, MOUNTS: 'callbox@calls.example.org/old' };
    const made = await result(['connection', 'create', '--name', 'calls', '--dialect', 'callbox'], settings);
    expect(made.url).toBe('https://calls.example.org/old/api/v1/staff');
  });

  test('a connection of the admin API takes the place of another, is changed, and shows what its tokens did', async () => {
    await result(['connection', 'create', '--name', 'desk', '--dialect', 'scim', '--rate', '25']);
    const wish = ['connection', 'create', '--name', 'desk', '--dialect', 'admin', '--replaces', 'desk'];
    const made = await result([...wish, '--guard', 'alert', '--expires-days', '2']);
    expect(made).toMatchObject({ dialect: 'admin', url: 'https://id.example.org/admin/v1' });
    const second = await result(['connection', 'rotate', 'desk']);
    await result(['connection', 'revoke', 'desk', '--token', made.token.slice(0, 8)]);
    await result(['connection', 'update', 'desk', '--name', 'help', '--rights', 'read,admin', '--rate', '7']);
    const { tokens, ...shown } = await result(['connection', 'show', 'help']);
    const facts = { tenant: 'default', name: 'help', dialect: 'admin', profile: '', rights: ['read', 'admin'] };
    const times = { createdAt: expect.any(String) };
    const ways = { keys: [], entra: [] };
    expect(shown).toEqual({
      connection: made.connection,
      ...facts,
      ratePerSecond: 7,
      guard: 'alert',
      ...times,
      ...ways,
    });
    expect(tokens).toMatchObject([
      { kind: 'token', prefix: second.token.slice(0, 8), live: true },
      { kind: 'token', prefix: made.token.slice(0, 8), live: false, revokedAt: expect.any(String) },
    ]);
    const lifeDays = (Date.parse(tokens[1].expiresAt) - Date.parse(tokens[1].createdAt)) / 86_400_000;
    expect(lifeDays).toBeCloseTo(2, 3);
    const { stdout } = await command(['connection', 'show', 'help'], env);
    expect(stdout).toMatch(
      /\nratePerSecond +7\n[\s\S]*\n\nTOKEN +KIND [\s\S]*\nmst_\w{4}\.\.\. +token .* live +never\n/,
    );
  });

  const wish = ['connection', 'create', '--name', 'x', '--dialect', 'scim'];
  test.each([
    ['rate', [...wish, '--rate', '24'], /^The rate of a connection of scim is a whole number .* from 25 to 1000000\.$/],
    ['tenant', [...wish, '--tenant', 'nobody'], /^--tenant "nobody" is not known; possible: .*default/],
    ['name', ['tenant', 'create', 'a\nb'], /^A name has 1 to 100 characters/],
    ['user', ['user', 'show', 'nobody'], /^There is no user with this userName or id in this tenant\.$/],
  ])('a %s that cannot be is told in one sentence', async (_, args, sentence) => {
    expect(await complaint(args)).toMatch(sentence);
  });

  test.each([
    [['connection', 'create', '--name', 'x'], /required option '--dialect <dialect>' not specified/],
    [['connection', 'erase'], /unknown command 'erase'/],
  ])('%j cannot be understood, and exits with 2', async (args, words) => {
    const { code, stdout, stderr } = await command(args, env);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(words);
    expect(stderr).toContain('Add --help to see what it takes.');
  });

  test('a process of its own exits as its command does', async () => {
    const { code, stdout, stderr } = await muster(['connection', 'erase'], env);
    expect({ code, stdout, stderr }).toEqual({ ...(await command(['connection', 'erase'], env)), code: 2, stdout: '' });
  });

  test('--help is on standard output and calls the command as it can be called', async () => {
    const { code, stdout, stderr } = await command(['connection', 'create', '--help'], {});
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Usage: npx --no-install muster connection create \[options\]\n/);
    expect(stdout).toMatch(/\nRights:\n {2}read +See people, groups and org units\.\n/);
  });

  test('the help of all commands says where settings are described, and that of one names options only where it has some', async () => {
    expect((await command(['--help'], {})).stdout).toContain('docs/reference/settings.md');
    expect((await command(['serve', '--help'], {})).stdout).toMatch(/^Usage: npx --no-install muster serve\n/);
  });

  test('--version says which one this is', async () => {
    const { version } = JSON.parse(await readFile('package.json', 'utf8'));
    expect(await command(['--version'], {})).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });
});

test.each([
  ['--dialect', 'soap', spoken.map(({ name }) => name).join(', ')],
  ['--profile', 'x', Object.keys(profiles).join(', ')],
  ['--rights', 'fly', rights.join(', ')],
  ['--guard', 'sleep', 'hold, alert, off'],
])('%s %s is refused before anything is opened, with what is possible', async (option, value, possible) => {
  const rest = option === '--dialect' ? [] : ['--dialect', 'scim'];
  const words = ['connection', 'create', '--name', 'x', ...rest, option, value];
  const program = buildProgram(async () => undefined);
  await expect(program.parseAsync(words, { from: 'user' })).rejects.toThrow(
    new Error(`${option} "${value}" is not known; possible: ${possible}`),
  );
});

test.each([
  ['--rate "fast" is not a whole number', ['--rate', 'fast']],
  ['--expires-days "1.5" is not a whole number', ['--expires-days', '1.5']],
  ['--profile is not for admin', ['--dialect', 'admin', '--profile', 'okta']],
])('%s, which is told before anything is opened', async (sentence, words) => {
  const create = ['connection', 'create', '--name', 'x', '--dialect', 'scim', ...words];
  const program = buildProgram(async () => undefined);
  await expect(program.parseAsync(create, { from: 'user' })).rejects.toThrow(new Error(sentence));
});

test('an update that names nothing is told what it lacks before anything is opened', async () => {
  const program = buildProgram(async () => undefined);
  const update = program.parseAsync(['connection', 'update', 'x'], { from: 'user' });
  await expect(update).rejects.toThrow(new Error('nothing was named that should change; see --help'));
});

test('on the Postgres that came along commands work beside a server and without one, which they leave as it was', async () => {
  const folder = await makeDataFolder();
  const settings = { MUSTER_DATA: folder };
  const server = await serveOn(folder);
  const made = await result(['connection', 'create', '--name', 'hr', '--dialect', 'scim'], settings);
  expect(made.url).toBe(`${server.url}/scim/v2`);
  const user = {
    userName: 'Ada',
    externalId: '00u1',
    name: { givenName: 'Ada' },
    emails: [{ value: 'ada@example.org' }],
  };
  const created = JSON.parse(await (await send(server.url, made.token, 'POST', '/Users', user)).text());
  const group = { displayName: 'Staff', members: [{ value: created.id }] };
  expect((await send(server.url, firstToken(folder), 'POST', '/Groups', group)).status).toBe(201);
  const pid = postgresPid(folder);
  const shown = await result(['user', 'show', 'ada'], settings);
  expect(shown).toMatchObject({
    id: created.id,
    number: 1,
    objectId: expect.stringMatching(/^[0-9a-f]{24}$/),
    active: true,
    attributes: { userName: 'Ada', name: { givenName: 'Ada' } },
    groups: [{ name: 'Staff', direct: true }],
    externalIds: [{ connection: made.connection, name: 'hr', value: '00u1' }],
  });
  await result(['connection', 'revoke', 'hr'], settings);
  expect((await send(server.url, made.token, 'GET', '/Users')).status).toBe(401);
  expect(postgresPid(folder)).toBe(pid);
  expect((await stop(server)).code).toBe(0);
  const text = (await muster(['user', 'show', created.id], settings)).stdout;
  expect(text).toMatch(/^id +\S+\nnumber +1\n/);
  for (const line of [
    /^name\.givenName +Ada$/m,
    /^emails\[0\]\.value +ada@/m,
    /^group +Staff \(/m,
    /^external id +00u1 \(of hr\)$/m,
  ])
    expect(text).toMatch(line);
  expect(postgresPid(folder)).toBeUndefined();
});
