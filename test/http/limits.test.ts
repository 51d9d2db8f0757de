import { expect, test } from 'vitest';
import { defaultLimits, limitTable } from '#http/limits.ts';

test('every limit of the table is a number of the default limits', () => {
  const values = Object.fromEntries(Object.entries(limitTable).map(([name, row]) => [name, row.value]));
  expect(defaultLimits).toEqual(values);
});

test('headers have to come sooner than the request, and large routes take more', () => {
  expect(defaultLimits.headersMs).toBeLessThan(defaultLimits.requestMs);
  expect(defaultLimits.bodyBytes).toBeLessThan(defaultLimits.largeBodyBytes);
});
