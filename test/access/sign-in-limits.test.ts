import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { networkOf } from '#access/network-of.ts';
import {
  checkNetworkLimit,
  checkSignInLimit,
  clearFailedSignIns,
  forgetFailedSignIns,
  type SignInTry,
} from '#access/sign-in-limits.ts';
import { Fault } from '#domain/fault.ts';
import { domainLimits } from '#domain/limits.ts';
import type { Db, Query } from '#store/database.ts';
import { clearLimiter } from '#store/limiter.ts';
import { openTestDatabase } from '#test/store/open-test-database.ts';
import { freshDatabase, type TestDatabase } from '#test/support/database.ts';
import { faultWhen } from '#test/support/fault-when.ts';
import { withClient } from '#test/support/with-client.ts';

let database: TestDatabase;
let nodes: readonly [Db, Db];

beforeAll(async () => {
  database = await freshDatabase();
  nodes = [openTestDatabase(database), openTestDatabase(database)];
});
afterAll(() => Promise.all(nodes.map((db) => db.close())));
beforeEach(() => run('truncate limiter'));

const run = (text: string) => withClient(database.connection, (client) => client.query(text));

/** Whether a try was let through, for each of `times` tries that are made at once, on both nodes in turn. */
async function tryAtOnce(times: number, signIn: (index: number) => SignInTry): Promise<readonly boolean[]> {
  const tries = Array.from({ length: times }, (_, index) => {
    const node = nodes[index % 2] as Db;
    return checkSignInLimit(node, signIn(index)).then(
      () => true,
      (error: unknown) => {
        expect(error).toBeInstanceOf(Fault);
        const { kind, details } = error as Fault;
        expect(kind).toBe('rate_limited');
        expect(details.retryAfterSeconds).toSatisfy((seconds: number) => Number.isInteger(seconds) && seconds > 0);
        return false;
      },
    );
  });
  return Promise.all(tries);
}

const passed = (answers: readonly boolean[]) => answers.filter(Boolean).length;

describe('failed sign-ins', () => {
  test('of 40 tries of one name from one network at once on two nodes exactly the limit gets through', async () => {
    const answers = await tryAtOnce(40, () => ({ name: 'ada', address: '192.0.2.1' }));
    expect(passed(answers)).toBe(domainLimits.failedSignInsPerName);
    expect(passed(await tryAtOnce(1, () => ({ name: 'ada', address: '192.0.2.2' })))).toBe(1);
    expect(passed(await tryAtOnce(1, () => ({ name: 'grace', address: '192.0.2.1' })))).toBe(1);
  });

  test('of more tries of one address than the limit, each with another name, exactly the limit gets through', async () => {
    const limit = domainLimits.failedSignInsPerAddress;
    const answers = await tryAtOnce(limit + 1, (index) => ({ name: `name ${index}`, address: '192.0.2.7' }));
    expect(passed(answers)).toBe(limit);
  });

  test('in Metabase an address has fewer tries, and those of other APIs are among them', async () => {
    const [few, many] = [domainLimits.failedSignInsPerAddressInMetabase, domainLimits.failedSignInsPerAddress];
    const from = (dialect: string) => (index: number) => ({
      name: `${dialect} ${index}`,
      address: '192.0.2.17',
      dialect,
    });
    expect(passed(await tryAtOnce(10, from('own')))).toBe(10);
    expect(passed(await tryAtOnce(few - 9, from('metabase')))).toBe(few - 10);
    const waiting = checkNetworkLimit(nodes[1], '192.0.2.17', 'metabase');
    expect(await faultWhen(waiting)).toMatchObject({ kind: 'rate_limited' });
    expect(passed(await tryAtOnce(1, from('metabase')))).toBe(0);
    // The two that were refused were counted, as every try is.
    expect(passed(await tryAtOnce(many - few, from('own')))).toBe(many - few - 2);
  });

  test('one customer of IPv6 counts as one address', async () => {
    const limit = domainLimits.failedSignInsPerAddress;
    const address = (index: number) => `2001:db8:1:2::${index.toString(16)}`;
    const answers = await tryAtOnce(limit + 1, (index) => ({ name: `name ${index}`, address: address(index) }));
    expect(passed(answers)).toBe(limit);
  });

  test('a success gives the name all its tries back and the address the one it took', async () => {
    const mine = { name: 'ada', address: '192.0.2.8' };
    await tryAtOnce(domainLimits.failedSignInsPerName, () => mine);
    expect(passed(await tryAtOnce(1, () => mine))).toBe(0);
    await clearFailedSignIns(nodes[1], mine);
    expect(passed(await tryAtOnce(domainLimits.failedSignInsPerName + 1, () => mine))).toBe(10);
    const { rows } = await run("select points from limiter where key like 'address:%'");
    expect(rows).toEqual([{ points: 2 * (domainLimits.failedSignInsPerName + 1) - 1 }]);
  });

  test('are forgotten in all networks of some names by one statement, and of no other name', async () => {
    const networks = ['192.0.2.1', '192.0.2.2'];
    const lost = ['ada', 'a. lovelace'];
    for (const address of networks)
      for (const name of [...lost, 'grace'])
        await tryAtOnce(domainLimits.failedSignInsPerName, () => ({ name, address }));
    const sending = vi.spyOn(pg.Client.prototype, 'query');
    await forgetFailedSignIns(nodes[1], lost);
    const sent = sending.mock.calls.map(([query]) => (query as unknown as Query).text);
    sending.mockRestore();
    expect(sent).toEqual(['begin', expect.stringMatching(/^delete from limiter/), 'commit']);
    for (const address of networks) {
      for (const name of lost) expect(passed(await tryAtOnce(1, () => ({ name, address })))).toBe(1);
      expect(passed(await tryAtOnce(1, () => ({ name: 'grace', address })))).toBe(0);
    }
  });

  test('of a network are looked at without being counted', async () => {
    const address = '192.0.2.11';
    const limit = domainLimits.failedSignInsPerAddress;
    await tryAtOnce(limit - 1, (index) => ({ name: `name ${index}`, address }));
    for (const _ of [1, 2]) await checkNetworkLimit(nodes[0], address);
    await tryAtOnce(1, () => ({ name: 'ada', address }));
    expect(await faultWhen(checkNetworkLimit(nodes[1], address))).toMatchObject({
      ...{ kind: 'rate_limited', details: { retryAfterSeconds: expect.any(Number) } },
    });
  });

  test('a limited address uses up no tries of a name', async () => {
    await tryAtOnce(domainLimits.failedSignInsPerAddress, (index) => ({ name: `name ${index}`, address: '192.0.2.9' }));
    expect(passed(await tryAtOnce(20, () => ({ name: 'ada', address: '192.0.2.9' })))).toBe(0);
    expect(passed(await tryAtOnce(10, () => ({ name: 'ada', address: '192.0.2.10' })))).toBe(10);
  });

  test('a name with NUL, half a surrogate or a megabyte is counted like any other', async () => {
    for (const name of ['a\0b', '\ud800', 'x'.repeat(1_000_000)]) {
      expect(passed(await tryAtOnce(domainLimits.failedSignInsPerName + 1, () => ({ name })))).toBe(10);
    }
  });

  test('when the window is over there are tries again, and its row is cleared away', async () => {
    await tryAtOnce(domainLimits.failedSignInsPerName, () => ({ name: 'ada' }));
    await run('update limiter set expire = 1');
    expect(passed(await tryAtOnce(1, () => ({ name: 'ada' })))).toBe(1);
    await tryAtOnce(1, () => ({ name: 'grace' }));
    await run(`update limiter set expire = 1 where key in (select key from limiter order by key limit 1)`);
    await clearLimiter(nodes[0]);
    expect((await run('select 1 from limiter')).rowCount).toBe(1);
  });

  test('when the database is away nobody gets through, and the fault says so', async () => {
    const away = openTestDatabase(database);
    await away.close();
    await expect(checkSignInLimit(away, { name: 'ada' })).rejects.toMatchObject({ kind: 'unavailable' });
  });
});

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:DB8::6', '2001:db8:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['unknown', 'unknown'],
])('the network of %s is %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});
