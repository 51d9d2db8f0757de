import { afterAll, beforeAll, expect, test } from 'vitest';
import { commandCaller } from '#commands/command-caller.ts';
import { createTenant } from '#operations/create-tenant.ts';
import { type Answer, type Muster, startMuster } from '#test/support/muster.ts';
import { waitUntil } from '#test/support/wait-until.ts';
import { withClient } from '#test/support/with-client.ts';
import { type Client, clientOf, newName } from '../dialects/scim/scim-client.ts';
import { expectAway } from './expect-away.ts';

let muster: Muster;
let client: Client;

beforeAll(async () => {
  muster = await startMuster();
  client = clientOf(muster, await muster.connect());
});
afterAll(() => muster.stop());

const atOnce = <T>(count: number, act: (n: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, n) => act(n)));
const title = (value: string) => [{ op: 'replace', path: 'title', value }];

/** Ends every session of the server with its database, and gives how many there were. */
const terminateAll = (of: Muster) =>
  withClient(of.database.connection, async (db) => {
    const ended = await db.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
    );
    return ended.rowCount;
  });

/** Holds the rows of users in another session while something runs. */
async function whileHeld<T>(of: Muster, users: readonly string[], run: () => Promise<T>): Promise<T> {
  return withClient(of.database.connection, async (db) => {
    await db.query('begin');
    await db.query('select from app_user where id = any($1) for update', [users]);
    try {
      return await run();
    } finally {
      await db.query('rollback');
    }
  });
}

/** How many sessions of the server wait for a lock. */
const waiting = (of: Muster) =>
  withClient(of.database.connection, async (db) => {
    const found = await db.query(
      `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    return found.rowCount ?? 0;
  });

test('F-06: every session is ended while requests run: each is answered, by 503 at worst, and then all is well', async () => {
  const users = await atOnce(10, () => client.makeUser());
  const writes = atOnce(60, (n) => client.patch(`/Users/${users[n % 10].id}`, title(`t${n}`)));
  const reads = atOnce(60, (n) => client.get(n % 2 ? '/Users' : `/Users/${users[n % 10].id}`));
  expect(await terminateAll(muster)).toBeGreaterThan(0);
  const answers: Answer[] = [...(await writes), ...(await reads)];
  for (const answer of answers) if (answer.status !== 200) expectAway(answer);
  await waitUntil(async () => (await client.get('/Users')).status === 200, 'a read after the sessions are gone');
  await waitUntil(async () => (await client.patch(`/Users/${users[0].id}`, title('x'))).status === 200, 'a write');
  const after = await atOnce(40, (n) =>
    n % 2 ? client.get('/Users') : client.post('/Users', { userName: newName() }),
  );
  expect(after.map(({ status }) => status)).toEqual(after.map((_, n) => (n % 2 ? 200 : 201)));
});

test('F-06: sessions that are ended while nothing runs cost at most one failed request each', async () => {
  const { id } = await client.makeUser();
  await atOnce(20, () => client.get('/Users'));
  const ended = (await terminateAll(muster)) ?? 0;
  const answers: Answer[] = [];
  for (let n = 0; n < 30; n += 1) answers.push(await client.get(n % 2 ? '/Users' : `/Users/${id}`));
  const failed = answers.filter(({ status }) => status !== 200);
  for (const answer of failed) expectAway(answer);
  expect(failed.length).toBeLessThanOrEqual(ended);
  expect(answers.slice(-10).every(({ status }) => status === 200)).toBe(true);
});

test('F-06: no acknowledged write is lost, and no write is half done', async () => {
  const user = await client.makeUser();
  const done: number[] = [];
  for (let n = 0; n < 25; n += 1) {
    const write = client.patch(`/Users/${user.id}`, [
      ...title(`t${n}`),
      { op: 'add', path: 'nickName', value: `t${n}` },
    ]);
    if (n % 8 === 3) await terminateAll(muster);
    if ((await write).status === 200) done.push(n);
  }
  const { body } = await client.get(`/Users/${user.id}`);
  expect(body.title).toBe(body.nickName);
  expect(Number(body.title.slice(1))).toBeGreaterThanOrEqual(done.at(-1) ?? 0);
  const entries = await withClient(muster.database.connection, (db) =>
    db.query('select 1 from journal where resource = $1', [user.id]),
  );
  expect(`W/"${entries.rowCount}"`).toBe(body.meta.version);
});

test('F-08: a row that another session holds is 503 after the lock’s time, and others go on', async () => {
  await createTenant(commandCaller(), muster.db, 'acme');
  const other = clientOf(muster, await muster.connect({ tenant: 'acme' }));
  const users = await atOnce(4, () => client.makeUser());
  const [user] = users;
  const ids = users.map(({ id }) => id);
  await whileHeld(muster, ids, async () => {
    const stuck = atOnce(4, (n) => client.patch(`/Users/${ids[n]}`, title(`t${n}`)));
    await waitUntil(async () => (await waiting(muster)) >= 4, 'the writers to wait');
    expect((await client.get(`/Users/${user.id}`)).body).toEqual(user);
    expect((await client.post('/Users', { userName: newName() })).status).toBe(201);
    expect((await other.post('/Users', { userName: newName() })).status).toBe(201);
    expect((await other.get('/Users')).body.totalResults).toBe(1);
    for (const answer of await stuck) expectAway(answer);
  });
  expect((await client.get(`/Users/${user.id}`)).body).toEqual(user);
  expect((await client.patch(`/Users/${user.id}`, title('free'))).body.title).toBe('free');
});

test('F-10: with the only connection of the pool in use others are 503 in time, and health answers', async () => {
  const small = await startMuster({ poolMax: 1 });
  const one = clientOf(small, await small.connect());
  const user = await one.makeUser();
  await whileHeld(small, [user.id], async () => {
    const stuck = one.patch(`/Users/${user.id}`, title('x'));
    await waitUntil(async () => (await waiting(small)) > 0, 'the writer to wait');
    const others = atOnce(5, () => one.get('/Users'));
    const health = await Promise.all(['/livez', '/readyz', '/metrics'].map((path) => fetch(small.server.url + path)));
    expect(health.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect((await one.get(`/Users/${user.id}`)).status).toBe(200);
    expectAway(await stuck);
    for (const answer of await others) if (answer.status !== 200) expectAway(answer);
  });
  expect((await one.patch(`/Users/${user.id}`, title('x'))).body.title).toBe('x');
  await small.stop();
});

test('R-399, S-22: the cause of a fault is in the log, and nothing of it in an answer', () => {
  expect(muster.logged()).toContain('the cause of a fault');
  expect(muster.logged()).not.toContain('unexpected error');
});
