import type { Command } from 'commander';
import { endUserSessions } from '#operations/end-sessions.ts';
import { findUser } from '#operations/find-user.ts';
import { listSessions, type SessionShown } from '#operations/list-sessions.ts';
import { setPassword } from '#operations/set-password.ts';
import { unlockUser } from '#operations/unlock-user.ts';
import { verifyEmails } from '#operations/verify-emails.ts';
import { callerIn } from './choose-tenant.ts';
import { note, type OutputOptions, print, writeTable } from './output.ts';
import { jsonOption, tenantOption } from './shared-options.ts';
import { withRoll } from './with-roll.ts';

interface SignInOptions extends OutputOptions {
  readonly tenant: string;
  readonly session?: string;
}

/** Adds to the verbs of users those about signing in. */
export function addSignInCommands(noun: Command): void {
  addVerb(noun, 'sessions', 'List the sessions of a user that have not ended.').action(sessions);
  addVerb(noun, 'end-sessions', 'End the sessions of a user: the next request with any of them is refused.')
    .option('--session <id>', 'only this one')
    .action(endSessions);
  addVerb(noun, 'unlock', 'Let a user try again at once who was locked out after too many wrong passwords.').action(
    unlock,
  );
  addVerb(noun, 'reset-password', 'Give a user a temporary password. It is shown once and ends all sessions.').action(
    reset,
  );
  addVerb(
    noun,
    'verify-email',
    'Confirm the e-mail addresses of a superuser. One that was given him by a connection without the right superuser serves ' +
      'neither sign-in nor the reset of his password until then.',
  ).action(verify);
}

function addVerb(noun: Command, name: string, description: string): Command {
  return noun
    .command(name)
    .description(description)
    .argument('<name-or-id>', 'the userName or the id')
    .addOption(tenantOption())
    .addOption(jsonOption());
}

async function sessions(nameOrId: string, options: SignInOptions): Promise<void> {
  await withRoll(async ({ db }) => {
    const caller = await callerIn(db, options.tenant);
    const { id } = await findUser(caller, db, nameOrId);
    const all = await listSessions(caller, db, id);
    print(options, all, all.length === 0 ? 'No session.\n' : writeTable([header, ...all.map(rowOf)]));
  });
}

const header = ['SESSION', 'API', 'SINCE', 'LAST USED', 'UNTIL', 'FROM'];

function rowOf({ id, dialect, createdAt, lastUsedAt, expiresAt, address = '' }: SessionShown): readonly string[] {
  return [id, dialect, createdAt, lastUsedAt, expiresAt, address];
}

async function endSessions(nameOrId: string, options: SignInOptions): Promise<void> {
  await withRoll(async ({ db }) => {
    const caller = await callerIn(db, options.tenant);
    const { id } = await findUser(caller, db, nameOrId);
    const ended = await endUserSessions(caller, db, id, options.session);
    print(options, { id, ended }, `Sessions ended: ${ended}\n`);
  });
}

async function unlock(nameOrId: string, options: SignInOptions): Promise<void> {
  await withRoll(async ({ db }) => {
    const caller = await callerIn(db, options.tenant);
    const { id } = await findUser(caller, db, nameOrId);
    const wasLocked = await unlockUser(caller, db, id);
    print(options, { id, wasLocked }, wasLocked ? 'Unlocked.\n' : 'Was not locked; failed tries are forgotten.\n');
  });
}

async function reset(nameOrId: string, options: SignInOptions): Promise<void> {
  await withRoll(async ({ db }) => {
    const caller = await callerIn(db, options.tenant);
    const { id } = await findUser(caller, db, nameOrId);
    const { password } = await setPassword(caller, db, id, { temporary: true });
    print(options, { id, password }, `${password}\n`);
    if (!options.json) note('It is shown only now, is good for 72 hours, and has to be changed at the first sign-in.');
  });
}

async function verify(nameOrId: string, options: SignInOptions): Promise<void> {
  await withRoll(async ({ db }) => {
    const caller = await callerIn(db, options.tenant);
    const { id } = await findUser(caller, db, nameOrId);
    const verified = await verifyEmails(caller, db, id);
    const text =
      verified.length === 0
        ? `There was nothing to do: no e-mail address of ${nameOrId} was kept from sign-in and reset.\n`
        : `These e-mail addresses of ${nameOrId} serve sign-in and reset again: ${verified.join(', ')}\n`;
    print(options, { id, verified }, text);
  });
}
