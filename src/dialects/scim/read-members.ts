import { Fault } from '#domain/fault.ts';
import type { Filter } from '#domain/filter.ts';
import type { MemberChange } from '#domain/member-change.ts';
import { isObject } from './read-value.ts';
import { valueNamed } from './value-named.ts';

/**
 * The ids of members in every form that clients send: a list or a single one, objects with `value` or bare ids, also
 * inside `{"members": ...}`. Raises `invalid_value`.
 */
export function readMemberIds(sent: unknown): string[] {
  if (sent === null || sent === undefined) return [];
  if (isObject(sent) && valueNamed(sent, 'members') !== undefined) return readMemberIds(valueNamed(sent, 'members'));
  return (Array.isArray(sent) ? sent : [sent]).map(readMemberId);
}

function readMemberId(sent: unknown): string {
  const id = isObject(sent) ? valueNamed(sent, 'value') : sent;
  if (typeof id === 'string' && id !== '') return id.toLowerCase();
  throw new Fault('invalid_value', 'a member needs the id of a user or group as its value', {
    attribute: 'members.value',
  });
}

/** The change that removes the members a filter picks: those it names by id, or those whose row fulfils it. */
export function removalWhere(where: Filter): MemberChange {
  const ids = idsIn(where);
  return ids === undefined ? { op: 'remove', where } : { op: 'remove', ids };
}

/** The ids that a filter names when it says nothing else: `value eq "a" or value eq "b"`. */
function idsIn(filter: Filter): string[] | undefined {
  if (filter.op === 'eq' && filter.path === 'value') return [String(filter.value).toLowerCase()];
  if (filter.op !== 'or') return undefined;
  const all = filter.filters.map(idsIn);
  return all.some((ids) => ids === undefined) ? undefined : all.flatMap((ids) => ids ?? []);
}
