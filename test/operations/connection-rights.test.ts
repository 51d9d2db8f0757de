import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { callerIn } from '#commands/choose-tenant.ts';
import { commandCaller } from '#commands/command-caller.ts';
import { spoken } from '#dialects/index.ts';
import { scim } from '#dialects/scim/scim.ts';
import { type Caller, type Right, rights } from '#domain/caller.ts';
import { domainLimits } from '#domain/limits.ts';
import { createConnection } from '#operations/create-connection.ts';
import { createTenant } from '#operations/create-tenant.ts';
import { enterTenant } from '#operations/enter-tenant.ts';
import { getConnection } from '#operations/get-connection.ts';
import { listConnections } from '#operations/list-connections.ts';
import { listTenants } from '#operations/list-tenants.ts';
import { revokeConnection } from '#operations/revoke-connection.ts';
import { revokeToken } from '#operations/revoke-token.ts';
import { rotateConnection } from '#operations/rotate-connection.ts';
import { type ConnectionUpdate, updateConnection } from '#operations/update-connection.ts';
import { openRoll, type TestRoll } from './open-roll.ts';

const nobody = '018f0000-0000-7000-8000-000000000000';

let roll: TestRoll;
let acme: Caller;
let made = 0;

beforeAll(async () => {
  roll = await openRoll(18);
  await createTenant(commandCaller(), roll.db, 'acme');
  acme = await callerIn(roll.db, 'acme');
});
afterAll(() => roll.close());

const withRights = (...held: Right[]): Caller => ({ ...roll.admin, rights: held });
const make = (caller: Caller, granted: readonly Right[] = ['read']) => {
  made += 1;
  const wish = { name: `c-${made}`, spoken: scim, rights: granted, tokenLifetimeDays: 1 };
  return createConnection(caller, roll.db, wish);
};
const update = (caller: Caller, id: string, granted: readonly Right[]) =>
  updateConnection(caller, roll.db, id, { rights: granted }, spoken);
/** Every operation on a connection that is named. */
const named: Readonly<Record<string, (caller: Caller, nameOrId: string) => Promise<unknown>>> = {
  show: (caller, id) => getConnection(caller, roll.db, id),
  update: (caller, id) => update(caller, id, ['read']),
  rotate: (caller, id) => rotateConnection(caller, roll.db, id, 1),
  revoke: (caller, id) => revokeConnection(caller, roll.db, id),
  'revoke a token of': (caller, id) => revokeToken(caller, roll.db, id, 'mst_'),
  replace: (caller, id) =>
    createConnection(caller, roll.db, { name: 'new', spoken: scim, tokenLifetimeDays: 1, replaces: id }),
};
const fault = (work: Promise<unknown>) =>
  work.then(
    () => 'none',
    ({ kind, message }) => `${kind}: ${message}`,
  );

describe('who administers nothing', () => {
  const weak = () => withRights('read', 'write', 'passwords', 'superuser');

  test.each(Object.keys(named))('may not %s a connection, whether there is one or not', async (verb) => {
    const { connection } = await make(roll.admin);
    for (const id of [connection, nobody]) {
      expect(await fault(named[verb]?.(weak(), id) ?? Promise.resolve())).toMatch(/^forbidden/);
    }
  });

  test('may not make or list connections, nor make, list or enter tenants', async () => {
    expect(await fault(make(weak()))).toMatch(/^forbidden/);
    expect(await fault(listConnections(weak(), roll.db))).toMatch(/^forbidden/);
    expect(await fault(createTenant(weak(), roll.db, 'x'))).toMatch(/^forbidden/);
    expect(await fault(listTenants(weak(), roll.db))).toMatch(/^forbidden/);
    expect(await fault(enterTenant(weak(), roll.db, 'roll'))).toMatch(/^forbidden/);
  });
});

describe('S-26: who administers one tenant', () => {
  const admin = () => withRights('read', 'admin');

  test('makes no tenant, sees his own, and hears of another what he hears of none', async () => {
    expect(await fault(createTenant(admin(), roll.db, 'x'))).toMatch(/^forbidden/);
    expect((await listTenants(admin(), roll.db)).map(({ name }) => name)).toEqual(['roll']);
    expect(await enterTenant(admin(), roll.db, 'roll')).toEqual(admin());
    const unknown = await fault(enterTenant(admin(), roll.db, 'nobody'));
    expect(unknown).toMatch(/^not_found/);
    expect(await fault(enterTenant(admin(), roll.db, 'acme'))).toBe(unknown);
  });

  test.each(Object.keys(named))('cannot %s a connection of another tenant, as if it never were', async (verb) => {
    const { connection } = await make(acme);
    const act = (id: string) => fault(named[verb]?.(withRights('read', 'write', 'admin'), id) ?? Promise.resolve());
    const unknown = await act(nobody);
    expect(unknown).toMatch(/^not_found/);
    expect(await act(connection)).toBe(unknown);
    const listed = await listConnections(admin(), roll.db);
    expect(listed.map(({ id }) => id)).not.toContain(connection);
    expect((await getConnection(acme, roll.db, connection)).revokedAt).toBeUndefined();
  });

  // Who has not the right admin gives nothing at all.
  test.each(rights.filter((right) => right !== 'admin'))('without the right %s gives it in no way', async (right) => {
    const includes: readonly Right[] = right === 'passwords' || right === 'superuser' ? [] : ['write'];
    const caller = withRights(...rights.filter((one) => one !== right && !includes.includes(one)));
    const refused = `forbidden: nobody gives what he does not hold: the right "${right}"`;
    expect(await fault(make(caller, ['admin', right]))).toBe(refused);
    const { connection: weak } = await make(roll.admin, []);
    expect(await fault(update(caller, weak, [right]))).toBe(refused);
    const { connection: strong } = await make(roll.admin, [right]);
    expect(await fault(rotateConnection(caller, roll.db, strong, 1))).toBe(refused);
    expect(await fault(updateConnection(caller, roll.db, strong, { guard: 'off' }, spoken))).toBe(refused);
    expect(await fault(revokeConnection(caller, roll.db, strong))).toBe('none');
  });

  test('gives parts of the right write when he has it, and not write when he has its parts', async () => {
    const parts = ['users', 'groups', 'org_units'] as const;
    expect(await fault(make(withRights('admin', 'write'), parts))).toBe('none');
    expect(await fault(make(withRights('admin', ...parts), ['write']))).toMatch(/^forbidden/);
  });
});

test('S-29: who administers one tenant lifts no connection above what his tenant has together', async () => {
  const admin = withRights('read', 'admin');
  const beyond = domainLimits.scimRequestsOfTenant + 1;
  const wish = { spoken: scim, rights: ['read'], tokenLifetimeDays: 1 } as const;
  const lift = (caller: Caller, ratePerSecond: number) =>
    fault(createConnection(caller, roll.db, { ...wish, name: `rate ${ratePerSecond}`, ratePerSecond }));
  expect(await lift(admin, beyond - 1)).toBe('none');
  expect(await lift(admin, beyond)).toMatch(/^forbidden/);
  const { connection } = await make(roll.admin);
  const set = (caller: Caller, change: ConnectionUpdate) =>
    fault(updateConnection(caller, roll.db, connection, change, spoken));
  expect(await set(admin, { ratePerSecond: beyond })).toMatch(/^forbidden/);
  expect(await set(roll.admin, { ratePerSecond: beyond })).toBe('none');
  expect(await set(admin, { guard: 'alert' })).toBe('none');
});

test('an operator makes connections in any tenant, and the journal of that tenant tells', async () => {
  const operator = await enterTenant(withRights('read', 'operator'), roll.db, 'acme');
  const { connection } = await make(operator, ['read', 'admin']);
  expect((await listConnections(acme, roll.db)).map(({ id }) => id)).toContain(connection);
  const { rows } = await roll.client.query('select tenant from journal where resource = $1', [connection]);
  expect(rows).toEqual([{ tenant: acme.tenant }]);
});
