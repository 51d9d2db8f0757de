import { afterAll, beforeAll, expect, test } from 'vitest';
import { userType } from '#attributes/resource-type.ts';
import { changePerson } from '#dialects/change-person.ts';
import type { DialectParts } from '#dialects/dialect.ts';
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

const change = (key: string, makeWish: (person: Person) => Update) =>
  changePerson(parts, roll.caller, namespace, key, makeWish, { groups: true });

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
  const forbidden = changePerson(parts, mayOnlyRead, namespace, String(number), () => ({ changes: [], rules }));
  await expect(forbidden).rejects.toMatchObject({ kind: 'forbidden' });
  const refusing = change(String(number), () => {
    throw new Error('refused');
  });
  await expect(refusing).rejects.toThrow('refused');
  await expect(change('999999', () => ({ changes: [], rules }))).rejects.toMatchObject({ kind: 'not_found' });
});
