import type { Caller } from '#domain/caller.ts';
import { checkHolds } from '#domain/check-holds.ts';
import type { GroupChoice } from '#domain/group-choice.ts';
import { domainLimits } from '#domain/limits.ts';
import type { Namespace } from '#domain/person.ts';
import { insertApiKey } from '#store/api-keys.ts';
import type { Db } from '#store/database.ts';
import {
  checkKeeper,
  findKeyGroup,
  type IssuedApiKey,
  nameOfKeyGroup,
  readKey,
  rightsOfKey,
  writerOf,
} from './api-key.ts';
import { checkConnection } from './check-connection.ts';
import { issueConnection } from './create-connection.ts';
import type { Spoken } from './spoken.ts';

/** A key that somebody wants. */
export interface ApiKeyWish {
  readonly namespace: Namespace;
  readonly spoken: Spoken;
  readonly name: string;
  readonly group: GroupChoice;
}

/**
 * Makes a connection that is a key of a group. Its token lives as long as a token can, since the keys of such APIs have no
 * end. Raises `forbidden`, also for a key that could do more than the caller, `already_exists`, `invalid_value`, `not_found`.
 */
export async function createApiKey(caller: Caller, db: Db, wish: ApiKeyWish): Promise<IssuedApiKey> {
  checkKeeper(caller);
  const { namespace, spoken, name } = wish;
  const group = await findKeyGroup(caller, db, namespace, wish.group);
  const rights = rightsOfKey(group, spoken);
  checkHolds(caller, rights);
  const { name: dialect, tokenForm, profiles } = spoken;
  const facts = { ...{ name, dialect, tokenForm, rights }, profile: profiles[0] ?? '', guard: 'hold' } as const;
  await checkConnection(caller, db, facts, spoken);
  const { number, token } = await db.transaction(async (tx) => {
    const told = [{ path: 'group', to: nameOfKeyGroup(group) }];
    const issued = issueConnection(caller, tx, facts, domainLimits.tokenLifetimeDays, told);
    return { ...issued, number: await insertApiKey(tx, caller.tenant, issued.connection, group, writerOf(caller)) };
  });
  return { key: await readKey(caller, db, namespace, number), token };
}
