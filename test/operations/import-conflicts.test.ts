import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { userType } from '#attributes/resource-type.ts';
import { deleteResource } from '#operations/delete-resource.ts';
import { importPeople } from '#operations/import-people.ts';
import type { ImportPlan } from '#operations/import-plan.ts';
import { planImport } from '#operations/plan-import.ts';
import { counts, type ImportDesk, openImportDesk, problems, record, wish } from './import-desk.ts';
import { openRoll, type TestRoll } from './open-roll.ts';

let roll: TestRoll;
let desk: ImportDesk;
beforeAll(async () => {
  roll = await openRoll(18);
});
beforeEach(async () => {
  desk = await openImportDesk(roll);
});
afterAll(() => roll.close());

describe('an id that is the number of somebody else', () => {
  test('is left out, and neither is changed', async () => {
    const { id } = await desk.put('okta');
    const plan = await desk.carryOut(wish([record(1, 'ada'), record(2, 'bob')]));
    expect(problems(plan)).toEqual([['1', 'key_taken']]);
    expect([(await desk.person('1')).id, (await desk.person('2')).values.userName]).toEqual([id, 'bob@example.org']);
  });

  test('comes along when others give way: that one is shown under a fresh id', async () => {
    const { id } = await desk.put('okta');
    const plan = await desk.carryOut(wish([record(1, 'ada'), record(40, 'bob')], { givesWay: true }));
    expect([counts(plan.people), plan.people.moved.map((holder) => holder.id)]).toEqual([[2, 0, 0, 0], [id]]);
    expect((await desk.person('1')).values.userName).toBe('ada@example.org');
    const { rows } = await roll.client.query('select key from brought_id where resource = $1', [id]);
    expect(Number(rows[0].key)).toBeGreaterThan(40);
    expect(plan.people.moved).toMatchObject([{ key: '1', newKey: '41' }]);
    expect((await desk.person(rows[0].key)).id).toBe(id);
  });

  test('is no conflict when that one gets an id of his own: two people change ids', async () => {
    const one = await desk.put('one@example.org');
    const two = await desk.put('two@example.org');
    const plan = await desk.carryOut(wish([record(2, 'one'), record(1, 'two')]));
    expect(counts(plan.people)).toEqual([0, 2, 0, 0]);
    expect([(await desk.person('1')).id, (await desk.person('2')).id]).toEqual([two.id, one.id]);
  });

  test('keeps in turn what the one who is left out would have freed', async () => {
    await desk.put('stays');
    await desk.put('ada@example.org');
    await desk.put('bob@example.org');
    const plan = await planImport(
      desk.caller,
      roll.db,
      wish([record(1, 'ada'), record(2, 'bob'), record(3, 'eve'), record(9, 'zoe')]),
    );
    expect(problems(plan).sort()).toEqual([
      ['1', 'key_taken'],
      ['2', 'key_taken'],
      ['3', 'key_taken'],
    ]);
  });

  test('counts for those who are deleted and for the users that API keys are', async () => {
    const { id } = await desk.put('gone');
    await deleteResource(desk.caller, roll.db, userType, id);
    const connection = '01890000-0000-7000-8000-000000000001';
    await roll.client.query(
      `with made as (
        insert into connection (tenant, id, name, dialect, profile, rights) values ($1, $2, 'key', 'metabase', '', '{}')
      ) insert into api_key (tenant, connection, user_number, administers) values ($1, $2, 2, true)`,
      [desk.caller.tenant, connection],
    );
    const records = [record(1, 'ada'), record(2, 'bob')];
    expect(problems(await desk.carryOut(wish(records)))).toEqual([
      ['1', 'key_taken'],
      ['2', 'key_taken'],
    ]);
    expect(counts((await desk.carryOut(wish(records, { givesWay: true }))).people)).toEqual([2, 0, 0, 0]);
    const { rows } = await roll.client.query('select user_number::int as number from api_key where connection = $1', [
      connection,
    ]);
    expect(rows[0].number).toBeGreaterThan(2);
    await expect(desk.person(String(rows[0].number))).rejects.toMatchObject({ kind: 'not_found' });
  });
});

describe('a conflict', () => {
  test('is two records with one e-mail, and two that mean one person', async () => {
    await desk.put('cara@example.org', { emails: [{ value: 'carla@example.org' }] });
    const plan = await desk.carryOut(
      wish([
        record(11, 'ada'),
        { id: 12, email: 'ADA@EXAMPLE.ORG' },
        record(13, 'cara'),
        record(14, 'carla'),
        record(15, 'bob'),
      ]),
    );
    expect([problems(plan), counts(plan.people)]).toEqual([
      ['11', '12', '13', '14'].map((key) => [key, 'same_name']),
      [1, 0, 0, 4],
    ]);
  });

  test('is somebody who has another id already, who is deleted, or whose e-mail is another’s', async () => {
    await desk.carryOut(wish([record(21, 'ada'), record(22, 'bob'), record(23, 'cara')]));
    await deleteResource(desk.caller, roll.db, userType, (await desk.person('22')).id);
    const plan = await desk.carryOut(
      wish([record(31, 'ada'), record(22, 'bob'), record(23, 'ada2'), record(21, 'cara')]),
    );
    expect(problems(plan)).toEqual([
      ['31', 'other_key'],
      ['22', 'deleted'],
      ['21', 'other_name'],
    ]);
    expect(counts(plan.people)).toEqual([0, 0, 1, 3]);
  });

  test('is an e-mail that two people here share', async () => {
    await desk.put('one', { emails: [{ value: 'shared@example.org' }] });
    await desk.put('two', { emails: [{ value: 'shared@example.org' }] });
    expect(problems(await desk.carryOut(wish([record(31, 'shared')])))).toEqual([['31', 'several']]);
  });
});

test('somebody whom another client makes meanwhile is told, and keeps nobody else from coming along', async () => {
  const importing = importPeople(desk.caller, roll.db, wish([record(41, 'ada'), record(42, 'bob'), record(43, 'eve')]));
  await importing.next();
  const { id } = await desk.put('BOB@example.org');
  await importing.next();
  const { value: plan } = (await importing.next()) as { value: ImportPlan };
  expect([counts(plan.people), problems(plan)]).toEqual([[2, 0, 0, 1], [['42', 'failed']]]);
  await desk.carryOut(wish([record(42, 'bob')]));
  expect((await desk.person('42')).id).toBe(id);
});
