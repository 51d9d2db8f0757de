import { describe, expect, test } from 'vitest';
import { dialects } from '#dialects/index.ts';
import { faultKinds } from '#domain/fault.ts';
import { expectWordsFor, expectWordsForUnexpected } from './fault-laws.ts';
import { kindsOfPeople, personWith } from './kinds-of-people.ts';
import {
  expectToReadWhatWasWritten,
  expectToShowInOthers,
  expectWriteBackToChangeNothing,
  fieldsOf,
} from './representation-laws.ts';

const translating = dialects.filter(({ user }) => user !== undefined);
const fields = fieldsOf(dialects);
const writable = fields.filter(([, , { read }]) => read !== undefined);
const [, someone = personWith({})] = kindsOfPeople[0] ?? [];

test('there are dialects to hold the laws against', () => {
  expect(translating.length).toBeGreaterThanOrEqual(2);
  expect(writable.length).toBeGreaterThan(10);
});

describe.each(translating.map((dialect) => [dialect.name, dialect] as const))('%s', (_name, dialect) => {
  test.each(kindsOfPeople)('writing back what was read of a person %s changes nothing', (_kind, person) => {
    expectWriteBackToChangeNothing(dialect, person);
  });
});

describe.each(writable.map((field) => [`${field[0]} ${field[1]}`, field] as const))('%s', (_name, field) => {
  test('reads back what it writes', () => expectToReadWhatWasWritten(field, someone));
  test('shows in every other dialect what it writes', () => expectToShowInOthers(field, fields, someone));
});

describe.each(dialects.map((dialect) => [dialect.name, dialect] as const))('%s has words', (_name, dialect) => {
  test.each(faultKinds)('for %s', (kind) => expectWordsFor(dialect, kind));
  test('for what nobody foresaw', () => expectWordsForUnexpected(dialect));
});
