import { expect, test } from 'vitest';
import type { Attribute, AttributeType, Value } from '#attributes/attribute.ts';
import { keyOf, parseDateTime, textKey } from '#domain/key-of.ts';

const row = (type: AttributeType, facts: Partial<Attribute> = {}): Attribute => ({ type, about: '', ...facts });

test.each<[AttributeType, Value, string | number | undefined]>([
  ['string', 'Ada', 'ada'],
  ['string', 5, undefined],
  ['reference', 'X', 'x'],
  ['binary', 'QQ==', 'QQ=='],
  ['boolean', true, 1],
  ['boolean', false, 0],
  ['boolean', 'true', undefined],
  ['integer', 5, 5],
  ['integer', '5', undefined],
  ['decimal', 1.5, 1.5],
  ['dateTime', '1970-01-01T00:00:01Z', 1000],
  ['dateTime', 'yesterday', undefined],
  ['complex', { value: 'x' }, undefined],
])('the key of a %s %j is %j', (type, value, key) => {
  expect(keyOf(row(type), value)).toBe(key);
});

test('text whose case matters keeps it', () => {
  expect(textKey(row('string', { caseExact: true }), 'Ada')).toBe('Ada');
});

test.each([
  ['another offset', '2026-01-31T09:00:00Z', '2026-01-31T02:00:00-07:00'],
  ['a fraction of zeros', '0001-01-03T00:00:00Z', '0001-01-03T00:00:00.0000000Z'],
  ['fewer digits of a fraction', '2026-01-31T09:00:00.5Z', '2026-01-31T09:00:00.500Z'],
])('%s is the same instant (R-180)', (_what, one, other) => {
  expect(parseDateTime(one)).toBe(parseDateTime(other));
  expect(parseDateTime(one)).toEqual(expect.any(Number));
});

test('parts of a millisecond make a later instant', () => {
  const [earlier = 0, later = 0] = ['2026-01-31T09:00:00.1230000Z', '2026-01-31T09:00:00.1231000Z'].map(parseDateTime);
  expect(later).toBeGreaterThan(earlier);
});

test.each([
  '2026-01-31',
  '2026-01-31T09:00:00',
  '2026-01-31 09:00:00Z',
  '2026-13-01T00:00:00Z',
  '2026-01-01T25:00:00Z',
  '2026-01-01T00:00:00+99:99',
  ' 2026-01-31T09:00:00Z',
  '',
])('%j is no time', (text) => {
  expect(parseDateTime(text)).toBeUndefined();
});
