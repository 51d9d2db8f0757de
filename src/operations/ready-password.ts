import { hashPassword, verifyPassword } from '#access/hash-password.ts';
import { commonPasswords } from '#access/password-lists.ts';
import type { ResourceType } from '#attributes/resource-type.ts';
import type { Caller } from '#domain/caller.ts';
import type { Change } from '#domain/change.ts';
import { Fault } from '#domain/fault.ts';
import { isId } from '#domain/is-id.ts';
import type { Db } from '#store/database.ts';
import { findPassword } from '#store/passwords.ts';

/** A password that a write brings along, hashed before its transaction begins: a hash takes too long to hold a row for. */
export interface ReadyPassword {
  readonly password: string;
  readonly hash: string;
  /** It is good for a while, and nobody chose it. */
  readonly temporary?: true;
}

/**
 * The new password among the changes of a write, hashed. Undefined: there is none, it is the one that the person has, or
 * the caller has not the right `passwords`, whose passwords are accepted and forgotten. Raises `invalid_value`, `unavailable`.
 */
export async function readyPassword(
  caller: Caller,
  db: Db,
  type: ResourceType,
  changes: readonly Change[],
  id?: string,
): Promise<ReadyPassword | undefined> {
  if (type.name !== 'User' || !caller.rights.includes('passwords')) return undefined;
  const sent = changes.findLast(({ path }) => path === 'password');
  if (sent === undefined || sent.op === 'clear') return undefined;
  const password = sent.value;
  if (typeof password !== 'string') {
    throw new Fault('invalid_value', 'password must be text', { attribute: 'password' });
  }
  const same = id !== undefined && isId(id) && (await isSame(caller, db, id, password));
  if (same) return undefined;
  await commonPasswords();
  return { password, hash: await hashPassword(password, 'second') };
}

/** Some clients send the password with every write; the person's sessions must not end each time. */
async function isSame({ tenant }: Caller, db: Db, id: string, password: string): Promise<boolean> {
  const stored = await findPassword(db, tenant, id);
  return (
    stored !== undefined && !stored.temporary && (await verifyPassword(password, stored.hash, 'second')) !== 'wrong'
  );
}
