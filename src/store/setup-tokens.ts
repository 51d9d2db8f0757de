import type { Db, Tx } from './database.ts';

/** Whether nobody is on the roll of tenant `$1`, and nobody ever was. */
const isEmpty = `not exists (select from app_user where tenant = $1)
  and not exists (select from tombstone where tenant = $1 and kind = 'User')`;

const stateStatement = {
  name: 'setup-state',
  text: `select ${isEmpty} and exists (select from tenant where tenant = $1) as is_empty,
    (select token from setup_token where tenant = $1) as token`,
};

/** How far a tenant is on its way to its first person. */
export interface SetupState {
  /** Whether it never had a person; of no tenant at all false. */
  readonly isEmpty: boolean;
  /** Absent while nobody has asked for it. */
  readonly token?: string;
}

/** Whether a tenant may still be set up, and its token. */
export async function findSetupState(db: Db, tenant: number): Promise<SetupState> {
  const [row] = await db.read(stateStatement, [tenant]);
  const token = row?.token as string | null | undefined;
  return { isEmpty: row?.is_empty === true, ...(typeof token === 'string' && { token }) };
}

const insertStatement = {
  name: 'insert-setup-token',
  text: 'insert into setup_token (tenant, token) values ($1, gen_random_uuid()::text) on conflict do nothing',
};

const findStatement = { name: 'find-setup-token', text: 'select token from setup_token where tenant = $1' };

/** Makes the token of a tenant where there is none yet, and gives it: all nodes and all who ask at once see the same. */
export async function makeSetupToken(tx: Tx, tenant: number): Promise<string | undefined> {
  tx.send(insertStatement, [tenant]);
  const [row] = await tx.run(findStatement, [tenant]);
  return row?.token as string | undefined;
}

const turnStatement = { name: 'setup-turn', text: 'select from tenant where tenant = $1 for no key update' };

const useStatement = {
  name: 'use-setup-token',
  text: `delete from setup_token where tenant = $1 and token = $2 and ${isEmpty} returning token`,
};

/** Uses the token of a tenant up, unless somebody was faster or is there already: then false. */
export async function useSetupToken(tx: Tx, tenant: number, token: string): Promise<boolean> {
  tx.send(turnStatement, [tenant]);
  return (await tx.run(useStatement, [tenant, token])).length === 1;
}
