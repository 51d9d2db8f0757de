import type { Values } from '#attributes/attribute.ts';
import type { Change } from './change.ts';
import { Fault } from './fault.ts';
import { sameValue } from './same-value.ts';

/** What somebody who is signed in and has no rights may change of himself; the name to sign in with only where it is his e-mail. */
const ownPaths = ['name', 'userName', 'emails', 'locale', 'timezone', 'muster.dismissedHints'] as const;

/** Raises `forbidden` for a change of anything but what everybody may change of himself. */
export function checkOwnPaths(changes: readonly Change[]): void {
  for (const { path } of changes) {
    if (!ownPaths.some((own) => path === own || path.startsWith(`${own}.`))) throw notOwn(path);
  }
}

/** Raises `forbidden` for a new name to sign in with, unless it was an e-mail of the person and is one again. */
export function checkOwnName(before: Values, after: Values): void {
  if (sameValue(before.userName, after.userName)) return;
  const wasEmail = before.userName === undefined || isEmail(before);
  if (!wasEmail || !isEmail(after)) throw notOwn('userName');
}

function isEmail({ userName, emails = [] }: Values): boolean {
  return (emails as readonly Values[]).some(({ value }) => value === userName);
}

function notOwn(attribute: string): Fault {
  return new Fault('forbidden', 'nobody changes this of himself without the right "users" or "write"', {
    attribute,
    wrongCredential: true,
  });
}
