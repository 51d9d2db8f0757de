import { fold } from '#domain/fold.ts';
import type { Tx } from './database.ts';

const insertStatement = {
  name: 'insert-unverified-emails',
  text: `insert into unverified_email (tenant, user_id, email_key)
    select $1, $2, email_key from unnest($3::text[]) as e (email_key) on conflict do nothing`,
};

/** Keeps these addresses of a person from serving sign-in and reset. */
export function distrustEmails(tx: Tx, tenant: number, person: string, emails: readonly string[]): void {
  tx.send(insertStatement, [tenant, person, emails.map(fold)]);
}

const deleteStatement = {
  name: 'delete-unverified-emails',
  text: 'delete from unverified_email where tenant = $1 and user_id = $2 and email_key = any($3::text[]) returning email_key',
};

/** Lets these addresses of a person serve sign-in and reset. Gives those that did not, folded. */
export async function trustEmails(
  tx: Tx,
  tenant: number,
  person: string,
  emails: readonly string[],
): Promise<string[]> {
  return (await tx.run(deleteStatement, [tenant, person, emails.map(fold)])).map((row) => row.email_key as string);
}
