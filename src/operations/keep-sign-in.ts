import { checkPassword, policyOf } from '#access/check-password.ts';
import { endSessions } from '#access/sessions.ts';
import type { Values } from '#attributes/attribute.ts';
import type { ResourceType } from '#attributes/resource-type.ts';
import type { Caller } from '#domain/caller.ts';
import { maySetPassword } from '#domain/check-password-right.ts';
import type { Difference } from '#domain/difference.ts';
import { isSuperuser } from '#domain/is-superuser.ts';
import { addState } from '#domain/sign-in-state.ts';
import type { WriteRules } from '#domain/write-rules.ts';
import type { Tx } from '#store/database.ts';
import { deleteResetTokensOf } from '#store/reset-tokens.ts';
import { distrustEmails, trustEmails } from '#store/unverified-emails.ts';
import type { ReadyPassword } from './ready-password.ts';
import { replacePassword, saveFirstPassword } from './replace-password.ts';

/** A person as a write leaves him. */
export interface WrittenPerson {
  readonly id: string;
  readonly before: Values;
  readonly after: Values;
}

/**
 * The password that a write really sets: none where the caller may not set that person's, which is then accepted and
 * forgotten as it is from who may set none at all.
 */
export function usablePassword(
  caller: Caller,
  { before, after }: Pick<WrittenPerson, 'before' | 'after'>,
  isProtected: boolean,
  ready: ReadyPassword | undefined,
): ReadyPassword | undefined {
  return !isProtected && maySetPassword(caller, before) && maySetPassword(caller, after) ? ready : undefined;
}

/**
 * What a change of a person means for how he signs in, in the transaction of the change and after it: a deactivation and
 * the flag superuser, given or taken, end his sessions (T-17) and waiting resets, another name or e-mail his waiting
 * resets, a superuser's new e-mail waits to be verified, a new password replaces the old. Gives what changed beside the
 * attributes, for the journal. Raises `invalid_value` for a password that the dialect's policy refuses, unless the rules
 * take any.
 */
export async function keepSignIn(
  caller: Caller,
  tx: Tx,
  type: ResourceType,
  { id, before, after }: WrittenPerson,
  password: ReadyPassword | undefined,
  rules: WriteRules,
): Promise<readonly Difference[]> {
  if (type.name !== 'User') return [];
  if (losesSessions(before, after)) await endSessions(tx, caller.tenant, id);
  else if (isReachedOtherwise(before, after)) deleteResetTokensOf(tx, caller.tenant, id);
  if (isSuperuser(before)) await keepEmails(caller, tx, id, addedEmails(before, after));
  if (password === undefined) return [];
  await checkChosen(caller, after, password, rules);
  return replacePassword(tx, caller.tenant, id, { hash: password.hash });
}

/** A new person as he is put on the roll: one with a temporary password has to choose another. */
export function withFirstState(values: Values, password: ReadyPassword | undefined): Values {
  return password?.temporary ? addState(values, { mustChangePassword: true }) : values;
}

/**
 * Gives a new person the password that came with him, in the transaction that puts him on the roll. Gives what changed
 * beside the attributes, for the journal. Raises `invalid_value` as `keepSignIn` does.
 */
export async function keepFirstPassword(
  caller: Caller,
  tx: Tx,
  { id, after }: Pick<WrittenPerson, 'id' | 'after'>,
  password: ReadyPassword | undefined,
  rules: WriteRules,
): Promise<readonly Difference[]> {
  if (password === undefined) return [];
  await checkChosen(caller, after, password, rules);
  return saveFirstPassword(tx, caller.tenant, id, password);
}

/** Nobody chose a temporary password. */
async function checkChosen(
  caller: Caller,
  person: Values,
  { password, temporary }: ReadyPassword,
  rules: WriteRules,
): Promise<void> {
  if (rules.passwords === 'checked' && !temporary) await checkPassword(policyOf(caller.dialect), password, person);
}

function losesSessions(before: Values, after: Values): boolean {
  return (before.active !== false && after.active === false) || isSuperuser(before) !== isSuperuser(after);
}

/** A code that went to the mailbox of before must not be good after. */
function isReachedOtherwise(before: Values, after: Values): boolean {
  const reach = ({ userName, emails = [] }: Values) => JSON.stringify([userName, emails]);
  return reach(before) !== reach(after);
}

/** V-0b: who may not make a superuser must not become one by way of his mailbox. */
async function keepEmails(caller: Caller, tx: Tx, id: string, added: readonly string[]): Promise<void> {
  if (added.length === 0) return;
  if (caller.rights.includes('superuser')) await trustEmails(tx, caller.tenant, id, added);
  else distrustEmails(tx, caller.tenant, id, added);
}

function addedEmails(before: Values, after: Values): string[] {
  const known = new Set(emailsOf(before));
  return emailsOf(after).filter((email) => !known.has(email));
}

function emailsOf({ emails = [] }: Values): string[] {
  return (emails as readonly Values[]).flatMap(({ value }) => (typeof value === 'string' ? [value] : []));
}
