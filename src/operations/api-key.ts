import { groupType } from '#attributes/resource-type.ts';
import { type Caller, checkRight, noConnection, type Right } from '#domain/caller.ts';
import { Fault } from '#domain/fault.ts';
import type { GroupChoice } from '#domain/group-choice.ts';
import type { Namespace, Person } from '#domain/person.ts';
import { type ApiKeyRow, findApiKey, findConnectionOfKey, type KeyGroup } from '#store/api-keys.ts';
import type { Connection } from '#store/connections.ts';
import type { Db, Tx } from '#store/database.ts';
import { findByKey } from '#store/keys.ts';
import { readPeople } from '#store/read-people.ts';
import { noSuchGroup } from './find-group.ts';
import { lockConnection } from './lock-connection.ts';
import type { Spoken } from './spoken.ts';

/** A key as it is shown. */
export interface ApiKey extends ApiKeyRow {
  /** The person who changed it last, where he is still there. */
  readonly writer?: Person;
}

/** A key and its token, which is shown once. */
export interface IssuedApiKey {
  readonly key: ApiKey;
  readonly token: string;
}

/**
 * Raises `forbidden` for who may not make, see or end keys. The right is `superuser`: whoever has it may make himself a
 * superuser who signs in, and a key never gets more rights than who makes it.
 */
export function checkKeeper(caller: Caller): void {
  checkRight(caller, 'superuser');
}

/** What a key of a group may do: that of the superusers what connections of the API may, any other nothing but be somebody. */
export function rightsOfKey(group: KeyGroup, { usualRights }: Spoken): readonly Right[] {
  return group === 'superusers' ? usualRights : [];
}

/** The group that a key is to be of. Raises `not_found`. */
export async function findKeyGroup(
  { tenant }: Caller,
  db: Db,
  namespace: Namespace,
  group: GroupChoice,
): Promise<KeyGroup> {
  if (typeof group === 'string') return group;
  const id = await findByKey(db, tenant, groupType, namespace, group.key);
  if (id === undefined) throw noSuchGroup();
  return { id };
}

/** What the journal calls the group of a key. */
export function nameOfKeyGroup(group: KeyGroup): string {
  return typeof group === 'string' ? group : group.id;
}

/** The connection that is the key of this number, held until the transaction ends. Raises `not_found`. */
export async function lockKey(caller: Caller, tx: Tx, number: number): Promise<Connection> {
  const id = await findConnectionOfKey(tx, caller.tenant, number);
  if (id === undefined) throw noSuchKey();
  return lockConnection(caller, tx, id);
}

/** A key that is on record. Raises `not_found` when it has gone meanwhile. */
export async function readKey(caller: Caller, db: Db, namespace: Namespace, number: number): Promise<ApiKey> {
  const row = await findApiKey(db, caller.tenant, namespace, number);
  if (row === undefined) throw noSuchKey();
  const [key = row] = await withWriters(caller, db, namespace, [row]);
  return key;
}

/** Adds the people who changed some keys last. */
export async function withWriters(
  caller: Caller,
  db: Db,
  namespace: Namespace,
  rows: readonly ApiKeyRow[],
): Promise<readonly ApiKey[]> {
  const ids = [...new Set(rows.flatMap(({ updatedBy: { person } }) => (person === undefined ? [] : [person])))];
  const people = new Map(
    (await readPeople(db, caller, namespace, ids, { groups: false })).map((person) => [person.id, person]),
  );
  return rows.map((row) => {
    const { person } = row.updatedBy;
    const writer = person === undefined ? undefined : people.get(person);
    return { ...row, ...(writer !== undefined && { writer }) };
  });
}

/** Who writes, as a key keeps it. */
export function writerOf({ connection, person }: Caller) {
  return { ...(connection !== noConnection && { connection }), ...(person !== undefined && { person }) };
}

function noSuchKey(): Fault {
  return new Fault('not_found', 'there is no such key');
}
