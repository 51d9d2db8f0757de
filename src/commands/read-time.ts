import { utcTime } from '#domain/utc-time.ts';

/** What the help says of every time. */
export const timeForm = 'such as 2026-01-31T12:00:00Z (UTC when it names no zone), or 30m, 12h, 7d ago';

const unitsMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * Reads a moment as ISO 8601 in UTC: a time, a day, or how long ago. Throws an Error of one sentence that names the option and
 * what would be right.
 */
export function readTime(option: string, text: string): string {
  const [, number, unit = ''] = /^(\d{1,4})([mhd])$/.exec(text) ?? [];
  if (number !== undefined) return new Date(Date.now() - Number(number) * (unitsMs[unit] ?? 0)).toISOString();
  const time = utcTime(text);
  if (time !== undefined) return time;
  throw new Error(
    `${option} ${JSON.stringify(text)} is not a time; it should be one such as 2026-01-31T12:00:00Z or 2026-01-31 ` +
      '(UTC when it names no zone), or 30m, 12h, 7d ago',
  );
}

/** The same for a moment that has been. Throws an Error of one sentence for one that is still to come. */
export function readPast(option: string, text: string): string {
  const time = readTime(option, text);
  if (Date.parse(time) <= Date.now()) return time;
  throw new Error(
    `${option} ${JSON.stringify(text)} is still to come, and nobody knows what will be; name a time that has been`,
  );
}
