import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { buildRequestLimits, type LimitRequests, type Sender } from '#access/request-limits.ts';
import { Fault } from '#domain/fault.ts';
import { domainLimits } from '#domain/limits.ts';
import type { Db } from '#store/database.ts';
import { clearRequestLevels } from '#store/request-levels.ts';
import { openTestDatabase } from '#test/store/open-test-database.ts';
import { freshDatabase, type TestDatabase } from '#test/support/database.ts';
import { waitUntil } from '#test/support/wait-until.ts';
import { withClient } from '#test/support/with-client.ts';

let database: TestDatabase;
let db: Db;

beforeAll(async () => {
  database = await freshDatabase();
  db = openTestDatabase(database);
  await run("insert into tenant (name) values ('default')");
});
afterAll(() => db.close());
beforeEach(() => run('truncate request_level'));

const run = (text: string) => withClient(database.connection, (client) => client.query(text));
const sender = (changes: Partial<Sender> = {}): Sender => ({
  ...{ tenant: 1, connection: '01890000-0000-7000-8000-000000000001', dialect: 'scim' },
  ...changes,
});

const newLimits = () => buildRequestLimits(db, () => undefined);

/** How many of the requests are let through; those that are not say when to come back. */
function send(limit: LimitRequests, times: number, from: Sender = sender()): number {
  let passed = 0;
  for (let sent = 0; sent < times; sent += 1) {
    try {
      limit(from);
      passed += 1;
    } catch (error) {
      if (!(error instanceof Fault) || error.kind !== 'rate_limited') throw error;
      if (!Number.isInteger(error.details.retryAfterSeconds)) throw error;
    }
  }
  return passed;
}

/** Sends what is beyond a limit, and expects the requests of a second and what came meanwhile to be let through. */
function expectLimit(ratePerSecond: number, flood: () => number): void {
  const start = performance.now();
  const passed = flood();
  const seconds = (performance.now() - start) / 1_000;
  expect(passed).toBeGreaterThanOrEqual(ratePerSecond);
  expect(passed).toBeLessThanOrEqual(ratePerSecond * (1 + seconds) + 1);
}

describe('one node', () => {
  test('lets the requests of a second through at once and refuses the next', () => {
    const limit = newLimits();
    expectLimit(50, () => send(limit, 80, sender({ ratePerSecond: 50 })));
    expectLimit(50, () => send(limit, 80, sender({ connection: 'another', ratePerSecond: 50 })));
  });

  test('a SCIM connection without a limit of its own has that of its dialect', () => {
    const limit = domainLimits.scimRequestsOfConnection;
    expectLimit(limit, () => send(newLimits(), limit + 500));
  });

  test('no SCIM connection is held to less than 25 requests a second', () => {
    expect(domainLimits.scimRequestsOfConnectionMin).toBe(25);
    expectLimit(25, () => send(newLimits(), 40, sender({ ratePerSecond: 1 })));
  });

  test('a connection of another dialect has no limit unless it has its own', () => {
    const limit = newLimits();
    expect(send(limit, 5_000, sender({ dialect: 'metabase' }))).toBe(5_000);
    expectLimit(2, () => send(limit, 20, sender({ dialect: 'metabase', ratePerSecond: 2 })));
  });

  test('S-29: many connections of one tenant do not get more than the limit of the tenant', () => {
    const limit = newLimits();
    expectLimit(domainLimits.scimRequestsOfTenant, () =>
      [1, 2, 3, 4]
        .map((id) => send(limit, 1_000, sender({ connection: `c${id}`, ratePerSecond: 2_000 })))
        .reduce((sum, count) => sum + count),
    );
    expect(send(limit, 10, sender({ tenant: 2 }))).toBe(10);
  });

  test('a connection that was given more than the tenant has gets it', () => {
    const rate = 2 * domainLimits.scimRequestsOfTenant;
    expect(send(newLimits(), rate, sender({ ratePerSecond: rate }))).toBe(rate);
  });

  test('goes on without the database, and when something is wrong with what it tells, which it logs', async () => {
    const away = openTestDatabase(database);
    await away.close();
    const logged: Record<'away' | 'wrong', unknown[]> = { away: [], wrong: [] };
    const limits = {
      away: buildRequestLimits(away, (error) => logged.away.push(error)),
      wrong: buildRequestLimits(db, (error) => logged.wrong.push(error)),
    };
    await run('alter table request_level rename to level_of_requests');
    for (const limit of Object.values(limits)) {
      expectLimit(50, () => send(limit, 80, sender({ ratePerSecond: 50 })));
    }
    // A database that is closed refuses at once, so it has refused long before the other answers.
    await waitUntil(() => logged.wrong.length > 0, 'the log to hear of it');
    expect(logged.wrong[0]).toMatchObject({ message: expect.stringContaining('request_level') });
    expect(logged.away).toEqual([]);
    await run('alter table level_of_requests rename to request_level');
    limits.wrong(sender({ connection: 'another' }));
    await waitUntil(async () => (await run('select 1 from request_level')).rowCount === 3, 'the node to tell');
  });
});

describe('two nodes', () => {
  test('pay back together what they let through before they heard of one another', async () => {
    const nodes = [newLimits(), newLimits(), newLimits()];
    const from = sender({ ratePerSecond: 200 });
    const start = performance.now();
    let passed = 0;
    const flood = () => {
      const now = nodes.map((node) => send(node, 10, from));
      passed += now.reduce((sum, count) => sum + count);
      return now.every((count) => count === 0);
    };
    await waitUntil(flood, 'every node to refuse');
    const seconds = (performance.now() - start) / 1_000;
    const beyond = passed - 200 * (seconds + 1);
    expect(beyond).toBeGreaterThan(50);
    // The database knows of everything that was beyond; a bucket holds no more than a second's worth, so it may know of more.
    const { rows } = await run(
      "select -(level + 200 * extract(epoch from now() - changed_at)) as owed from request_level where subject <> 'scim'",
    );
    expect(Number(rows[0].owed)).toBeGreaterThan(beyond - 50);
    expect(Number(rows[0].owed)).toBeLessThan(beyond + 150);
  });

  test('say nothing while nothing is sent, and what is full again is cleared away', async () => {
    const limit = newLimits();
    send(limit, 1);
    await waitUntil(async () => (await run('select 1 from request_level')).rowCount === 2, 'the node to tell');
    await run("update request_level set changed_at = now() - interval '2 minutes'");
    await clearRequestLevels(db);
    expect((await run('select 1 from request_level')).rowCount).toBe(0);
  });
});
