import type { Value } from '#attributes/attribute.ts';
import type { ToldChange } from '#journal/changes-of.ts';
import type { Doer, Moment, Named } from '#operations/read-timeline.ts';

/** A time as the clock on the wall shows it here, with its distance from UTC, and in UTC. */
export function writeTime(iso: string): string {
  const time = new Date(iso);
  const aheadMinutes = -time.getTimezoneOffset();
  const here = new Date(time.getTime() + aheadMinutes * 60_000).toISOString().slice(0, 19).replace('T', ' ');
  const ahead = Math.abs(aheadMinutes);
  const hours = String(Math.floor(ahead / 60)).padStart(2, '0');
  const zone = `${aheadMinutes < 0 ? '-' : '+'}${hours}:${String(ahead % 60).padStart(2, '0')}`;
  return `${here} ${zone} (${time.toISOString().slice(0, 19)}Z)`;
}

const sentences = {
  created: 'created',
  activated: 'activated',
  deactivated: 'deactivated',
  updated: 'changed',
  deleted: 'deleted',
  erased: 'personal data erased',
} as const satisfies Readonly<Record<Exclude<Moment['what'], 'joined' | 'left'>, string>>;

/** What happened and who did it, in one line. */
export function writeMoment({ what, group, by }: Moment): string {
  const happened = what === 'joined' || what === 'left' ? `${what} the group ${writeName(group)}` : sentences[what];
  return `${happened} by ${writeDoer(by)}`;
}

/** The changes of a moment, a line each. */
export function writeChanges({ changes, isErased }: Pick<Moment, 'changes' | 'isErased'>): string[] {
  return isErased ? ['(what it was is erased)'] : changes.map(writeChange);
}

/** One change: what it was and what it became. */
export function writeChange({ path, from, to, added, removed }: ToldChange): string {
  if (added !== undefined || removed !== undefined) {
    return `${path}: ${added?.length ?? 0} came, ${removed?.length ?? 0} left`;
  }
  // What is secret has no values in the journal.
  if (from === undefined && to === undefined) return `${path} set`;
  return `${path}: ${writeValue(from)} → ${writeValue(to)}`;
}

function writeValue(value: Value | undefined): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}

function writeDoer({ connection, person, dialect, requestId, address }: Doer): string {
  const from = address === undefined ? '' : ` from ${address}`;
  return `${doerOf(connection, person, dialect)}, request ${requestId}${from}`;
}

function doerOf(connection: Named | undefined, person: Named | undefined, dialect: string): string {
  if (connection !== undefined) return `the connection ${writeName(connection)} (${dialect})`;
  if (person !== undefined) return `${writeName(person)}, signed in (${dialect})`;
  return dialect === 'command' ? 'the command line' : `nobody known (${dialect})`;
}

function writeName(named: Named | undefined): string {
  return named?.name === undefined ? String(named?.id) : JSON.stringify(named.name);
}
