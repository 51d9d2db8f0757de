import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Values } from '#attributes/attribute.ts';
import { groupType, userType } from '#attributes/resource-type.ts';
import type { Caller } from '#domain/caller.ts';
import type { Change } from '#domain/change.ts';
import type { Resource } from '#domain/resource.ts';
import { sealJournal } from '#journal/seal-journal.ts';
import { verifyChain } from '#journal/verify-chain.ts';
import { deleteResource } from '#operations/delete-resource.ts';
import { findPerson } from '#operations/find-person.ts';
import { listJournal } from '#operations/list-journal.ts';
import { readTimeline } from '#operations/read-timeline.ts';
import { stateAt } from '#operations/state-at.ts';
import { updateMembers } from '#operations/update-members.ts';
import { updateResource } from '#operations/update-resource.ts';
import { verifyJournal } from '#operations/verify-journal.ts';
import { dropOldJournal } from '#store/journal-erasure.ts';
import { waitUntil } from '#test/support/wait-until.ts';
import { openRoll, rules, type TestRoll, valuesIn } from './open-roll.ts';

let roll: TestRoll;
let admin: Caller;
beforeAll(async () => {
  roll = await openRoll(18);
  admin = { ...roll.caller, rights: ['admin'] };
  await roll.client.query(
    `insert into connection (tenant, id, name, dialect, profile, rights) values ($1, $2, 'okta', 'scim', 'okta', '{write}')`,
    [roll.caller.tenant, roll.caller.connection],
  );
});
afterAll(() => roll.close());

/** Lets the rows that are there have happened an hour earlier, so that moments differ. */
const anHourPasses = () => roll.client.query(`update journal set at = at - interval '1 hour'`);
const timelineOf = (id: string, more = {}) => readTimeline(admin, roll.db, id, { count: 100, ...more });

describe('a timeline', () => {
  test('answers who deactivated a person, when, and through what, newest first', async () => {
    const ivan = await roll.create(userType, { userName: 'ivan', title: 'Dr.' });
    const group = await roll.create(groupType, { displayName: 'Pilots' });
    await anHourPasses();
    await updateMembers(roll.caller, roll.db, group.id, [{ op: 'add', ids: [ivan.id] }], rules);
    await anHourPasses();
    const from = { requestId: 'r-17', address: '192.0.2.7' };
    const { id } = ivan;
    const changes = [{ op: 'set', path: 'active', value: false }] as const;
    await updateResource({ ...roll.caller, ...from }, roll.db, userType, id, { changes, rules });
    const told = await timelineOf(id);
    expect(told).toMatchObject({ id, userName: 'ivan', state: 'inactive' });
    expect(told.moments.map(({ what }) => what)).toEqual(['deactivated', 'joined', 'created']);
    expect(told.moments[0]).toMatchObject({
      changes: [{ path: 'active', to: false }],
      by: { ...from, dialect: 'scim', connection: { id: roll.caller.connection, name: 'okta' } },
      isErased: false,
    });
    expect(told.moments[1]).toMatchObject({ group: { id: group.id, name: 'Pilots' } });
    const { moments } = await timelineOf(id, { from: new Date(Date.now() - 1_800_000).toISOString() });
    expect(moments.map(({ what }) => what)).toEqual(['deactivated']);
  });

  test('goes on after a person and a group are deleted, and is found by id and by former names', async () => {
    const { id } = await roll.create(userType, { userName: 'Ольга' });
    const group = await roll.create(groupType, { displayName: 'Crew' });
    await updateMembers(roll.caller, roll.db, group.id, [{ op: 'add', ids: [id] }], rules);
    await roll.update(userType, id, [{ op: 'set', path: 'userName', value: 'olga' }]);
    await deleteResource(roll.caller, roll.db, groupType, group.id);
    await deleteResource(roll.caller, roll.db, userType, id);
    for (const name of [id.toUpperCase(), 'OLGA', 'Ольга']) expect(await findPerson(admin, roll.db, name)).toBe(id);
    const { state, moments } = await timelineOf(id);
    expect([state, ...moments.map(({ what }) => what)]).toEqual([
      ...['deleted', 'deleted', 'left', 'updated', 'joined', 'created'],
    ]);
    expect(moments[1]?.group).toEqual({ id: group.id, name: 'Crew' });
  });

  test('comes in pages', async () => {
    const { id } = await roll.create(userType, { userName: 'paged' });
    for (const value of ['a', 'b', 'c']) await roll.update(userType, id, [{ op: 'set', path: 'title', value }]);
    const first = await timelineOf(id, { count: 3 });
    const second = await timelineOf(id, { count: 3, before: first.next });
    expect([first.moments.length, second.moments.length, second.next]).toEqual([3, 1, undefined]);
  });

  test('is nobody’s whose name was never there, and one of several who had a name has to be named by id', async () => {
    await expect(findPerson(admin, roll.db, 'never')).rejects.toMatchObject({ kind: 'not_found' });
    for (const _ of [1, 2]) {
      const { id } = await roll.create(userType, { userName: 'reused' });
      await deleteResource(roll.caller, roll.db, userType, id);
    }
    await expect(findPerson(admin, roll.db, 'reused')).rejects.toMatchObject({ kind: 'too_many' });
    const { id } = await roll.create(userType, { userName: 'reused' });
    expect(await findPerson(admin, roll.db, 'reused')).toBe(id);
  });
});

describe('the state of a person at a moment', () => {
  const anyChange = fc.constantFrom<Change>(
    { op: 'set', path: 'title', value: 'Dr.' },
    { op: 'clear', path: 'title' },
    { op: 'set', path: 'name', value: { givenName: 'A', familyName: 'B' } },
    { op: 'set', path: 'name.givenName', value: 'C' },
    { op: 'add', path: 'emails', value: [{ value: 'a@b', type: 'work' }] },
    { op: 'clear', path: 'emails' },
    { op: 'set', path: 'active', value: false },
    { op: 'set', path: 'active', value: true },
    { op: 'set', path: 'muster.admin', value: true },
    { op: 'set', path: 'enterprise.department', value: 'x' },
    { op: 'clear', path: 'muster' },
  );

  test('is what a read gave then, whatever was changed since, a deletion too', async () => {
    let count = 0;
    const property = fc.asyncProperty(fc.array(anyChange, { minLength: 3, maxLength: 8 }), async (changes) => {
      count += 1;
      const seen: { hours: number; values: Values }[] = [];
      const user = await roll.create(userType, { userName: `state-${count}` });
      const look = async (resource: Resource) => {
        for (const each of seen) each.hours += 1;
        seen.push({ hours: 0.5, values: valuesIn(userType, resource) });
        await anHourPasses();
      };
      await look(user);
      for (const change of changes) await look(await roll.update(userType, user.id, [change]));
      await deleteResource(roll.caller, roll.db, userType, user.id);
      const at = (hours: number) =>
        stateAt(admin, roll.db, user.id, new Date(Date.now() - hours * 3_600_000).toISOString());
      for (const { hours, values } of seen) expect((await at(hours)).attributes).toEqual(values);
      expect(await at(changes.length + 5)).toEqual({ state: 'none' });
      expect(await at(0)).toEqual({ state: 'none' });
    });
    await fc.assert(property, { numRuns: 5, endOnFailure: true });
  });

  test('is unknown where the journal is not kept for so long, and known where it is', async () => {
    const { tenant } = admin;
    const gone = await roll.create(userType, { userName: 'gone', title: 'first' });
    const kept = await roll.create(userType, { userName: 'kept', title: 'first' });
    await roll.update(userType, gone.id, [{ op: 'set', path: 'title', value: 'second' }]);
    await roll.update(userType, kept.id, [{ op: 'set', path: 'title', value: 'second' }]);
    await roll.client.query(`update journal set at = at - interval '50 days'`);
    const marker = await roll.create(userType, { userName: 'marker' });
    await roll.client.query(`update journal set at = at - interval '20 days' where resource = $1`, [marker.id]);
    await roll.update(userType, kept.id, [{ op: 'set', path: 'title', value: 'third' }]);
    const isSealed = async () => {
      await sealJournal(roll.db, tenant);
      return (await verifyChain(roll.db, tenant, { toleranceMs: 100 * 86_400_000 })).unsealed === 0;
    };
    await waitUntil(isSealed, 'every row to be sealed', { deadlineMs: 60_000 });
    await roll.client.query('update retention set journal_days = 30');
    expect(await dropOldJournal(roll.db, tenant, 10_000)).toBeGreaterThan(0);
    const at = (id: string, days: number) =>
      stateAt(admin, roll.db, id, new Date(Date.now() - days * 86_400_000).toISOString());
    for (const { id } of [gone, kept]) {
      expect(await at(id, 60)).toEqual({ state: 'unknown' });
      expect(await at(id, 40)).toMatchObject({ state: 'active', attributes: { title: 'second' } });
    }
    expect(await at(marker.id, 60)).toEqual({ state: 'none' });
  });

  test('is asked for with a time and about somebody who was there', async () => {
    const { id } = await roll.create(userType, { userName: 'asked' });
    await expect(stateAt(admin, roll.db, id, 'yesterday')).rejects.toMatchObject({ kind: 'invalid_value' });
    const nobody = '00000000-0000-7000-8000-000000000000';
    await expect(stateAt(admin, roll.db, nobody, '2026-01-31T12:00:00Z')).rejects.toMatchObject({ kind: 'not_found' });
  });
});

describe('the journal', () => {
  test('is listed newest first, by resource, connection and time, a page at a time', async () => {
    const { id } = await roll.create(userType, { userName: 'listed' });
    for (const value of ['a', 'b', 'c']) await roll.update(userType, id, [{ op: 'set', path: 'title', value }]);
    const first = await listJournal(admin, roll.db, { resource: id, count: 3 });
    expect(first.entries.map(({ changes }) => changes[0]?.to)).toEqual(['c', 'b', 'a']);
    const rest = await listJournal(admin, roll.db, {
      resource: id,
      count: 3,
      ...(first.next && { before: first.next }),
    });
    expect([rest.entries.length, rest.next]).toEqual([1, undefined]);
    const { connection } = roll.other;
    expect(await listJournal(admin, roll.db, { connection, count: 3 })).toEqual({ entries: [] });
    const to = '2020-01-31T00:00:00Z';
    expect(await listJournal(admin, roll.db, { to, count: 3 })).toEqual({ entries: [] });
    expect(await listJournal(admin, roll.db, { resource: 'no id', count: 3 })).toEqual({ entries: [] });
  });

  test('is for who administers the whole tenant', async () => {
    const { id } = await roll.create(userType, { userName: 'private' });
    const wrong: Caller[] = [
      { ...admin, rights: ['read', 'write', 'superuser'] },
      { ...admin, franchisee: id },
    ];
    for (const caller of wrong) {
      const asked = [
        () => listJournal(caller, roll.db, { count: 1 }),
        () => readTimeline(caller, roll.db, id, { count: 1 }),
        () => stateAt(caller, roll.db, id, '2026-01-31T12:00:00Z'),
        () => findPerson(caller, roll.db, 'private'),
        () => verifyJournal(caller, roll.db),
      ];
      for (const ask of asked) await expect(ask()).rejects.toMatchObject({ kind: 'forbidden' });
    }
  });

  test('of one tenant tells another nothing', async () => {
    const { id } = await roll.create(userType, { userName: 'ours' });
    const stranger = { ...admin, tenant: admin.tenant + 1 };
    expect(await listJournal(stranger, roll.db, { resource: id, count: 1 })).toEqual({ entries: [] });
    await expect(findPerson(stranger, roll.db, id)).rejects.toMatchObject({ kind: 'not_found' });
    await expect(stateAt(stranger, roll.db, id, '2026-01-31')).rejects.toMatchObject({ kind: 'not_found' });
    expect((await readTimeline(stranger, roll.db, id, { count: 1 })).moments).toEqual([]);
  });
});
