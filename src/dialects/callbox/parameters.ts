import type { JsonValue } from '#http/parse-json.ts';
import { type Failure, failure } from './failure.ts';
import type { Kind } from './kinds.ts';

/** A whole number as Pydantic 2 reads it from text: with blanks around it, a sign, zeros before and behind, underscores between digits. */
const wholeNumber = /^\s*([+-]?)([0-9]+(?:_[0-9]+)*)(?:\.0+)?\s*$/;
/** As many characters as Python makes a number of. */
const numberLengthMax = 4_300;

/** The key that a path names, as the digits of a number, or what is wrong with it. */
export function readKey(sent: string): { readonly key: string } | { readonly failures: readonly Failure[] } {
  const loc = ['path', 'user_id'];
  const [, sign, digits] = wholeNumber.exec(sent) ?? [];
  if (digits === undefined) return { failures: [failure('int_parsing', loc, sent)] };
  if (sent.length > numberLengthMax) return { failures: [failure('int_parsing_size', loc, sent)] };
  const number = digits.replaceAll('_', '').replace(/^0+(?=.)/, '');
  return { key: sign === '-' && number !== '0' ? `-${number}` : number };
}

/** The parameters of a query, by a table; of one that comes twice the last counts, and others are skipped. */
export function readQuery(
  url: string,
  parameters: Readonly<Record<string, { readonly kind: Kind }>>,
): { readonly values: Readonly<Record<string, JsonValue>>; readonly failures: readonly Failure[] } {
  const sent = new URL(url).searchParams;
  const checked = Object.entries(parameters).flatMap(([name, { kind }]) => {
    const value = sent.getAll(name).at(-1);
    return value === undefined ? [] : [{ name, ...kind(value, ['query', name]) }];
  });
  return {
    values: Object.fromEntries(checked.flatMap((each) => ('value' in each ? [[each.name, each.value]] : []))),
    failures: checked.flatMap((each) => ('failures' in each ? each.failures : [])),
  };
}
