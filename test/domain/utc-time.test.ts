import { afterAll, expect, test, vi } from 'vitest';
import { utcTime } from '#domain/utc-time.ts';

vi.stubEnv('TZ', 'America/Sao_Paulo');
afterAll(() => vi.unstubAllEnvs());

test.each([
  ['2026-01-31', '2026-01-31T00:00:00.000Z'],
  ['2026-01-31T12:00', '2026-01-31T12:00:00.000Z'],
  ['2026-01-31T12:00:00', '2026-01-31T12:00:00.000Z'],
  ['2026-01-31T12:00:00Z', '2026-01-31T12:00:00.000Z'],
  ['2026-01-31T12:00:00.5-0300', '2026-01-31T15:00:00.500Z'],
])('%s is %s, whatever the zone of the machine', (text, iso) => {
  expect(utcTime(text)).toBe(iso);
});

test.each(['', 'yesterday', '2026-02-30', '2026-02-30T12:00:00Z', '2026-01-31 12:00', '0000-01-01', '2026-13-01'])(
  '%j is no time',
  (text) => {
    expect(utcTime(text)).toBeUndefined();
  },
);
