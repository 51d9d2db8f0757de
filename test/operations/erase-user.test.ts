import { randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { groupType, orgUnitType, userType } from '#attributes/resource-type.ts';
import type { Caller } from '#domain/caller.ts';
import { sealJournal } from '#journal/seal-journal.ts';
import { deleteResource } from '#operations/delete-resource.ts';
import { eraseUser, planErasure } from '#operations/erase-user.ts';
import { findPerson } from '#operations/find-person.ts';
import { readTimeline } from '#operations/read-timeline.ts';
import { stateAt } from '#operations/state-at.ts';
import { updateMembers } from '#operations/update-members.ts';
import { updateResource } from '#operations/update-resource.ts';
import { verifyJournal } from '#operations/verify-journal.ts';
import { insertRequests, retainRequestLog } from '#store/request-log-rows.ts';
import { connectTo, freshDatabase } from '#test/support/database.ts';
import { waitUntil } from '#test/support/wait-until.ts';
import { finishErasures } from '#workers/finish-erasures.ts';
import { administratorsOf } from './act-as.ts';
import { openRoll, rules, type TestRoll } from './open-roll.ts';

/** What must be nowhere afterwards, in lower case. */
const secrets = ['quux', '49-30-1234', 'xk-778', '198.51.100.77', 'жужелица'];

let roll: TestRoll;
let admin: Caller;
let operator: Caller;
beforeAll(async () => {
  roll = await openRoll(18);
  ({ admin, operator } = administratorsOf(roll));
  await retainRequestLog(roll.db);
});
afterAll(() => roll.close());

/** Everything in the database that holds one of the texts, by table. */
async function found(texts: readonly string[]): Promise<string[]> {
  const { rows } = await roll.client.query(`select relname as name from pg_class
    where relnamespace = 'public'::regnamespace and relkind = 'r'`);
  const hits: string[] = [];
  for (const { name } of rows) {
    const dump = await roll.client.query(`select lower(t::text) as row from ${name} t`);
    for (const { row } of dump.rows)
      hits.push(...texts.filter((text) => row.includes(text)).map((text) => `${name}: ${text}`));
  }
  return hits;
}

/** A person of whom traces are everywhere. */
async function makeTraces(userName: string): Promise<string> {
  const { id } = await roll.create(
    userType,
    {
      userName,
      displayName: 'Жужелица Quux',
      name: { familyName: 'Quux' },
      emails: [{ value: `${userName}@quux.example`, type: 'work' }],
      phoneNumbers: [{ value: '+49-30-1234' }],
      enterprise: { employeeNumber: 'XK-778' },
    },
    { externalId: `${userName}-xk-778` },
  );
  const other = await roll.create(userType, {
    userName: `other-${userName.length}`,
    enterprise: { manager: { value: id } },
  });
  const unit = await roll.create(orgUnitType, { kind: 'SHOP', displayName: 'Shop' });
  const group = await roll.create(groupType, { displayName: 'Group' });
  await updateMembers(roll.caller, roll.db, group.id, [{ op: 'add', ids: [id, other.id] }], rules);
  const own = { ...roll.caller, person: id, address: '198.51.100.77', requestId: 'own-row' };
  await updateResource(own, roll.db, orgUnitType, unit.id, {
    changes: [{ op: 'set', path: 'displayName', value: 'S' }],
    rules,
  });
  await roll.update(userType, id, [{ op: 'set', path: 'title', value: 'Quux' }]);
  const request = {
    tenant: roll.caller.tenant,
    ageSeconds: 5,
    dialect: 'scim',
    method: 'GET',
    route: '/Users',
    status: 200,
    durationMs: 1,
  };
  await insertRequests(roll.db, [
    { ...request, requestId: 'filter', path: `/Users?filter=userName%20eq%20%22${userName.toUpperCase()}%22` },
    {
      ...request,
      requestId: 'mail',
      path: `/Users?filter=emails%20eq%20%22${encodeURIComponent(`${userName}@quux.example`)}%22`,
    },
    { ...request, requestId: 'name', path: `/Users?filter=${encodeURIComponent('displayName eq "Жужелица Quux"')}` },
    {
      ...request,
      requestId: 'refused',
      path: '/Users',
      body: JSON.stringify({ userName }),
      status: 409,
      fault: 'already_exists',
    },
    { ...request, requestId: 'unknown', tenant: 0, path: `/Users/${userName}`, status: 401 },
    { ...request, requestId: 'about', path: `/Users/${id}`, resource: id, body: '{"title":"Quux"}' },
    { ...request, requestId: 'own', path: '/OrgUnits', person: id, address: '198.51.100.77' },
    { ...request, requestId: 'other', path: '/Users/other', body: '{"title":"kept"}' },
  ]);
  return id;
}

/** Lets so much time pass since the last erasures, and a worker run. */
async function finish(interval: string): Promise<void> {
  const times = 'erased_at = erased_at - $1::interval, again_at = again_at - $1::interval';
  await roll.client.query(`update erasure set ${times}`, [interval]);
  await finishErasures(roll.db).run();
}

async function sealAll(): Promise<void> {
  const isDone = async () => {
    await sealJournal(roll.db, roll.caller.tenant);
    return (await verifyJournal(admin, roll.db)).unsealed === 0;
  };
  await waitUntil(isDone, 'every row to be sealed', { deadlineMs: 60_000 });
}

describe('an erasure', () => {
  test('says what it would remove and changes nothing', async () => {
    const id = await makeTraces('quux-planned');
    expect(await planErasure(admin, roll.db, id)).toEqual({
      ...{ id, isOnRoll: true, userName: 'quux-planned', journalRows: 4, externalIds: 1, sessions: 0 },
    });
    expect((await roll.get(userType, id)).id).toBe(id);
    // Two about him, one by him, and that of the deletion.
    expect((await eraseUser(operator, roll.db, id)).journalRows).toBe(4);
  });

  test('leaves no word of a person in any table, sealed before or not, and a chain that holds', async () => {
    const id = await makeTraces('quux-sealed');
    await sealAll();
    await roll.update(userType, id, [{ op: 'set', path: 'title', value: 'Quux again' }]);
    expect((await found(secrets)).length).toBeGreaterThan(10);
    const before = await verifyJournal(admin, roll.db);
    const erasure = await eraseUser(operator, roll.db, id);
    expect(erasure).toMatchObject({ id, wasOnRoll: true });
    expect(erasure.requests).toBe(7);
    await finish('1 hour');
    expect(await found(secrets)).toEqual([]);
    await sealAll();
    const after = await verifyJournal(admin, roll.db);
    expect(after).not.toHaveProperty('finding');
    expect(after.erased).toBe(before.erased + 2);
    const { rows } = await roll.client.query(
      `select body from request_log where request_id = 'other' and body is not null`,
    );
    expect(rows.length).toBeGreaterThan(0);
  });

  test('is told by the timeline, whose other rows stay without words', async () => {
    const id = await makeTraces('quux-told');
    await deleteResource(roll.caller, roll.db, userType, id);
    expect(await findPerson(admin, roll.db, 'quux-told')).toBe(id);
    await eraseUser(admin, roll.db, id);
    await expect(findPerson(admin, roll.db, 'quux-told')).rejects.toMatchObject({ kind: 'not_found' });
    const { state, moments } = await readTimeline(admin, roll.db, id, { count: 100 });
    expect([state, ...moments.map(({ what, isErased }) => `${what}${isErased ? ' (erased)' : ''}`)]).toEqual([
      ...['erased', 'erased', 'left', 'deleted (erased)', 'updated (erased)', 'joined', 'created (erased)'],
    ]);
    expect(moments.flatMap(({ changes }) => changes)).toEqual([]);
    expect(moments.at(-1)?.by).not.toHaveProperty('address');
    expect(await stateAt(admin, roll.db, id, '2020-01-31T12:00:00Z')).toEqual({ state: 'unknown' });
    const { rows } = await roll.client.query('select kind from tombstone where id = $1', [id]);
    expect(rows).toEqual([{ kind: 'User' }]);
  });

  test('is for who administers the tenant, about somebody who was there', async () => {
    const { id } = await roll.create(userType, { userName: 'guarded' });
    for (const wrong of [roll.caller, { ...admin, franchisee: id }]) {
      await expect(eraseUser(wrong, roll.db, id)).rejects.toMatchObject({ kind: 'forbidden' });
      await expect(planErasure(wrong, roll.db, id)).rejects.toMatchObject({ kind: 'forbidden' });
    }
    const nobody = '00000000-0000-7000-8000-000000000000';
    await expect(eraseUser(admin, roll.db, nobody)).rejects.toMatchObject({ kind: 'not_found' });
    await expect(eraseUser({ ...admin, tenant: admin.tenant + 1 }, roll.db, id)).rejects.toMatchObject({
      kind: 'not_found',
    });
  });

  test('cannot be done by the server without a row that says so', async () => {
    const { id } = await roll.create(userType, { userName: 'unsaid' });
    const erase = { text: 'select erase_from_journal($1, $2)', values: [admin.tenant, id] };
    await expect(roll.db.transaction((tx) => tx.run(erase))).rejects.toThrow();
    const change = { text: `update journal set changes = '[]' where tenant = $1`, values: [admin.tenant] };
    await expect(roll.db.transaction((tx) => tx.run(change))).rejects.toThrow(/may not do this/);
  });

  test('works for an owner who serves and has given up his rights to change the journal, also for two at once', async () => {
    const database = await freshDatabase();
    const clients = await Promise.all([connectTo(database), connectTo(database)]);
    const [first, second] = clients as [Client, Client];
    const owner = `owner_${randomUUID().slice(0, 8)}`;
    await first.query(`create role ${owner}; grant all on schema public to ${owner}; insert into tenant (name) values ('a'), ('b');
      grant select, insert on journal, journal_seal to ${owner};
      alter table journal owner to ${owner}; alter table journal_seal owner to ${owner};
      alter function lend_journal owner to ${owner}; alter function erase_from_journal owner to ${owner};
      revoke update, delete on journal, journal_seal from ${owner}`);
    const erase = async (client: Client, tenant: number) => {
      const row = `insert into journal (tenant, dialect, request_id, kind, resource, action, changes) values (${tenant}, 'admin', 'r', 'User', '${person}'`;
      await client.query(`set role ${owner}; ${row}, 'created', '[1]'); begin; ${row}, 'erased', '[]')`);
      return client.query('select erase_from_journal($1, $2)::int as rows', [tenant, person]);
    };
    const person = randomUUID();
    expect((await erase(first, 1)).rows).toEqual([{ rows: 1 }]);
    const waiting = erase(second, 2).then(({ rows }) => rows, String);
    const waits = `select from pg_stat_activity where datname = '${database.connection.database}' and wait_event_type = 'Lock'`;
    const isWaiting = async () => (await roll.client.query(waits)).rowCount === 1;
    await waitUntil(isWaiting, 'the second to wait for the first');
    await first.query('commit');
    expect(await waiting).toEqual([{ rows: 1 }]);
    await second.query('commit');
    const held = await first.query("select has_table_privilege('journal', 'update, delete') as changes");
    expect(held.rows).toEqual([{ changes: false }]);
    await Promise.all(clients.map((client) => client.end()));
  });
});
