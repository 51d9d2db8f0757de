import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { userType } from '#attributes/resource-type.ts';
import { commandCaller } from '#commands/command-caller.ts';
import { createResource } from '#operations/create-resource.ts';
import { createTenant } from '#operations/create-tenant.ts';
import { deleteResource } from '#operations/delete-resource.ts';
import { describeSetup, setUpTenant } from '#operations/set-up-tenant.ts';
import { findTenant } from '#store/tenants.ts';
import { faultWhen } from '#test/support/fault-when.ts';
import { openTestDatabase } from '../store/open-test-database.ts';
import { changesOf, openRoll, rules, type TestRoll } from './open-roll.ts';

let roll: TestRoll;
beforeAll(async () => {
  roll = await openRoll(18);
});
afterAll(() => roll.close());

/** A tenant in which nobody ever was. */
async function newTenant(): Promise<number> {
  const name = randomUUID();
  await createTenant(commandCaller(), roll.db, name);
  return (await findTenant(roll.db, name)) ?? 0;
}

function setUp(tenant: number, token: string, wish: { userName?: string; password?: string } = {}) {
  const { userName = 'first@example.org', password = 'p@ssword1x' } = wish;
  const stranger = { tenant, dialect: 'metabase', requestId: randomUUID(), address: '192.0.2.7' };
  const how = { policy: 'metabase', sessionPolicy: 'fixed', rules } as const;
  return setUpTenant(roll.db, { ...stranger, ...how, token, password, changes: changesOf({ userName }) });
}

const tokenOf = async (tenant: number) => (await describeSetup(roll.db, tenant)).token ?? '';

test('all who ask at once, at every node, see one token', async () => {
  const tenant = await newTenant();
  const node = openTestDatabase(roll.database);
  const asked = [1, 2, 3].flatMap(() => [describeSetup(roll.db, tenant), describeSetup(node, tenant)]);
  const tokens = new Set((await Promise.all(asked)).map(({ token }) => token));
  await node.close();
  expect(tokens).toEqual(new Set([expect.stringMatching(/^[0-9a-f-]{36}$/)]));
  expect(tokens).toEqual(new Set([await tokenOf(tenant)]));
});

test('the first person is a superuser, has number 1, and is in the journal without the password', async () => {
  const tenant = await newTenant();
  const { person, token } = await setUp(tenant, await tokenOf(tenant));
  expect(token).toMatch(/^[0-9a-f-]{36}$/);
  const { rows } = await roll.client.query('select * from app_user where tenant = $1', [tenant]);
  expect(rows).toEqual([expect.objectContaining({ id: person, number: '1', last_login_at: expect.anything() })]);
  const journal = await roll.client.query("select * from journal where tenant = $1 and kind = 'User'", [tenant]);
  expect(journal.rows).toEqual([expect.objectContaining({ action: 'created', resource: person, dialect: 'metabase' })]);
  expect(JSON.stringify(journal.rows)).not.toContain('p@ssword1x');
  const flag = "select number_key from attribute_value where tenant = $1 and path = 'User.muster.superuser'";
  expect((await roll.client.query(flag, [tenant])).rows).toEqual([{ number_key: 1 }]);
  expect(await describeSetup(roll.db, tenant)).toEqual({ isSetUp: true });
});

test('of set-ups at the same moment one gets in, and the others hear that they are late', async () => {
  const tenant = await newTenant();
  const token = await tokenOf(tenant);
  const tries = [1, 2, 3, 4].map((index) => setUp(tenant, token, { userName: `first${index}@example.org` }));
  const outcomes = await Promise.allSettled(tries);
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ kind: 'forbidden' });
  }
  const { rows } = await roll.client.query('select count(*) from app_user where tenant = $1', [tenant]);
  expect(rows).toEqual([{ count: '1' }]);
});

test('a wrong token and a common password make nobody, and the token stays good', async () => {
  const tenant = await newTenant();
  const token = await tokenOf(tenant);
  for (const wrong of ['', 'a\0b', randomUUID(), await tokenOf(await newTenant())]) {
    expect(await faultWhen(setUp(tenant, wrong))).toMatchObject({
      kind: 'invalid_value',
      details: { attribute: 'token' },
    });
  }
  expect(await faultWhen(setUp(tenant, token, { password: 'password1' }))).toMatchObject({
    ...{ kind: 'invalid_value', details: { attribute: 'password' } },
  });
  expect(await tokenOf(tenant)).toBe(token);
  await setUp(tenant, token);
});

test('a token that was seen is worth nothing once somebody is on the roll, also when he is deleted again', async () => {
  const tenant = await newTenant();
  const token = await tokenOf(tenant);
  const caller = { ...roll.caller, tenant };
  const changes = changesOf({ userName: 'x' });
  const { id } = (await createResource(caller, roll.db, userType, { changes, rules })).resource;
  expect(await describeSetup(roll.db, tenant)).toEqual({ isSetUp: true });
  expect(await faultWhen(setUp(tenant, token))).toMatchObject({ kind: 'forbidden' });
  await deleteResource(caller, roll.db, userType, id);
  expect(await describeSetup(roll.db, tenant)).toEqual({ isSetUp: true });
  expect(await faultWhen(setUp(tenant, token))).toMatchObject({ kind: 'forbidden' });
});

test('a tenant that is none has no token and lets nobody in', async () => {
  expect(await describeSetup(roll.db, 0)).toEqual({ isSetUp: true });
  expect(await faultWhen(setUp(0, ''))).toMatchObject({ kind: 'forbidden' });
});
