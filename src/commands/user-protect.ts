import type { Command } from 'commander';
import { findUser } from '#operations/find-user.ts';
import { protectUser } from '#operations/protect-user.ts';
import { callerIn } from './choose-tenant.ts';
import { type OutputOptions, print } from './output.ts';
import { jsonOption, tenantOption } from './shared-options.ts';
import { withRoll } from './with-roll.ts';

interface ProtectOptions extends OutputOptions {
  readonly tenant: string;
}

/** Adds the verbs that mark accounts for emergencies to those of users. */
export function addProtectCommands(noun: Command): void {
  const argument = ['<name-or-id>', 'the userName or the id'] as const;
  noun
    .command('protect')
    .description('Keep an account for emergencies: no API renames it, takes its rights or password, or ends it.')
    .argument(...argument)
    .addOption(tenantOption())
    .addOption(jsonOption())
    .action((nameOrId, options) => mark(nameOrId, options, true));
  noun
    .command('unprotect')
    .description('Let the APIs change and end an account again.')
    .argument(...argument)
    .addOption(tenantOption())
    .addOption(jsonOption())
    .action((nameOrId, options) => mark(nameOrId, options, false));
}

async function mark(nameOrId: string, options: ProtectOptions, isProtected: boolean): Promise<void> {
  await withRoll(async ({ db }) => {
    const caller = await callerIn(db, options.tenant);
    const { id } = await findUser(caller, db, nameOrId);
    const changed = await protectUser(caller, db, id, isProtected);
    const state = isProtected ? 'is protected' : 'is not protected';
    const text = `The account ${state}${changed ? '' : ', as it was before'}.\n`;
    print(options, { id, protected: isProtected, changed }, text);
  });
}
