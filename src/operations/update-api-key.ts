import { type Caller, distinctRights } from '#domain/caller.ts';
import { checkHolds } from '#domain/check-holds.ts';
import type { Difference } from '#domain/difference.ts';
import type { GroupChoice } from '#domain/group-choice.ts';
import type { Namespace } from '#domain/person.ts';
import { appendJournal } from '#journal/append-journal.ts';
import { type KeyGroup, lockKeyGroup, saveApiKey } from '#store/api-keys.ts';
import { saveConnection } from '#store/connections.ts';
import type { Db } from '#store/database.ts';
import {
  type ApiKey,
  checkKeeper,
  findKeyGroup,
  lockKey,
  nameOfKeyGroup,
  readKey,
  rightsOfKey,
  writerOf,
} from './api-key.ts';
import { checkConnection } from './check-connection.ts';
import { connectionDifferences } from './connection-differences.ts';
import type { Spoken } from './spoken.ts';

/** What should be different about a key; absent stays. */
export interface ApiKeyChange {
  readonly namespace: Namespace;
  readonly spoken: Spoken;
  readonly number: number;
  readonly name?: string;
  readonly group?: GroupChoice;
}

/**
 * Gives a key another name, another group, or both; with another group it has the rights of that one. Raises `forbidden`,
 * also for a key that could then do more than the caller, `already_exists`, `invalid_value`, `not_found`.
 */
export async function updateApiKey(caller: Caller, db: Db, change: ApiKeyChange): Promise<ApiKey> {
  checkKeeper(caller);
  const { namespace, spoken, number, name } = change;
  const wanted = change.group && (await findKeyGroup(caller, db, namespace, change.group));
  await db.transaction(async (tx) => {
    const before = await lockKey(caller, tx, number);
    const from = await lockKeyGroup(tx, caller.tenant, before.id);
    const to = wanted ?? from;
    const moved = groupDifferences(from, to);
    const rights = moved.length > 0 ? distinctRights(rightsOfKey(to, spoken)) : before.rights;
    const after = { ...before, name: name ?? before.name, rights };
    const differences = [...connectionDifferences(before, after), ...moved];
    if (differences.length === 0) return;
    checkHolds(caller, rights);
    await checkConnection(caller, db, after, spoken);
    saveConnection(tx, caller.tenant, after);
    saveApiKey(tx, caller.tenant, before.id, to, writerOf(caller));
    appendJournal(tx, caller, { action: 'updated', kind: 'Connection', id: before.id, differences });
  });
  return readKey(caller, db, namespace, number);
}

function groupDifferences(before: KeyGroup, after: KeyGroup): Difference[] {
  const [from, to] = [nameOfKeyGroup(before), nameOfKeyGroup(after)];
  return from === to ? [] : [{ path: 'group', from, to }];
}
