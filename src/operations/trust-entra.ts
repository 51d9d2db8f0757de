import { type Caller, checkRight } from '#domain/caller.ts';
import { checkHolds } from '#domain/check-holds.ts';
import { Fault } from '#domain/fault.ts';
import { isId } from '#domain/is-id.ts';
import { appendJournal } from '#journal/append-journal.ts';
import type { Db, Tx } from '#store/database.ts';
import { distrustIssuers, type Issuer, listTrusted, trustIssuer } from '#store/trusted-issuers.ts';
import { lockConnection } from './lock-connection.ts';

/** The audience of the tokens that Entra makes for applications that are not in its gallery (Q-ENTRA-28). */
export const entraAudience = '8adf8e6e-67b2-4cf2-a259-e3dc5476c621';

/**
 * Takes the tokens that an Entra tenant makes itself for a connection of SCIM, in place of those taken for it before. The
 * right `operator`, since an Entra tenant stands for one connection among all tenants: whoever claimed another's would get
 * his people; and none that may do more than the operator, whose Entra tenant it may be. Raises `already_exists`, `forbidden`, `invalid_value`, `not_found`.
 */
export async function trustEntra(
  caller: Caller,
  db: Db,
  nameOrId: string,
  wish: Issuer,
): Promise<{ connection: string }> {
  checkRight(caller, 'operator');
  const issuer = checkIssuer(wish);
  return db.transaction(async (tx) => {
    const { id, dialect, rights } = await lockConnection(caller, tx, nameOrId);
    checkHolds(caller, rights);
    if (dialect !== 'scim') throw new Fault('invalid_value', 'Entra speaks SCIM; name a connection of SCIM');
    await journalled(caller, tx, id, async () => {
      distrustIssuers(tx, caller.tenant, id);
      if (await trustIssuer(tx, caller.tenant, id, issuer)) return;
      throw new Fault(
        'already_exists',
        'the tokens of this Entra tenant are taken for another connection; end that first',
      );
    });
    return { connection: id };
  });
}

/** Takes no tokens of Entra for a connection any more, from the next request on. Raises `forbidden`, `not_found`. */
export async function distrustEntra(caller: Caller, db: Db, nameOrId: string): Promise<{ connection: string }> {
  checkRight(caller, 'operator');
  return db.transaction(async (tx) => {
    const { id } = await lockConnection(caller, tx, nameOrId);
    await journalled(caller, tx, id, async () => distrustIssuers(tx, caller.tenant, id));
    return { connection: id };
  });
}

function checkIssuer({ entraTenant, audience }: Issuer): Issuer {
  if (!isId(entraTenant)) {
    throw new Fault('invalid_value', 'the Entra tenant should be its id, a UUID: see the overview page of Entra');
  }
  if (!/^[\x21-\x7e]{1,256}$/.test(audience)) {
    throw new Fault('invalid_value', 'the audience should be the id or the URI of an application');
  }
  return { entraTenant: entraTenant.toLowerCase(), audience };
}

async function journalled(caller: Caller, tx: Tx, id: string, change: () => Promise<void>): Promise<void> {
  const from = await trusted(caller, tx, id);
  await change();
  const to = await trusted(caller, tx, id);
  if (from.join() === to.join()) return;
  appendJournal(tx, caller, { action: 'updated', kind: 'Connection', id, differences: [{ path: 'entra', from, to }] });
}

async function trusted(caller: Caller, tx: Tx, id: string): Promise<readonly string[]> {
  const issuers = await listTrusted(tx, caller.tenant, id);
  return issuers.map(({ entraTenant, audience }) => `${entraTenant} ${audience}`);
}
