import { randomUUID } from 'node:crypto';
import { checkResetLimit } from '#access/reset-limits.ts';
import { hashToken } from '#access/token.ts';
import type { Values } from '#attributes/attribute.ts';
import { userType } from '#attributes/resource-type.ts';
import { noConnection } from '#domain/caller.ts';
import { readValues } from '#domain/document.ts';
import type { Db } from '#store/database.ts';
import { findResource } from '#store/find-resource.ts';
import { insertResetToken } from '#store/reset-tokens.ts';
import { findByEmail } from '#store/sign-in-state.ts';
import type { Mail, Mailer } from './mailer.ts';

const lifetimeSeconds = 48 * 3_600;

/** Somebody who does not know his password any more. */
export interface ResetRequest {
  readonly tenant: number;
  readonly email: string;
  /** The URL of the page that takes the token, without the token, which is put at its end. */
  readonly page: string;
}

/**
 * Sends a mail with a token to whoever has this primary e-mail, if anybody does: active, with a password of ours. Nobody
 * learns from the answer whether there is such a person. Raises `rate_limited` for the fourth mail in 15 minutes.
 */
export async function requestPasswordReset(db: Db, mailer: Mailer, wish: ResetRequest): Promise<void> {
  await checkResetLimit(db, wish.tenant, wish.email.toWellFormed());
  mailer.post(() => writeMail(db, wish));
}

/** The token holds the number of the user before a random part, as the clients of Metabase expect. */
async function writeMail(db: Db, { tenant, email, page }: ResetRequest): Promise<Mail | undefined> {
  if (email.includes('\0') || !email.isWellFormed()) return undefined;
  const candidate = await findByEmail(db, tenant, email);
  if (candidate === undefined || !candidate.active) return undefined;
  const wanted = { groups: false, members: false };
  const user = await findResource(db, { tenant, connection: noConnection }, userType, candidate.id, wanted);
  const to = user && addressIn(readValues(userType, user.document));
  if (user === undefined || to === undefined) return undefined;
  const token = `${user.number}_${randomUUID()}`;
  await db.transaction(async (tx) => insertResetToken(tx, tenant, hashToken(token), user.id, lifetimeSeconds));
  return { person: user.id, to, subject: 'Choose a new password', text: textFor(page + token) };
}

/** The address as it is on the roll, and not as a stranger spelt it; none for whose password is kept elsewhere. */
function addressIn({ emails = [], muster = {} }: Values): string | undefined {
  const { authType, ssoSource } = muster as Values;
  if (authType === 'LDAP' || ssoSource !== undefined) return undefined;
  const all = emails as readonly Values[];
  const value = (all.find(({ primary }) => primary === true) ?? all[0])?.value;
  return typeof value === 'string' ? value : undefined;
}

function textFor(link: string): string {
  return [
    'Somebody, probably you, asked for a new password for your account.',
    '',
    'Choose it here within 48 hours; the link is good for one use:',
    link,
    '',
    'If it was not you, there is nothing to do: your password stays as it is.',
    '',
  ].join('\n');
}
