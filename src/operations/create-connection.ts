import { uuidv7 } from 'uuidv7';
import { type Caller, distinctRights, rightsWithin } from '#domain/caller.ts';
import { checkAdministers, checkHolds } from '#domain/check-holds.ts';
import type { Difference } from '#domain/difference.ts';
import { appendJournal } from '#journal/append-journal.ts';
import { type ConnectionFacts, insertConnection, revokeConnection } from '#store/connections.ts';
import type { Db, Tx } from '#store/database.ts';
import { takeOverExternalIds } from '#store/external-ids.ts';
import { checkConnection, checkLifetime, checkMayGiveRate } from './check-connection.ts';
import { connectionDifferences } from './connection-differences.ts';
import { type Issued, issueToken } from './issue-token.ts';
import { lockConnection } from './lock-connection.ts';
import type { Spoken } from './spoken.ts';

/** A connection that somebody wants. */
export interface ConnectionWish
  extends Pick<ConnectionFacts, 'name' | 'franchisee' | 'ratePerSecond'>,
    Partial<Pick<ConnectionFacts, 'profile' | 'rights' | 'guard'>> {
  readonly spoken: Spoken;
  readonly tokenLifetimeDays: number;
  /** The name or id of the live connection that it takes the place of. */
  readonly replaces?: string | undefined;
}

/**
 * Makes a connection of the caller's tenant with its first token. One that it replaces ends, and leaves it its external
 * ids. Raises `forbidden`, `already_exists`, `invalid_value`, `not_found`.
 */
export async function createConnection(caller: Caller, db: Db, wish: ConnectionWish): Promise<Issued> {
  checkAdministers(caller);
  const facts = factsOf(wish);
  checkHolds(caller, facts.rights);
  checkLifetime(wish.tokenLifetimeDays);
  checkMayGiveRate(caller, facts.dialect, facts.ratePerSecond);
  await checkConnection(caller, db, facts, wish.spoken);
  return db.transaction(async (tx) => {
    const { replaces, tokenLifetimeDays } = wish;
    if (replaces === undefined) return issueConnection(caller, tx, facts, tokenLifetimeDays);
    const old = await lockConnection(caller, tx, replaces);
    // The old one ends first: the new one may have its name.
    revokeConnection(tx, caller.tenant, old.id);
    const issued = issueConnection(caller, tx, facts, tokenLifetimeDays, [{ path: 'replaces', to: old.id }]);
    revokeConnection(tx, caller.tenant, old.id, issued.connection);
    await takeOverExternalIds(tx, caller.tenant, old.id, issued.connection);
    const differences = [{ path: 'replacedBy', to: issued.connection }];
    appendJournal(tx, caller, { action: 'deleted', kind: 'Connection', id: old.id, differences });
    return issued;
  });
}

/**
 * Puts a connection and its first token on record, and who did it, with whatever more there is to tell. The commit raises
 * `already_exists`.
 */
export function issueConnection(
  caller: Caller,
  tx: Tx,
  facts: ConnectionFacts,
  tokenLifetimeDays: number,
  more: readonly Difference[] = [],
): Issued {
  const id = uuidv7();
  insertConnection(tx, caller.tenant, id, facts);
  const issued = issueToken(tx, caller.tenant, { id, tokenForm: facts.tokenForm }, tokenLifetimeDays);
  const differences = [...connectionDifferences({}, facts), { path: 'tokens', to: [issued.prefix] }, ...more];
  appendJournal(tx, caller, { action: 'created', kind: 'Connection', id, differences });
  return issued;
}

function factsOf({ spoken, name, franchisee, ratePerSecond, ...wish }: ConnectionWish): ConnectionFacts {
  const { name: dialect, tokenForm, profiles, usualRights } = spoken;
  return {
    ...{ name, dialect, tokenForm },
    profile: wish.profile ?? profiles[0] ?? '',
    rights: distinctRights(wish.rights ?? rightsWithin(usualRights, franchisee)),
    guard: wish.guard ?? 'hold',
    ...(franchisee !== undefined && { franchisee }),
    ...(ratePerSecond !== undefined && { ratePerSecond }),
  };
}
