import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { insertRequests } from '#store/request-log-rows.ts';
import { type Muster, startMuster } from '#test/support/muster.ts';
import { command } from '#test/support/run-command.ts';

let muster: Muster;
let token: string;
let ada: string;
beforeAll(async () => {
  muster = await startMuster();
  token = await muster.connect({ name: 'okta' });
  const made = await muster.send(token, 'POST', '/Users', { userName: 'ada', title: '\u001b[2Jx', shoeSize: 38 });
  ada = made.body.id;
  await muster.send(token, 'GET', `/Users/${ada}`);
  await muster.send(token, 'POST', '/Users', { userName: 'ada' });
  await muster.send(undefined, 'GET', '/Users');
  await muster.send(token, 'GET', '/ServiceProviderConfig');
  await muster.keepRequests();
  const { tenant } = await muster.admin();
  const held = { fault: 'held', detail: 'held: it waits', requestId: 'h', status: 503, durationMs: 1, ageSeconds: 60 };
  const call = { dialect: 'scim', method: 'DELETE', route: '/Users/:id', path: `/Users/${ada}` };
  await insertRequests(muster.db, [{ tenant, ...call, ...held }]);
});
afterAll(() => muster.stop());

/** Runs the command and gives what it prints. */
const run = (...args: readonly string[]) => command(['requests', ...args], { DATABASE_URL: muster.database.url });

test('what a connection sent is shown oldest first, with what was done with it', async () => {
  const { stdout, stderr } = await run('--connection', 'okta', '--since', '1h');
  expect(stderr).toBe('');
  const [made = '', read = '', failed = ''] = stdout.split('\n\n');
  expect(made).toMatch(/^\S+Z {2}201 {2}POST \/scim\/v2\/Users {2}\(okta, 127\.0\.0\.1, \d+ ms\)\n/);
  expect(made).toContain(`did       User ${ada} created (journal `);
  expect(made).toContain('left out  shoeSize');
  expect(made).toContain('"userName":"ada"');
  expect(read).toContain(`200  GET /scim/v2/Users/${ada}`);
  expect(failed).toContain('refused   already_exists: this userName is taken');
  expect(stdout).not.toContain('\u001b');
});

test('a program gets the requests as JSON, and the newest are taken', async () => {
  const { stdout, stderr } = await run('--count', '1', '--json');
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toMatchObject([{ status: 409, fault: 'already_exists', changes: [] }]);
  expect((await run('--count', '1')).stderr).toContain('older ones');
});

test('a person is named by name, and reads of him are left out', async () => {
  const { stdout } = await run('--person', 'ada');
  expect(stdout).toContain('201  POST');
  expect(stdout).not.toContain('GET');
});

test('calls without a token and failed ones are asked for', async () => {
  const { stdout: unknown } = await run('--unauthenticated');
  expect(unknown).toMatch(/^\S+Z {2}401 {2}GET .*\(nobody known, /);
  expect(unknown).not.toContain('ServiceProviderConfig');
  const { stdout } = await run('--failed');
  expect(stdout).toMatch(/Z {2}409 {2}/);
  expect(stdout).not.toMatch(/Z {2}201 {2}/);
});

test('what was held is said once', async () => {
  expect((await run('--request', 'h')).stdout).toContain('  refused   held: it waits\n');
});

test('a mistake is told', async () => {
  const complaint = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await run(...args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    return stderr;
  };
  expect(await complaint('--count', '0')).toMatch(/^--count "0" should be a whole number from 1/);
  expect(await complaint('--connection', 'none')).toMatch(/^There is no connection of this name/);
  expect(await complaint('--connection', randomUUID())).toMatch(/^There is no connection of this name or id/);
  expect(await complaint('--since', 'yesterday')).toMatch(
    /^--since "yesterday" is not a time; it should be one such as /,
  );
  expect((await run('--request', 'none')).stderr).toBe('No such request is in the log.\n');
});
