import { hashPassword } from '#access/hash-password.ts';
import type { Values } from '#attributes/attribute.ts';
import { type Answer, request } from '#test/support/muster.ts';
import { withClient } from '#test/support/with-client.ts';
import { type Member, type Metabase, makeSomebody } from './cast.ts';

export const password = 'p@ssword1x';

/** One hash that all share: hashing is what takes time. */
let hash: Promise<string> | undefined;

/** Somebody who can sign in with `password`. */
export async function makeSignable(metabase: Metabase, values: Values = {}): Promise<Member> {
  const member = await makeSomebody(metabase, values);
  hash ??= hashPassword(password);
  const row = [metabase.admin.tenant, member.id, await hash];
  const text = 'insert into password (tenant, user_id, hash, temporary) values ($1, $2, $3, false)';
  await withClient(metabase.muster.database.connection, (client) => client.query(text, row));
  return member;
}

/** Sends a request from an address, without any credential. */
export function sendFrom(metabase: Metabase, address: string, path: string, body: unknown): Promise<Answer> {
  const headers = { 'Content-Type': 'application/json', 'X-Forwarded-For': address };
  return request(`${metabase.muster.server.url}${path}`, undefined, 'POST', body, headers);
}

/** The cookies that an answer sets, but for the name of the browser. */
export function cookiesOf({ headers }: Pick<Answer, 'headers'>): readonly string[] {
  return headers.getSetCookie().filter((cookie) => !cookie.startsWith('metabase.DEVICE='));
}
