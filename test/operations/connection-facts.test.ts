import { afterAll, beforeAll, expect, test } from 'vitest';
import { orgUnitType, userType } from '#attributes/resource-type.ts';
import { callerIn } from '#commands/choose-tenant.ts';
import { commandCaller } from '#commands/command-caller.ts';
import { spoken } from '#dialects/index.ts';
import { scim } from '#dialects/scim/scim.ts';
import { type ConnectionWish, createConnection } from '#operations/create-connection.ts';
import { createTenant } from '#operations/create-tenant.ts';
import { deleteResource } from '#operations/delete-resource.ts';
import { getConnection } from '#operations/get-connection.ts';
import { getResource } from '#operations/get-resource.ts';
import { revokeConnection } from '#operations/revoke-connection.ts';
import { revokeToken } from '#operations/revoke-token.ts';
import { rotateConnection } from '#operations/rotate-connection.ts';
import { updateConnection } from '#operations/update-connection.ts';
import { everything } from '#store/find-resource.ts';
import { openRoll, type TestRoll } from './open-roll.ts';

let roll: TestRoll;
let franchisee: string;
let made = 0;

beforeAll(async () => {
  roll = await openRoll(18);
  franchisee = (await roll.create(orgUnitType, { kind: 'FRANCHISEE', displayName: 'Fran' })).id;
});
afterAll(() => roll.close());

const make = (wish: Partial<ConnectionWish> = {}) => {
  made += 1;
  return createConnection(roll.admin, roll.db, { name: `c-${made}`, spoken: scim, tokenLifetimeDays: 1, ...wish });
};
const journalOf = async (id: string) => {
  const text = 'select tenant, dialect, kind, action, changes from journal where resource = $1 order by sequence';
  const { rows } = await roll.client.query(text, [id]);
  return rows.map(({ changes, ...row }) => ({ ...row, changes: JSON.parse(changes) }));
};

test('the journal tells of a connection what was done, and of its tokens how they begin', async () => {
  const first = await make({ name: 'told', guard: 'alert' });
  const second = await rotateConnection(roll.admin, roll.db, first.connection, 1);
  const update = { ratePerSecond: 30, rights: ['read'] } as const;
  await updateConnection(roll.admin, roll.db, 'told', update, spoken);
  await updateConnection(roll.admin, roll.db, 'told', update, spoken);
  await revokeToken(roll.admin, roll.db, 'told', first.prefix);
  await revokeConnection(roll.admin, roll.db, 'told');
  const told = await journalOf(first.connection);
  const whole = { tenant: roll.admin.tenant, dialect: 'command', kind: 'Connection' };
  expect(told).toEqual([
    {
      ...whole,
      action: 'created',
      changes: [
        { path: 'name', to: 'told' },
        { path: 'dialect', to: 'scim' },
        { path: 'profile', to: 'lenient' },
        { path: 'rights', to: ['read', 'write'] },
        { path: 'guard', to: 'alert' },
        { path: 'tokens', to: [first.prefix] },
      ],
    },
    {
      ...whole,
      action: 'updated',
      changes: [{ path: 'tokens', from: [first.prefix], to: [second.prefix, first.prefix] }],
    },
    {
      ...whole,
      action: 'updated',
      changes: [
        { path: 'rights', from: ['read', 'write'], to: ['read'] },
        { path: 'ratePerSecond', to: 30 },
      ],
    },
    { ...whole, action: 'updated', changes: [{ path: 'tokens', from: [first.prefix] }] },
    { ...whole, action: 'deleted', changes: [{ path: 'name', from: 'told' }] },
  ]);
  for (const { token, prefix } of [first, second]) {
    expect(JSON.stringify(told)).not.toContain(token.slice(prefix.length));
  }
});

test('a tenant is the first thing that its journal tells', async () => {
  await createTenant(commandCaller(), roll.db, 'told');
  const { tenant } = await callerIn(roll.db, 'told');
  const { rows } = await roll.client.query('select kind, action, changes from journal where tenant = $1', [tenant]);
  expect(rows).toEqual([{ kind: 'Tenant', action: 'created', changes: '[{"path":"name","to":"told"}]' }]);
});

test('a connection takes the external ids and the name of the one that it replaces, which ends', async () => {
  const old = await make({ name: 'okta' });
  const asOld = { ...roll.caller, connection: old.connection };
  const user = await roll.create(userType, { userName: 'ada' });
  const text =
    'insert into external_id (tenant, connection, kind, resource, value, value_key) values ($1, $2, $3, $4, $5, $5)';
  await roll.client.query(text, [roll.caller.tenant, old.connection, 'User', user.id, '00u1']);
  expect(await getResource(asOld, roll.db, userType, user.id, everything)).toMatchObject({ externalId: '00u1' });
  const fresh = await make({ name: 'okta', replaces: 'okta' });
  const asFresh = { ...roll.caller, connection: fresh.connection };
  expect(await getResource(asFresh, roll.db, userType, user.id, everything)).toMatchObject({ externalId: '00u1' });
  expect(await getResource(asOld, roll.db, userType, user.id, everything)).not.toHaveProperty('externalId');
  const ended = await getConnection(roll.admin, roll.db, old.connection);
  expect(ended).toMatchObject({
    replacedBy: fresh.connection,
    revokedAt: expect.any(String),
    tokens: [{ live: false }],
  });
  expect((await journalOf(fresh.connection))[0].changes).toContainEqual({ path: 'replaces', to: old.connection });
  expect((await journalOf(old.connection))[1]).toMatchObject({
    action: 'deleted',
    changes: [{ path: 'replacedBy', to: fresh.connection }],
  });
});

test('an id is the id of its connection for whatever is done, also where another has it as its name', async () => {
  const ended = await make();
  await revokeConnection(roll.admin, roll.db, ended.connection);
  const named = await make({ name: ended.connection });
  const found = await getConnection(roll.admin, roll.db, ended.connection.toUpperCase());
  expect(found.id).toBe(ended.connection);
  const rotated = rotateConnection(roll.admin, roll.db, ended.connection, 1);
  await expect(rotated).rejects.toMatchObject({ kind: 'not_found' });
  expect(await getConnection(roll.admin, roll.db, named.connection)).toMatchObject({ name: ended.connection });
  expect((await rotateConnection(roll.admin, roll.db, named.connection, 1)).connection).toBe(named.connection);
});

test('a name is that of the live connection, and of none once it has ended', async () => {
  const { connection: first } = await make({ name: 'again' });
  await revokeConnection(roll.admin, roll.db, 'again');
  await expect(getConnection(roll.admin, roll.db, 'again')).rejects.toMatchObject({ kind: 'not_found' });
  const { connection: second } = await make({ name: 'again' });
  expect((await getConnection(roll.admin, roll.db, 'again')).id).toBe(second);
  expect((await getConnection(roll.admin, roll.db, first)).revokedAt).toBeDefined();
});

test('a franchisee stays as long as a live connection is bound to it', async () => {
  const unit = await roll.create(orgUnitType, { kind: 'FRANCHISEE', displayName: 'Other' });
  const { connection } = await make({ franchisee: unit.id });
  const remove = () => deleteResource(roll.caller, roll.db, orgUnitType, unit.id);
  await expect(remove()).rejects.toMatchObject({ kind: 'invalid_value', message: expect.stringContaining('is bound') });
  await revokeConnection(roll.admin, roll.db, connection);
  await remove();
  expect(await getConnection(roll.admin, roll.db, connection)).toMatchObject({ franchisee: unit.id });
});

test('a bound and a rate can be set and taken away', async () => {
  const { connection } = await make();
  const update = (wish: Parameters<typeof updateConnection>[3]) =>
    updateConnection(roll.admin, roll.db, connection, wish, spoken);
  expect(await update({ franchisee, ratePerSecond: 25 })).toMatchObject({ franchisee, ratePerSecond: 25 });
  expect(await getConnection(roll.admin, roll.db, connection)).toMatchObject({ franchisee, ratePerSecond: 25 });
  await update({ franchisee: null, ratePerSecond: null });
  const after = await getConnection(roll.admin, roll.db, connection);
  expect(after).not.toHaveProperty('franchisee');
  expect(after).not.toHaveProperty('ratePerSecond');
});

test('rights are a set: saying one twice, or in another order, says nothing new', async () => {
  const { connection } = await make({ rights: ['write', 'read', 'read'] });
  expect((await getConnection(roll.admin, roll.db, connection)).rights).toEqual(['read', 'write']);
  await updateConnection(roll.admin, roll.db, connection, { rights: ['write', 'write', 'read'] }, spoken);
  expect(await journalOf(connection)).toHaveLength(1);
});

test.each<[string, () => Partial<ConnectionWish>, string]>([
  ['a rate below 25 for SCIM', () => ({ ratePerSecond: 24 }), 'ratePerSecond'],
  ['a rate of nothing for our own API', () => ({ spoken: spoken.at(-1) ?? scim, ratePerSecond: 0 }), 'ratePerSecond'],
  ['a rate that is no whole number', () => ({ ratePerSecond: 25.5 }), 'ratePerSecond'],
  ['a rate beyond what can be stored', () => ({ ratePerSecond: 1_000_001 }), 'ratePerSecond'],
  ['a lifetime of no day', () => ({ tokenLifetimeDays: 0 }), 'lifetimeDays'],
  ['a lifetime of more than ten years', () => ({ tokenLifetimeDays: 3_651 }), 'lifetimeDays'],
  ['a profile that is not known', () => ({ profile: 'soap' }), 'profile'],
  ['a franchisee that is no id', () => ({ franchisee: 'x' }), 'franchisee'],
  ['a franchisee that is not there', () => ({ franchisee: roll.caller.connection }), 'franchisee'],
  ['a right beyond the franchisee', () => ({ franchisee, rights: ['read', 'admin'] }), 'rights'],
  ['a name that nobody can type', () => ({ name: ' x' }), 'name'],
])('%s is refused', async (_, wish, attribute) => {
  await expect(make(wish())).rejects.toMatchObject({ kind: 'invalid_value', details: { attribute } });
});

test.each(spoken.map((api) => [api.name, api] as const))(
  'a connection of %s with a franchisee has the usual rights but for those that reach beyond it',
  async (_, api) => {
    const { connection } = await make({ spoken: api, franchisee });
    const { rights } = await getConnection(roll.admin, roll.db, connection);
    expect(rights).toEqual(api.usualRights.filter((right) => right !== 'superuser' && right !== 'admin'));
    const wanted = make({ spoken: api, franchisee, rights: ['read', 'superuser'] });
    await expect(wanted).rejects.toMatchObject({ kind: 'invalid_value', details: { attribute: 'rights' } });
  },
);

test('an org unit that is no franchisee binds nobody', async () => {
  const shop = await roll.create(orgUnitType, { kind: 'SHOP', displayName: 'Shop' });
  await expect(make({ franchisee: shop.id })).rejects.toMatchObject({ details: { attribute: 'franchisee' } });
});
