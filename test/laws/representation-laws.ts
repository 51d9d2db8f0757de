import { expect } from 'vitest';
import { userAttributes } from '#attributes/user.ts';
import type { Dialect } from '#dialects/dialect.ts';
import { type Field, toChanges, toWire } from '#dialects/representation.ts';
import { applyChanges } from '#domain/apply-changes.ts';
import type { Person } from '#domain/person.ts';
import type { JsonValue } from '#http/parse-json.ts';

/** A field of a dialect's users. */
export type NamedField = readonly [dialect: string, name: string, field: Field];

/** The fields of the users of some dialects; those of SCIM are the attribute table, which is no translation. */
export function fieldsOf(dialects: readonly Dialect[]): readonly NamedField[] {
  return dialects.flatMap(({ name, user = {} }) =>
    Object.entries(user).map(([field, row]) => [name, field, row] as const),
  );
}

/** Writing back what was read changes nothing. */
export function expectWriteBackToChangeNothing({ user = {} }: Dialect, person: Person): void {
  const changes = toChanges(user, toWire(user, person), person.values);
  expect(applyChanges(userAttributes, person.values, changes)).toEqual(person.values);
}

/** What a field writes it reads back as it was sent, and it has something to send. */
export function expectToReadWhatWasWritten([, , field]: NamedField, person: Person): void {
  const { examples = [] } = field;
  expect(examples.length).toBeGreaterThan(0);
  for (const example of examples) expect(field.write(written(field, example, person))).toEqual(example);
}

/** What one dialect writes, each dialect that shows the same attribute in the same form shows. */
export function expectToShowInOthers([, , field]: NamedField, others: readonly NamedField[], person: Person): void {
  const same = others.filter(([, , other]) => other.path === field.path && sameShape(other, field));
  for (const example of field.examples ?? []) {
    const after = written(field, example, person);
    for (const [, , other] of same) expect(other.write(after)).toEqual(field.write(after));
  }
}

function written(field: Field, value: JsonValue, person: Person): Person {
  const changes = field.read?.(value, person.values) ?? [];
  return { ...person, values: applyChanges(userAttributes, person.values, changes) };
}

function sameShape(one: Field, other: Field): boolean {
  return JSON.stringify(one.shape) === JSON.stringify(other.shape);
}
