import type { Values } from '#attributes/attribute.ts';
import { userType } from '#attributes/resource-type.ts';
import { type Caller, noConnection } from '#domain/caller.ts';
import { readValues } from '#domain/document.ts';
import { changesOf, type ToldChange } from '#journal/changes-of.ts';
import type { Db } from '#store/database.ts';
import { findResource } from '#store/find-resource.ts';
import type { JournalEntry } from '#store/journal-entries.ts';
import { findNames, listEntries, listTimeline, type TimelineWish } from '#store/journal-lists.ts';
import { checkReadsJournal } from './check-reads-journal.ts';
import { checkTime } from './list-journal.ts';

/** Something with an id, and what it is called as far as that is known. */
export interface Named {
  readonly id: string;
  readonly name?: string;
}

/** Who did something, through what. */
export interface Doer {
  readonly connection?: Named;
  readonly person?: Named;
  readonly dialect: string;
  readonly requestId: string;
  readonly address?: string;
}

/** One thing that happened to a person. */
export interface Moment {
  readonly sequence: number;
  /** ISO 8601. */
  readonly at: string;
  readonly what: 'created' | 'activated' | 'deactivated' | 'updated' | 'deleted' | 'erased' | 'joined' | 'left';
  /** The group that was joined or left. */
  readonly group?: Named;
  readonly changes: readonly ToldChange[];
  /** The personal data of this moment was erased. */
  readonly isErased: boolean;
  readonly by: Doer;
}

/** What happened to a person, newest first, and what he is now. */
export interface Timeline {
  readonly id: string;
  /** Of a deleted person the last one; absent once he is erased. */
  readonly userName?: string;
  readonly state: 'active' | 'inactive' | 'deleted' | 'erased';
  readonly moments: readonly Moment[];
  /** The `before` of the next page; absent on the last one. */
  readonly next?: number;
}

/** What happened to a person, also to one who is deleted; his id comes from `findPerson`. Raises `forbidden`, `invalid_value`. */
export async function readTimeline(caller: Caller, db: Db, id: string, wish: TimelineWish): Promise<Timeline> {
  checkReadsJournal(caller);
  const from = wish.from === undefined ? {} : { from: checkTime(wish.from, 'from') };
  const [user, found, [latest]] = await Promise.all([
    findResource(db, { tenant: caller.tenant, connection: noConnection }, userType, id, {
      groups: false,
      members: false,
    }),
    listTimeline(db, caller.tenant, id, { ...wish, ...from, count: wish.count + 1 }),
    listEntries(db, caller.tenant, { resource: id, count: 1 }),
  ]);
  const entries = found.slice(0, wish.count);
  const names = await findNames(db, caller.tenant, entries.flatMap(idsIn));
  const erasure = latest?.action === 'erased' ? latest.sequence : 0;
  const last = entries.at(-1);
  const { userName, active } = user === undefined ? lastValues(latest) : readValues(userType, user.document);
  return {
    id,
    ...(typeof userName === 'string' && { userName }),
    state: user === undefined ? (erasure > 0 ? 'erased' : 'deleted') : active === false ? 'inactive' : 'active',
    moments: entries.map((entry) => momentOf(entry, id, erasure, names)),
    ...(found.length > wish.count && last !== undefined && { next: last.sequence }),
  };
}

/** What the row of a deletion says of the name; that of an erasure says nothing. */
function lastValues(latest: JournalEntry | undefined): Values {
  const name = latest && changesOf(latest).find(({ path }) => path === 'userName')?.from;
  return name === undefined ? {} : { userName: name };
}

function idsIn({ connection, person, kind, resource }: JournalEntry): string[] {
  return [connection, person, kind === 'Group' ? resource : undefined].filter((id) => id !== undefined);
}

type Names = ReadonlyMap<string, string>;

function momentOf(entry: JournalEntry, id: string, erasure: number, names: Names): Moment {
  const { sequence, at, connection, person, dialect, requestId, address } = entry;
  const by = {
    ...(connection !== undefined && { connection: named(connection, names) }),
    ...(person !== undefined && { person: named(person, names) }),
    ...{ dialect, requestId },
    ...(address !== undefined && { address }),
  };
  const moment = { sequence, at, by };
  if (entry.resource !== id) {
    const left = changesOf(entry).some(({ removed }) => removed?.includes(id));
    const what = left ? ('left' as const) : ('joined' as const);
    return { ...moment, what, group: named(entry.resource, names), changes: [], isErased: false };
  }
  const changes = changesOf(entry);
  return { ...moment, what: whatOf(entry, changes), changes, isErased: sequence < erasure };
}

function named(id: string, names: Names): Named {
  const name = names.get(id);
  return { id, ...(name !== undefined && { name }) };
}

function whatOf({ action }: JournalEntry, changes: readonly ToldChange[]): Moment['what'] {
  if (action !== 'updated') return action;
  const active = changes.find(({ path }) => path === 'active');
  if (active === undefined) return 'updated';
  return active.to === false ? 'deactivated' : 'activated';
}
