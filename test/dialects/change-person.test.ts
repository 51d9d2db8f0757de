import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { userType } from '#attributes/resource-type.ts';
import { changePerson } from '#dialects/change-person.ts';
import type { DialectParts } from '#dialects/dialect.ts';
import type { Caller } from '#domain/caller.ts';
import type { Person } from '#domain/person.ts';
import { buildOperations } from '#operations/operations.ts';
import type { Update } from '#operations/update.ts';
import { openRoll, rules, type TestRoll } from '../operations/open-roll.ts';

const namespace = { dialect: 'metabase', keys: 'number' } as const;

let roll: TestRoll;
let parts: DialectParts;
beforeAll(async () => {
  roll = await openRoll(18);
  parts = { operations: buildOperations(roll.db) } as DialectParts;
});
afterAll(() => roll.close());

const changeAs = (caller: Caller, key: string, makeWish: (person: Person) => Update, record = {}) =>
  changePerson(parts, { caller, record }, namespace, key, makeWish, { groups: true });
const change = async (key: string, makeWish: (person: Person) => Update) =>
  (await changeAs(roll.caller, key, makeWish))();

test('changes that depend on what is there are made anew when somebody else was faster', async () => {
  const { number } = await roll.create(userType, { userName: 'counted' });
  let reads = 0;
  const count = ({ values }: Person): Update => {
    reads += 1;
    const next = `${Number(values.title ?? '0') + 1}`;
    return { changes: [{ op: 'set', path: 'title', value: next }], rules };
  };
  const answers = await Promise.all([1, 2, 3].map(() => change(String(number), count)));
  expect(answers.map(({ values }) => values.title)).toContain('3');
  expect(reads).toBeGreaterThan(3);
});

test('a wish for nothing is not carried out, and what a wish refuses is heard', async () => {
  const { number } = await roll.create(userType, { userName: 'still' });
  const person = await change(String(number), () => ({ changes: [], rules }));
  expect(person).toMatchObject({ key: String(number), version: 1 });
  const mayOnlyRead = { ...roll.caller, rights: ['read'] } as const;
  const forbidden = changeAs(mayOnlyRead, String(number), () => ({ changes: [], rules }));
  await expect(forbidden).rejects.toMatchObject({ kind: 'forbidden' });
  const refusing = change(String(number), () => {
    throw new Error('refused');
  });
  await expect(refusing).rejects.toThrow('refused');
  await expect(change('999999', () => ({ changes: [], rules }))).rejects.toMatchObject({ kind: 'not_found' });
});

test('nobody is read back whom nobody asks for, and the record of the request hears who it was', async () => {
  const { id, number } = await roll.create(userType, { userName: 'quiet' });
  const rename = (): Update => ({ changes: [{ op: 'set', path: 'userName', value: 'loud' }], rules });
  const record = {};
  const reading = vi.spyOn(parts.operations, 'getPersonById');
  const readBack = await changeAs(roll.caller, String(number), rename, record);
  expect(reading).not.toHaveBeenCalled();
  expect(record).toEqual({ resource: id });
  expect(await readBack()).toMatchObject({ id, version: 2, values: { userName: 'loud' } });
  const refused: { resource?: string } = {};
  const refuse = () => {
    throw new Error('refused');
  };
  await expect(changeAs(roll.caller, String(number), refuse, refused)).rejects.toThrow('refused');
  expect(refused).toEqual({ resource: id });
});
