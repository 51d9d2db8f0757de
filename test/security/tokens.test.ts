import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hashToken } from '#access/token.ts';
import { scim } from '#dialects/scim/scim.ts';
import type { Caller } from '#domain/caller.ts';
import { createConnection } from '#operations/create-connection.ts';
import { getConnection } from '#operations/get-connection.ts';
import { revokeConnection } from '#operations/revoke-connection.ts';
import { revokeToken } from '#operations/revoke-token.ts';
import { rotateConnection } from '#operations/rotate-connection.ts';
import type { TokenForm } from '#store/connections.ts';
import { type Muster, startMuster } from '#test/support/muster.ts';
import { withClient } from '#test/support/with-client.ts';

let muster: Muster;
let other: Muster;
let admin: Caller;
let made = 0;

beforeAll(async () => {
  muster = await startMuster();
  other = await startMuster({ database: muster.database });
  admin = await muster.admin();
});
afterAll(async () => {
  await other.stop();
  await muster.stop();
});

const make = (tokenForm: TokenForm = 'mst') => {
  made += 1;
  const spoken = { ...scim, tokenForm };
  return createConnection(admin, muster.db, { name: `okta-${made}`, spoken, tokenLifetimeDays: 1 });
};
const rotate = (connection: string) => rotateConnection(admin, muster.db, connection, 1);
const statusOf = async (token: string, node = muster) => (await node.send(token, 'GET', '/Users')).status;
const tokensOf = async (connection: string) => (await getConnection(admin, muster.db, connection)).tokens;
const query = (text: string, values: readonly unknown[] = []) =>
  withClient(muster.database.connection, async (client) => (await client.query(text, [...values])).rows);

describe('S-21: a token', () => {
  test('is in the database as its SHA-256 and its beginning only (T-20)', async () => {
    const { token, prefix } = await make();
    const [row] = await query('select * from credential where hash = $1', [hashToken(token)]);
    expect(row.prefix).toBe(prefix);
    const tables = await query(
      "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'",
    );
    expect(tables.length).toBeGreaterThan(10);
    for (const { relname } of tables) {
      const rows = await query(`select t::text as text from ${relname} t`);
      expect(rows.map(({ text }) => text).join('\n')).not.toContain(token.slice(prefix.length));
    }
    expect(muster.logged()).not.toContain(token.slice(prefix.length));
  });

  test('goes on beside the next one, and ends with the one after that', async () => {
    const { connection, token: first } = await make();
    const { token: second } = await rotate(connection);
    expect([await statusOf(first), await statusOf(second)]).toEqual([200, 200]);
    const { token: third } = await rotate(connection);
    expect([await statusOf(first), await statusOf(second), await statusOf(third)]).toEqual([401, 200, 200]);
  });

  test('ends when the clock of the database says so', async () => {
    const { token } = await make();
    const expire = (when: string) =>
      query(`update credential set expires_at = now() + $2::interval where hash = $1`, [hashToken(token), when]);
    await expire('1 day');
    expect(await statusOf(token)).toBe(200);
    await expire('-1 millisecond');
    expect(await statusOf(token)).toBe(401);
  });

  test('that has expired is not called revoked when its connection gets the next one', async () => {
    const { connection, token } = await make();
    await query("update credential set expires_at = now() - interval '1 day' where hash = $1", [hashToken(token)]);
    await rotate(connection);
    const expired = (await tokensOf(connection)).find(({ live }) => !live);
    expect(expired).toBeDefined();
    expect(expired).not.toHaveProperty('revokedAt');
  });

  test('that is revoked on one node is refused at the next request on another (V-14)', async () => {
    const { connection, token } = await make();
    const { token: second, prefix } = await rotate(connection);
    expect([await statusOf(token, other), await statusOf(second, other)]).toEqual([200, 200]);
    await revokeToken(admin, muster.db, connection, prefix);
    expect([await statusOf(token, other), await statusOf(second, other)]).toEqual([200, 401]);
    await revokeConnection(admin, muster.db, connection);
    expect(await statusOf(token, other)).toBe(401);
  });

  test('of another form is as good, and is followed by one of its form', async () => {
    for (const form of ['uuid', 'mb'] as const) {
      const { connection, token } = await make(form);
      const next = await rotate(connection);
      expect([await statusOf(token), await statusOf(next.token)]).toEqual([200, 200]);
      expect(next.token).toMatch(form === 'mb' ? /^mb_.{44}$/ : /^[\da-f-]{36}$/);
    }
  });

  test('that is an OAuth secret opens no API', async () => {
    const { token } = await make();
    await query("update credential set kind = 'secret' where hash = $1", [hashToken(token)]);
    expect(await statusOf(token)).toBe(401);
  });
});

describe('the last use of a token', () => {
  test('is written after the answers, with its time and address', async () => {
    const { connection, token } = await make();
    expect(await statusOf(token)).toBe(200);
    expect(await statusOf(token)).toBe(200);
    expect((await tokensOf(connection))[0]).not.toHaveProperty('lastUsedAt');
    await muster.keepUses();
    const [shown] = await tokensOf(connection);
    expect(shown).toMatchObject({ lastUsedAddress: '127.0.0.1' });
    const [{ now }] = await query('select now()');
    expect(Math.abs(now - Date.parse(shown?.lastUsedAt ?? ''))).toBeLessThan(5_000);
  });

  test('is not that of a token which was refused', async () => {
    const { connection, token } = await make();
    await revokeConnection(admin, muster.db, connection);
    expect(await statusOf(token)).toBe(401);
    await muster.keepUses();
    expect((await tokensOf(connection))[0]).not.toHaveProperty('lastUsedAt');
  });

  test('stays the later one, whichever node writes last', async () => {
    const { connection, token } = await make();
    expect(await statusOf(token)).toBe(200);
    await query("update credential set last_used_at = now() + interval '1 hour' where hash = $1", [hashToken(token)]);
    const [before] = await tokensOf(connection);
    await muster.keepUses();
    expect((await tokensOf(connection))[0]).toEqual(before);
  });
});
