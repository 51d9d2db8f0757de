import { randomUUID } from 'node:crypto';
import { checkResetLimit } from '#access/reset-limits.ts';
import { hashToken } from '#access/token.ts';
import type { Values } from '#attributes/attribute.ts';
import { userType } from '#attributes/resource-type.ts';
import { noConnection } from '#domain/caller.ts';
import { readValues } from '#domain/document.ts';
import { fold } from '#domain/fold.ts';
import type { Db } from '#store/database.ts';
import { findResource } from '#store/find-resource.ts';
import { insertResetToken } from '#store/reset-tokens.ts';
import { findByEmail } from '#store/sign-in-state.ts';
import type { Mail, Mailer } from './mailer.ts';

const lifetimeHours = 48;

/** Somebody who does not know his password any more. */
export interface ResetRequest {
  readonly tenant: number;
  readonly email: string;
  /** The network address that the wish came from, which the mail tells. */
  readonly address?: string;
}

/**
 * Sends a mail with a token to whoever has this primary e-mail, if anybody does: active, with a password of ours. Nobody
 * learns from the answer whether there is such a person. Raises `rate_limited` for the fourth mail in 15 minutes, and when
 * one network asks for many.
 */
export async function requestPasswordReset(db: Db, mailer: Mailer, wish: ResetRequest): Promise<void> {
  await checkResetLimit(db, { ...wish, email: wish.email.toWellFormed() });
  mailer.post(() => writeMail(db, wish));
}

/** The token holds the number of the user before a random part, as the clients of Metabase expect. */
async function writeMail(db: Db, { tenant, email, address }: ResetRequest): Promise<Mail | undefined> {
  if (email.includes('\0') || !email.isWellFormed()) return undefined;
  const candidate = await findByEmail(db, tenant, email);
  if (candidate === undefined || !candidate.active) return undefined;
  const wanted = { groups: false, members: false };
  const user = await findResource(db, { tenant, connection: noConnection }, userType, candidate.id, wanted);
  const to = user && addressIn(readValues(userType, user.document));
  // Another address by now is one of which nobody has asked whether it is verified.
  if (user === undefined || to === undefined || fold(to) !== fold(email)) return undefined;
  const token = `${user.number}_${randomUUID()}`;
  const reset = { hash: hashToken(token), person: user.id, version: user.version };
  const isKept = await db.transaction((tx) => insertResetToken(tx, tenant, reset, lifetimeHours * 3_600));
  if (!isKept) return undefined;
  return { person: user.id, to, subject: 'Choose a new password', text: textFor(token, to, address) };
}

/** The address as it is on the roll, and not as a stranger spelt it; none for whose password is kept elsewhere. */
function addressIn({ emails = [], muster = {} }: Values): string | undefined {
  const { authType, ssoSource } = muster as Values;
  if (authType === 'LDAP' || ssoSource !== undefined) return undefined;
  const all = emails as readonly Values[];
  const value = (all.find(({ primary }) => primary === true) ?? all[0])?.value;
  return typeof value === 'string' ? value : undefined;
}

function textFor(code: string, email: string, address: string | undefined): string {
  const from = address === undefined ? '' : `, from the network address ${address}`;
  return [
    `Somebody asked for a new password for the account with the e-mail ${email}${from}.`,
    '',
    'If it was you: enter this code in the application in which you asked, and choose the password there.',
    '',
    code,
    '',
    `The code is good for one use, and for ${lifetimeHours} hours. Give it to nobody.`,
    '',
    'If it was not you, there is nothing to do: your password stays as it is.',
    '',
  ].join('\n');
}
