import { randomUUID } from 'node:crypto';
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
import type { Mail } from './mailer.ts';

const lifetimeHours = 48;

/** A mail with a token, good for one use, with which its reader chooses a password. */
export interface ResetMail {
  readonly tenant: number;
  /** The primary e-mail of who gets it. */
  readonly email: string;
  /** Who has to have that e-mail; absent: whoever has it. */
  readonly person?: string;
  /** Why he gets it. */
  readonly reason: Reason;
  /** The network address from which it was asked for, which the mail tells. */
  readonly address?: string;
  /** The page that takes the token, as the beginning and the end of its URL; absent: the reader knows where it goes. */
  readonly page?: { readonly before: string; readonly after: string };
}

type Reason = 'forgotten' | 'invited';

/**
 * Makes a token for whoever has this primary e-mail and writes the mail that holds it. Undefined where there is nobody to
 * write to: only one who is active and has a password of ours gets one. The token holds the number of the user before a
 * random part, as the clients of Metabase expect.
 */
export async function writeResetMail(db: Db, wish: ResetMail): Promise<Mail | undefined> {
  const { tenant, email } = wish;
  if (email.includes('\0') || !email.isWellFormed()) return undefined;
  const candidate = await findByEmail(db, tenant, email);
  if (candidate === undefined || !candidate.active) return undefined;
  if (wish.person !== undefined && wish.person !== candidate.id) return undefined;
  const wanted = { groups: false, members: false };
  const user = await findResource(db, { tenant, connection: noConnection }, userType, candidate.id, wanted);
  const to = user && addressIn(readValues(userType, user.document));
  // Another address by now is one of which nobody has asked whether it is verified.
  if (user === undefined || to === undefined || fold(to) !== fold(email)) return undefined;
  const token = `${user.number}_${randomUUID()}`;
  const reset = { hash: hashToken(token), person: user.id, version: user.version };
  const isKept = await db.transaction((tx) => insertResetToken(tx, tenant, reset, lifetimeHours * 3_600));
  if (!isKept) return undefined;
  const { subject, opening, closing } = words[wish.reason];
  const lines = [opening(to, wish.address), '', ...stepsFor(token, wish.page), '', lifetime, '', closing, ''];
  return { person: user.id, to, subject, text: lines.join('\n') };
}

/** The address as it is on the roll, and not as a stranger spelt it; none for whose password is kept elsewhere. */
function addressIn({ emails = [], muster = {} }: Values): string | undefined {
  const { authType, ssoSource } = muster as Values;
  if (authType === 'LDAP' || ssoSource !== undefined) return undefined;
  const all = emails as readonly Values[];
  const value = (all.find(({ primary }) => primary === true) ?? all[0])?.value;
  return typeof value === 'string' ? value : undefined;
}

const lifetime = `The code is good for one use, and for ${lifetimeHours} hours. Give it to nobody.`;

const words = {
  forgotten: {
    subject: 'Choose a new password',
    opening: (email, address) => {
      const from = address === undefined ? '' : `, from the network address ${address}`;
      return `Somebody asked for a new password for the account with the e-mail ${email}${from}.`;
    },
    closing: 'If it was not you, there is nothing to do: your password stays as it is.',
  },
  invited: {
    subject: 'Choose a password for your new account',
    opening: (email) => `An account was made for you, with the e-mail ${email}.`,
    closing: 'If you expected no account, there is nothing to do.',
  },
} as const satisfies Readonly<Record<Reason, ReasonWords>>;

interface ReasonWords {
  readonly subject: string;
  readonly opening: (email: string, address: string | undefined) => string;
  readonly closing: string;
}

function stepsFor(token: string, page: ResetMail['page']): readonly string[] {
  if (page === undefined) {
    return [
      'If it was you: enter this code in the application in which you asked, and choose the password there.',
      '',
      token,
    ];
  }
  return [
    'Choose the password here:',
    '',
    `${page.before}${token}${page.after}`,
    '',
    'An application that asks for a code takes this one:',
    '',
    token,
  ];
}
