import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { callerIn } from '#commands/choose-tenant.ts';
import { commandCaller } from '#commands/command-caller.ts';
import { scim } from '#dialects/scim/scim.ts';
import { createConnection } from '#operations/create-connection.ts';
import { createTenant, defaultTenant } from '#operations/create-tenant.ts';
import { listConnections } from '#operations/list-connections.ts';
import { revokeConnection } from '#operations/revoke-connection.ts';
import { rotateConnection } from '#operations/rotate-connection.ts';
import { welcome } from '#operations/welcome.ts';
import { postgresVersions } from '#test/support/postgres-versions.ts';
import { openRoll, type TestRoll } from './open-roll.ts';
import { waitForWaiting } from './wait-for-waiting.ts';

describe.each(postgresVersions)('connections on PostgreSQL %i', (version) => {
  let roll: TestRoll;
  beforeAll(async () => {
    roll = await openRoll(version);
  });
  afterAll(() => roll.close());

  const make = (name: string) =>
    createConnection(roll.admin, roll.db, { name, spoken: scim, rights: ['read'], tokenLifetimeDays: 1 });
  const liveTokens = async (connection: string) =>
    (await roll.client.query('select hash from credential where connection = $1 and revoked_at is null', [connection]))
      .rowCount;

  test('have two live tokens at most, however many rotations meet', async () => {
    const { connection } = await make('rotated');
    await roll.client.query('begin');
    await roll.client.query('select from connection where id = $1 for update', [connection]);
    const rotations = [1, 2, 3, 4].map(() => rotateConnection(roll.admin, roll.db, connection, 1));
    await waitForWaiting(roll.client, 4);
    await roll.client.query('commit');
    await Promise.all(rotations);
    expect(await liveTokens(connection)).toBe(2);
  });

  test('get no new token once they are revoked', async () => {
    const { connection } = await make('revoked');
    await revokeConnection(roll.admin, roll.db, connection);
    await expect(rotateConnection(roll.admin, roll.db, connection, 1)).rejects.toMatchObject({ kind: 'not_found' });
    expect(await liveTokens(connection)).toBe(1);
  });
});

describe.each(postgresVersions)('a first start on PostgreSQL %i', (version) => {
  let roll: TestRoll;
  beforeEach(async () => {
    roll = await openRoll(version);
    return () => roll.close();
  });

  const names = async () =>
    (await listConnections(await callerIn(roll.db, defaultTenant), roll.db)).map(({ name }) => name);

  test('makes one connection, however many nodes start', async () => {
    const issued = await Promise.all([1, 2, 3, 4].map(() => welcome(roll.db, 1)));
    expect(issued.filter((each) => each !== undefined)).toHaveLength(1);
    expect(await names()).toEqual(['first']);
    expect(await welcome(roll.db, 1)).toBeUndefined();
  });

  test('makes one connection where the tenant is there without any', async () => {
    await createTenant(commandCaller(), roll.db, defaultTenant);
    const issued = await Promise.all([1, 2, 3, 4].map(() => welcome(roll.db, 1)));
    expect(issued.filter((each) => each !== undefined)).toHaveLength(1);
    expect(await names()).toEqual(['first']);
  });

  test('makes no connection where somebody revoked the first', async () => {
    await welcome(roll.db, 1);
    await revokeConnection(await callerIn(roll.db, defaultTenant), roll.db, 'first');
    expect(await welcome(roll.db, 1)).toBeUndefined();
  });

  test('that cannot make the connection makes no tenant, and the next one does both', async () => {
    await roll.client.query('alter table credential add constraint none check (false)');
    await expect(welcome(roll.db, 1)).rejects.toThrow();
    await roll.client.query('alter table credential drop constraint none');
    expect(await welcome(roll.db, 1)).toBeDefined();
  });
});
