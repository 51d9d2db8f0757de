import { afterAll, beforeAll, expect, test } from 'vitest';
import { userType } from '#attributes/resource-type.ts';
import { commandCaller } from '#commands/command-caller.ts';
import { createResource } from '#operations/create-resource.ts';
import { createTenant } from '#operations/create-tenant.ts';
import { signIn } from '#operations/sign-in.ts';
import type { Db } from '#store/database.ts';
import { findTenant } from '#store/tenants.ts';
import { distrustEmails } from '#store/unverified-emails.ts';
import { freshDatabase, type TestDatabase } from '#test/support/database.ts';
import { command } from '#test/support/run-command.ts';
import { changesOf, rules } from '../operations/open-roll.ts';
import { openTestDatabase } from '../store/open-test-database.ts';

let database: TestDatabase;
let db: Db;
let tenant: number;
beforeAll(async () => {
  database = await freshDatabase();
  db = openTestDatabase(database);
  await createTenant(commandCaller(), db, 'default');
  tenant = (await findTenant(db, 'default')) ?? 0;
  const changes = changesOf({ userName: 'ada' });
  await createResource(commandCaller(tenant), db, userType, { changes, rules });
});
afterAll(() => db.close());

/** Runs a verb about a user and gives its one JSON document. */
async function result(...args: readonly string[]) {
  const { code, stdout, stderr } = await command(['user', ...args, '--json'], { DATABASE_URL: database.url });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout);
}

test('verifying e-mail addresses says which were kept from sign-in, or that none was', async () => {
  const emails = [{ value: 'Eve@example.org' }];
  const changes = changesOf({ userName: 'eve', emails, muster: { superuser: true } });
  const { resource } = await createResource(commandCaller(tenant), db, userType, { changes, rules });
  await db.transaction(async (tx) => distrustEmails(tx, tenant, resource.id, ['Eve@example.org']));
  expect(await result('verify-email', 'eve')).toEqual({ id: resource.id, verified: ['eve@example.org'] });
  expect(await result('verify-email', 'eve')).toEqual({ id: resource.id, verified: [] });
  const { stdout } = await command(['user', 'verify-email', 'ada'], { DATABASE_URL: database.url });
  expect(stdout).toBe('There was nothing to do: no e-mail address of ada was kept from sign-in and reset.\n');
});

const enter = (password: string) =>
  signIn(db, { tenant, dialect: 'own', requestId: 'r', name: 'ada', password, sessionPolicy: 'own' });

test('a temporary password is shown once, and the sessions that it begins are listed and ended', async () => {
  const { id, password } = await result('reset-password', 'ada');
  expect((await enter(password)).mustChange).toBe(true);
  const [session, ...others] = await result('sessions', id);
  expect([session.dialect, others]).toEqual(['own', []]);
  expect(await result('end-sessions', 'ada', '--session', session.id)).toEqual({ id, ended: 1 });
  expect(await result('unlock', 'ada')).toEqual({ id, wasLocked: false });
});
