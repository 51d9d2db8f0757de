import type { Db } from './database.ts';

/** Who signed in once, or never since his last sign-in was brought along, has that one alone. */
const statement = {
  name: 'first-login',
  text: 'select coalesce(first_login_at, last_login_at) as time from app_user where tenant = $1 and id = $2',
};

/** When a person first signed in, as far as it is known; undefined for who never did. ISO 8601, in milliseconds. */
export async function findFirstLogin(db: Db, tenant: number, person: string): Promise<string | undefined> {
  const [row] = await db.read(statement, [tenant, person]);
  return (row?.time ?? undefined) as string | undefined;
}
