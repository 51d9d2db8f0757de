import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Values } from '#attributes/attribute.ts';
import { userType } from '#attributes/resource-type.ts';
import { rights } from '#domain/caller.ts';
import type { Change } from '#domain/change.ts';
import { createResource } from '#operations/create-resource.ts';
import { createTenant } from '#operations/create-tenant.ts';
import { deleteResource } from '#operations/delete-resource.ts';
import { protectUser } from '#operations/protect-user.ts';
import { updateResource } from '#operations/update-resource.ts';
import { findTenant } from '#store/tenants.ts';
import { changesOf, openRoll, rules, type TestRoll, valuesIn } from './open-roll.ts';

let roll: TestRoll;
let tenants = 0;
let caller: TestRoll['caller'];

beforeAll(async () => {
  roll = await openRoll(18);
});
afterAll(() => roll.close());
beforeEach(async () => {
  tenants += 1;
  await createTenant(roll.admin, roll.db, `tenant${tenants}`);
  caller = { ...roll.caller, rights, tenant: (await findTenant(roll.db, `tenant${tenants}`)) ?? 0 };
});

async function make(values: Values): Promise<string> {
  const made = await createResource(caller, roll.db, userType, { changes: changesOf(values), rules });
  return made.resource.id;
}
const update = (id: string, ...changes: Change[]) => updateResource(caller, roll.db, userType, id, { changes, rules });
const set = (path: string, value: Change['value']): Change => ({ op: 'set', path, value: value ?? '' }) as Change;
const remove = (id: string) => deleteResource(caller, roll.db, userType, id);

const superusers = async () => {
  const { rows } = await roll.client.query(
    `select count(*)::int as count from app_user u join attribute_value v on v.tenant = u.tenant and v.owner = u.id
      where u.tenant = $1 and u.active and v.path = 'User.muster.superuser' and v.number_key = 1`,
    [caller.tenant],
  );
  return rows[0].count;
};

const ends: [string, (id: string) => Promise<unknown>][] = [
  ['deactivated', (id) => update(id, set('active', false))],
  ['demoted', (id) => update(id, set('muster.superuser', false))],
  ['demoted by leaving the flag out', (id) => update(id, { op: 'clear', path: 'muster' })],
  ['renamed', (id) => update(id, set('userName', 'other'))],
  ['deleted', remove],
];

describe('the last active superuser (V-20, S-19)', () => {
  const forbidden = { kind: 'forbidden', message: expect.stringContaining('last active superuser') };

  test.each(ends)('is not %s, whatever the rights of the caller', async (_what, end) => {
    const id = await make({ userName: 'root', muster: { superuser: true } });
    await make({ userName: 'inactive', active: false, muster: { superuser: true } });
    await make({ userName: 'demoted', muster: { superuser: false } });
    await expect(end(id)).rejects.toMatchObject(forbidden);
    expect(await superusers()).toBe(1);
    await update(id, set('title', 'Dr.'));
  });

  test.each(ends)('is one who can be %s while there is another', async (_what, end) => {
    const id = await make({ userName: 'root', muster: { superuser: true } });
    await make({ userName: 'second', muster: { superuser: true } });
    await end(id);
  });

  test('is another in each tenant', async () => {
    const id = await make({ userName: 'root', muster: { superuser: true } });
    await createResource({ ...caller, tenant: roll.caller.tenant }, roll.db, userType, {
      changes: changesOf({ userName: `root${tenants}`, muster: { superuser: true } }),
      rules,
    });
    await expect(remove(id)).rejects.toMatchObject(forbidden);
  });

  test('is left by a hundred pairs of which each takes the other away at the same moment (T-08)', async () => {
    const ids = [await make({ userName: 'a', muster: { superuser: true } })];
    ids.push(await make({ userName: 'b', muster: { superuser: true } }));
    const [a = '', b = ''] = ids;
    const ways = [set('active', false), set('muster.superuser', false)];
    for (let round = 0; round < 100; round += 1) {
      const tries = await Promise.allSettled([update(a, ways[round % 2] as Change), update(b, ways[0] as Change)]);
      expect(tries.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      expect(await superusers()).toBe(1);
      await roll.client.query('update app_user set active = true where tenant = $1', [caller.tenant]);
      await Promise.all([a, b].map((id) => update(id, set('active', true), set('muster.superuser', true))));
    }
  });
});

describe('a protected account (S-19)', () => {
  const emails = [{ value: 'glass@example.org', type: 'work' }];

  test.each([
    ...ends,
    ['given another e-mail address', (id) => update(id, set('emails', [{ value: 'thief@example.org' }]))],
    ['without an e-mail address', (id) => update(id, { op: 'clear', path: 'emails' })],
  ] satisfies typeof ends)('is not %s, until it is unprotected', async (_what, end) => {
    const id = await make({ userName: 'glass', emails, muster: { superuser: true } });
    await make({ userName: 'second', muster: { superuser: true } });
    expect(await protectUser(caller, roll.db, id, true)).toBe(true);
    expect(await protectUser(caller, roll.db, id, true)).toBe(false);
    const lift = `npx --no-install muster user unprotect ${id} --tenant `;
    await expect(end(id)).rejects.toMatchObject({ kind: 'forbidden', message: expect.stringContaining(lift) });
    const { resource } = await update(id, set('title', 'Dr.'));
    expect(valuesIn(userType, resource)).toMatchObject({ userName: 'glass', emails, title: 'Dr.' });
    expect(await protectUser(caller, roll.db, id, false)).toBe(true);
    await end(id);
  });

  test('is marked by nobody but who runs the server, and the journal tells of it', async () => {
    const id = await make({ userName: 'glass' });
    const administrator = { ...caller, rights: rights.filter((right) => right !== 'operator') };
    await expect(protectUser(administrator, roll.db, id, true)).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(protectUser(caller, roll.db, caller.connection, true)).rejects.toMatchObject({ kind: 'not_found' });
    await protectUser(caller, roll.db, id, true);
    const { rows } = await roll.client.query('select changes from journal where resource = $1 order by sequence', [id]);
    expect(JSON.parse(rows.at(-1).changes)).toEqual([{ path: 'protected', from: false, to: true }]);
  });
});
