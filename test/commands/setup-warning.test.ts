import { afterAll, beforeAll, expect, test } from 'vitest';
import { userType } from '#attributes/resource-type.ts';
import { commandCaller } from '#commands/command-caller.ts';
import { setupWarning } from '#commands/setup-warning.ts';
import { createTenant } from '#operations/create-tenant.ts';
import { openRoll, type TestRoll } from '../operations/open-roll.ts';

let roll: TestRoll;

beforeAll(async () => {
  roll = await openRoll(18);
  await createTenant(commandCaller(), roll.db, 'empty');
  await roll.create(userType, { userName: 'ada' });
});
afterAll(() => roll.close());

const open = { host: '0.0.0.0', publicUrl: undefined, metabaseSetup: 'open', mounts: undefined } as const;
const at = (...tenants: string[]) => ({
  ...open,
  mounts: tenants.map((tenant) => ({ name: 'metabase', tenant })),
});

test('a server that others reach warns of a tenant that anybody may set up', async () => {
  expect(await setupWarning(roll.db, at('empty'))).toBe(
    'whoever first reaches the API of Metabase becomes superuser of the tenant empty, on whose roll nobody is yet; ' +
      'put its first person there, or set METABASE_SETUP=closed',
  );
  for (const host of ['::', '192.0.2.1', 'roll.example.org']) {
    expect(await setupWarning(roll.db, { ...at('roll', 'empty'), host })).toContain('the tenant empty');
  }
  const behindProxy = { ...at('empty'), host: '127.0.0.1', publicUrl: 'https://roll.example.org' };
  expect(await setupWarning(roll.db, behindProxy)).toContain('the tenant empty');
});

test('it says nothing where nobody else gets there, or somebody is there already', async () => {
  for (const host of ['127.0.0.1', 'localhost', '::1']) {
    expect(await setupWarning(roll.db, { ...at('empty'), host })).toBeUndefined();
    expect(await setupWarning(roll.db, { ...at('empty'), host, publicUrl: 'http://[::1]:8080' })).toBeUndefined();
  }
  expect(await setupWarning(roll.db, { ...at('empty'), metabaseSetup: 'closed' })).toBeUndefined();
  expect(await setupWarning(roll.db, at('roll'))).toBeUndefined();
  expect(await setupWarning(roll.db, at('never-made'))).toBeUndefined();
});

test('without a place of its own the API means the tenant default', async () => {
  expect(await setupWarning(roll.db, open)).toBeUndefined();
  await createTenant(commandCaller(), roll.db, 'default');
  expect(await setupWarning(roll.db, open)).toContain('the tenant default');
  expect(await setupWarning(roll.db, { ...open, mounts: [{ name: 'callbox', tenant: 'roll' }] })).toContain('default');
});
