import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Values } from '#attributes/attribute.ts';
import { allAttributes, groupType, orgUnitType, type ResourceType, userType } from '#attributes/resource-type.ts';
import type { Caller } from '#domain/caller.ts';
import { checkFilter } from '#domain/check-filter.ts';
import { createResource } from '#operations/create-resource.ts';
import { getResource } from '#operations/get-resource.ts';
import { listResources } from '#operations/list-resources.ts';
import { everything } from '#store/find-resource.ts';
import { postgresVersions } from '#test/support/postgres-versions.ts';
import { changesOf, openRoll, rules, type TestRoll, valuesIn } from './open-roll.ts';

describe.each(postgresVersions)('external ids on PostgreSQL %i', (version) => {
  let roll: TestRoll;
  beforeAll(async () => {
    roll = await openRoll(version);
  });
  afterAll(() => roll.close());

  /** Creates as a client does: the hash is that of what it sent. */
  async function send(caller: Caller, type: ResourceType, externalId: string, values: Values, more = {}) {
    const bodyHash = createHash('sha256')
      .update(JSON.stringify([externalId, values]))
      .digest();
    const wish = { changes: changesOf(values), externalId, bodyHash, rules, ...more };
    return (await createResource(caller, roll.db, type, wish)).resource;
  }

  async function found(caller: Caller, externalId: string): Promise<string[]> {
    const filter = checkFilter(allAttributes(userType), { op: 'eq', path: 'externalId', value: externalId });
    const listing = { type: userType, filter, page: { offset: 0, count: 10 }, wanted: everything };
    const { resources } = await listResources(caller, roll.db, listing);
    return resources.map(({ id }) => id);
  }

  test('each connection sees and finds only its own', async () => {
    const ada = await send(roll.caller, userType, 'A1', { userName: 'ada' });
    const bob = await send(roll.other, userType, 'A1', { userName: 'bob' });
    expect([await found(roll.caller, 'A1'), await found(roll.other, 'A1')]).toEqual([[ada.id], [bob.id]]);
    expect((await getResource(roll.other, roll.db, userType, ada.id, everything)).externalId).toBeUndefined();
    expect((await roll.get(userType, ada.id)).externalId).toBe('A1');
  });

  test('is shown as it was sent, and found however its accents are composed, but not in another case', async () => {
    const made = await send(roll.caller, userType, 'Jose\u0301', { userName: 'josé' });
    expect((await roll.get(userType, made.id)).externalId).toBe('Jose\u0301');
    expect(await found(roll.caller, 'Jos\u00e9')).toEqual([made.id]);
    expect(await found(roll.caller, 'Jose\u0301')).toEqual([made.id]);
    expect(await found(roll.caller, 'jos\u00e9')).toEqual([]);
  });

  test('changes with the version and the journal, and is free again when it is cleared', async () => {
    const made = await send(roll.caller, userType, 'C1', { userName: 'carl' });
    const before = (await roll.journal()).length;
    expect((await roll.update(userType, made.id, [], { externalId: 'C1' })).version).toBe(1);
    expect(await roll.update(userType, made.id, [], { externalId: 'C2' })).toMatchObject({
      version: 2,
      externalId: 'C2',
    });
    expect(await roll.update(userType, made.id, [], { externalId: null })).not.toHaveProperty('externalId');
    expect(await found(roll.caller, 'C2')).toEqual([]);
    expect((await roll.journal()).slice(before).map(({ changes }) => changes)).toEqual([
      [{ path: 'externalId', from: 'C1', to: 'C2' }],
      [{ path: 'externalId', from: 'C2' }],
    ]);
  });

  test.each([
    [userType, { userName: 'again' }],
    [groupType, { displayName: 'again' }],
    [orgUnitType, { kind: 'SHOP', displayName: 'again' }],
  ] as const)('a create of $name that is sent again gives the resource that it made (F-34)', async (type, values) => {
    const made = await send(roll.caller, type, `again ${type.name}`, values);
    const before = (await roll.journal()).length;
    expect((await send(roll.caller, type, `again ${type.name}`, values)).id).toBe(made.id);
    expect((await roll.journal()).length).toBe(before);
  });

  test('another body, another connection, or the same after ten minutes is no repetition', async () => {
    const values = { userName: 'once' };
    const made = await send(roll.caller, userType, 'O1', values);
    const taken = { kind: 'already_exists' };
    await expect(send(roll.caller, userType, 'O1', { ...values, title: 'Else' })).rejects.toMatchObject(taken);
    await expect(send(roll.other, userType, 'O1', values)).rejects.toMatchObject(taken);
    await roll.client.query(
      `update external_id set created_at = created_at - interval '11 minutes' where resource = $1`,
      [made.id],
    );
    await expect(send(roll.caller, userType, 'O1', values)).rejects.toMatchObject(taken);
  });

  test('the same create five times at once makes one person', async () => {
    const tries = Array.from({ length: 5 }, () => send(roll.caller, userType, 'P1', { userName: 'parallel' }));
    expect(new Set((await Promise.all(tries)).map(({ id }) => id)).size).toBe(1);
  });

  test.each([
    [orgUnitType, { kind: 'SHOP', displayName: 'parallel' }],
    [groupType, { displayName: 'parallel' }],
  ] as const)(
    'the same create of $name twenty times at once makes one, though no name is unique',
    async (type, values) => {
      const tries = Array.from({ length: 20 }, () => send(roll.caller, type, `parallel ${type.name}`, values));
      expect(new Set((await Promise.all(tries)).map(({ id }) => id)).size).toBe(1);
      const rows = (await roll.journal()).filter(({ action, kind }) => action === 'created' && kind === type.name);
      expect(rows.filter(({ changes }) => changes.some(({ to }) => to === 'parallel'))).toHaveLength(1);
    },
  );

  test('a create takes no deactivated org unit back', async () => {
    const values = { kind: 'SHOP', displayName: 'closed' };
    const made = await send(roll.caller, orgUnitType, 'S1', values);
    await roll.update(orgUnitType, made.id, [{ op: 'set', path: 'active', value: false }]);
    const fresh = await send(roll.caller, orgUnitType, 'S1', { ...values, displayName: 'opened' });
    expect(fresh.id).not.toBe(made.id);
    expect(valuesIn(orgUnitType, await roll.get(orgUnitType, made.id)).active).toBe(false);
  });

  test('a create takes a deactivated person back, with new values, even under a new userName', async () => {
    const made = await send(roll.caller, userType, 'D1', { userName: 'dora', title: 'Old' });
    await roll.update(userType, made.id, [{ op: 'set', path: 'active', value: false }]);
    const back = await send(roll.caller, userType, 'D1', { userName: 'dora.new', title: 'New' });
    expect(back).toMatchObject({ id: made.id, externalId: 'D1' });
    expect(valuesIn(userType, back)).toMatchObject({ userName: 'dora.new', title: 'New', active: true });
  });

  test('a create for a deactivated person is refused where the rules say so, and by another connection', async () => {
    const made = await send(roll.caller, userType, 'E1', { userName: 'emil' });
    await roll.update(userType, made.id, [{ op: 'set', path: 'active', value: false }]);
    const refuse = { rules: { ...rules, createOfDeactivated: 'refuse' } };
    await expect(send(roll.caller, userType, 'E1', { userName: 'emil' }, refuse)).rejects.toMatchObject({
      kind: 'already_exists',
    });
    await expect(send(roll.other, userType, 'E1', { userName: 'emil' })).rejects.toMatchObject({
      kind: 'already_exists',
    });
    expect(valuesIn(userType, await roll.get(userType, made.id)).active).toBe(false);
  });
});
