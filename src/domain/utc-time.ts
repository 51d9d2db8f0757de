const form = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/;
const zone = /T.*(Z|[+-]\d{2}:?\d{2})$/;

/** The moment that a text tells, as ISO 8601 in UTC; where it names no zone it is UTC. Nothing for what is no time. */
export function utcTime(text: string): string | undefined {
  if (!form.test(text)) return undefined;
  const time = new Date(text.includes('T') && !zone.test(text) ? `${text}Z` : text);
  const day = text.slice(0, 10);
  if (Number.isNaN(time.getTime()) || new Date(day).toISOString().slice(0, 10) !== day) return undefined;
  const iso = time.toISOString();
  // The database has no year 0.
  return /^(?!0000)\d{4}-/.test(iso) ? iso : undefined;
}
