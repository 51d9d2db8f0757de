import { describe, expect, test } from 'vitest';
import type { Value, Values } from '#attributes/attribute.ts';
import { userType } from '#attributes/resource-type.ts';
import { applyChanges } from '#domain/apply-changes.ts';
import type { Change } from '#domain/change.ts';
import type { Filter } from '#domain/filter.ts';
import { domainLimits } from '#domain/limits.ts';
import { spendSteps } from '#domain/spend-steps.ts';
import { faultOf } from './fault-of.ts';

const { elements: most, elementSteps } = domainLimits;
const mails = (count: number, from = 0): Value[] =>
  Array.from({ length: count }, (_, n) => ({ value: `p${from + n}@example.org` }));
const apply = (before: Values, ...changes: Change[]) => applyChanges(userType.attributes, before, changes);
const full: Values = { emails: mails(most) };
const valueIs = (value: string): Filter => ({ op: 'eq', path: 'value', value });

describe('the elements of an attribute', () => {
  test('may be as many as the limit, however they came', () => {
    expect(apply({}, { op: 'set', path: 'emails', value: mails(most) }).emails).toHaveLength(most);
    expect(apply(full, { op: 'add', path: 'emails', value: mails(most) }).emails).toHaveLength(most);
  });

  test.each<[string, Values, Change]>([
    ['a list that is set', {}, { op: 'set', path: 'emails', value: mails(most + 1) }],
    ['a list of numbers', {}, { op: 'set', path: 'muster.extensionGroups', value: [...Array(most + 1).keys()] }],
    ['a list that is added', full, { op: 'add', path: 'emails', value: mails(1, most) }],
    [
      'an element that a filter describes',
      full,
      { op: 'set', path: 'emails.display', value: 'x', where: valueIs('new@example.org'), noMatch: 'create' },
    ],
  ])('one more is refused with the number: %s', (_what, before, change) => {
    const fault = faultOf(() => apply(before, change));
    expect(fault.kind).toBe('invalid_value');
    expect(fault.message).toContain(String(most));
  });

  test('all of them can be listed for removal at once', () => {
    expect(apply(full, { op: 'clear', path: 'emails', value: mails(most) })).toEqual({});
    expect(apply(full, { op: 'clear', path: 'emails', value: mails(most, 1) })).toEqual({ emails: mails(1) });
  });
});

describe('the work of one write', () => {
  test('a step beyond the limit is refused', () => {
    const steps = { left: 10 };
    spendSteps(steps, 10);
    expect(faultOf(() => spendSteps(steps, 1)).kind).toBe('too_large');
  });

  test.each<[string, (n: number) => Change]>([
    ['adds one', (n) => ({ op: 'add', path: 'emails', value: mails(1, n) })],
    ['changes one', (n) => ({ op: 'set', path: 'emails.display', value: 'x', where: valueIs(`p${n}@example.org`) })],
    ['lists one', () => ({ op: 'clear', path: 'emails', value: mails(1, most) })],
    ['sets a part of all', () => ({ op: 'set', path: 'emails.display', value: 'x' })],
  ])('a thousand changes of a thousand elements are refused: each %s', (_what, change) => {
    const many = Array.from({ length: 1_000 }, (_, n) => change(n));
    const fault = faultOf(() => apply(full, ...many));
    expect(fault.kind).toBe('too_large');
    expect(fault.message).toContain(String(elementSteps));
  });

  test('changes within extensions named as a whole are counted together', () => {
    const numbers = [...Array(most).keys()];
    const many = Array.from({ length: 1_000 }, () => ({
      op: 'add' as const,
      path: 'muster',
      value: { extensionGroups: numbers },
    }));
    expect(faultOf(() => apply({ muster: { extensionGroups: numbers } }, ...many)).kind).toBe('too_large');
  });

  test('every test of a filter is a step for every element', () => {
    const where: Filter = { op: 'or', filters: Array.from({ length: 200 }, () => valueIs('nobody@example.org')) };
    const change: Change = { op: 'clear', path: 'emails', where, noMatch: 'skip' };
    expect(apply(full, change)).toEqual(full);
    expect(faultOf(() => apply(full, change, change)).kind).toBe('too_large');
  });

  test('a thousand changes of a few elements are carried out', () => {
    const few: Values = { emails: mails(10) };
    const many = Array.from({ length: 1_000 }, () => ({ op: 'set' as const, path: 'emails.display', value: 'x' }));
    expect(apply(few, ...many).emails).toHaveLength(10);
  });
});
