import type { Value } from '#attributes/attribute.ts';
import { userType } from '#attributes/resource-type.ts';
import { type Caller, checkRight, noConnection } from '#domain/caller.ts';
import { readValues } from '#domain/document.ts';
import { Fault } from '#domain/fault.ts';
import { appendJournal } from '#journal/append-journal.ts';
import { changesOf } from '#journal/changes-of.ts';
import type { Db } from '#store/database.ts';
import { findResource } from '#store/find-resource.ts';
import type { JournalEntry } from '#store/journal-entries.ts';
import { countPersonalRows, eraseFromJournal, type PersonalRows } from '#store/journal-erasure.ts';
import { readHistory } from '#store/journal-lists.ts';
import { eraseRequests, type RequestTraces, rememberErasure } from '#store/request-erasure.ts';
import { checkReadsJournal } from './check-reads-journal.ts';
import { deleteResource } from './delete-resource.ts';

/** What an erasure would remove. */
export interface ErasurePlan extends PersonalRows {
  readonly id: string;
  /** Absent: he is deleted already. */
  readonly userName?: string;
  readonly isOnRoll: boolean;
}

/** What an erasure removed. */
export interface Erasure {
  readonly id: string;
  readonly wasOnRoll: boolean;
  readonly journalRows: number;
  readonly requests: number;
}

/** Says what `eraseUser` would remove of a person, and changes nothing. Raises `forbidden`, `not_found`. */
export async function planErasure(caller: Caller, db: Db, id: string): Promise<ErasurePlan> {
  checkErases(caller);
  const viewer = { tenant: caller.tenant, connection: noConnection };
  const [user, { entries }, rows] = await Promise.all([
    findResource(db, viewer, userType, id, { groups: false, members: false }),
    readHistory(db, caller.tenant, id),
    countPersonalRows(db, caller.tenant, id),
  ]);
  if (user === undefined && entries.length === 0) throw new Fault('not_found', 'there is no such User');
  const { userName } = user === undefined ? {} : readValues(userType, user.document);
  const isOnRoll = user !== undefined;
  // The deletion writes one more row.
  const journalRows = rows.journalRows + Number(isOnRoll);
  return { id, isOnRoll, ...(typeof userName === 'string' && { userName }), ...rows, journalRows };
}

/**
 * Removes the personal data of one person: takes him off the roll, with the rules of `deleteResource`, and empties what the
 * journal and the request log tell of him. His ids stay taken, the journal goes on saying that something happened, and its
 * chain holds. Requests that a server has not written yet follow within minutes, by a worker. Calls whose tenant nobody knows
 * are known by his id, and by his names only to an operator. What fails half-way is finished by doing it again. Raises `forbidden`, `not_found`, `held`.
 */
export async function eraseUser(caller: Caller, db: Db, id: string): Promise<Erasure> {
  const { isOnRoll } = await planErasure(caller, db, id);
  if (isOnRoll) await deleteResource(caller, db, userType, id);
  const { entries } = await readHistory(db, caller.tenant, id);
  const traces = { ...tracesOf(id, entries), everywhere: caller.rights.includes('operator') };
  const requests = await eraseRequests(db, caller.tenant, traces);
  const journalRows = await db.transaction(async (tx) => {
    appendJournal(tx, caller, { action: 'erased', kind: 'User', id, differences: [] });
    rememberErasure(tx, caller.tenant, traces);
    return eraseFromJournal(tx, caller.tenant, id);
  });
  return { id, wasOnRoll: isOnRoll, journalRows, requests };
}

/** Who erases somebody has to be allowed to look for him. */
function checkErases(caller: Caller): void {
  checkReadsJournal(caller);
  checkRight(caller, 'admin');
}

/** Paths whose values name one person. A first name alone is that of many. */
const naming = /^(userName|displayName|nickName|externalId|name|emails|phoneNumbers|ims|addresses|enterprise)(\.|$)/;
const namingParts = new Set(['value', 'formatted', 'streetAddress', 'employeeNumber']);
const textLengthMin = 2;

function tracesOf(person: string, entries: readonly JournalEntry[]): Omit<RequestTraces, 'everywhere'> {
  const told = entries.flatMap(changesOf).filter(({ path }) => naming.test(path));
  const texts = told.flatMap(({ path, from, to }) => [...textsIn(path, from), ...textsIn(path, to)]);
  return {
    person,
    requestIds: [...new Set(entries.map(({ requestId }) => requestId))],
    texts: [...new Set(texts)].filter((text) => text.length >= textLengthMin),
  };
}

function textsIn(path: string, value: Value | undefined): string[] {
  if (Array.isArray(value)) return value.flatMap((each) => textsIn(path, each));
  if (typeof value === 'object') {
    return Object.entries(value).flatMap(([part, inner]) =>
      namingParts.has(part) || typeof inner === 'object' ? textsIn(`${path}.${part}`, inner) : [],
    );
  }
  const isPart = path.includes('.') && !namingParts.has(path.slice(path.lastIndexOf('.') + 1));
  return typeof value === 'string' && !isPart ? [value] : [];
}
