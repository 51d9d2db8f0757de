import type { JsonValue } from '#http/parse-json.ts';

/** A value as Clojure prints it: `nil`, `"text"`, `[1 2]`, `{:a 1}`. Metabase repeats so what it cannot use. */
export function print(value: JsonValue): string {
  if (value === null) return 'nil';
  if (typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(print).join(' ')}]`;
  return `{${Object.entries(value)
    .map(([name, each]) => `:${name} ${print(each)}`)
    .join(', ')}}`;
}
