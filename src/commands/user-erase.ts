import { isCancel, text } from '@clack/prompts';
import type { Command } from 'commander';
import { type Erasure, type ErasurePlan, eraseUser, planErasure } from '#operations/erase-user.ts';
import { findPerson } from '#operations/find-person.ts';
import { callerIn } from './choose-tenant.ts';
import { note, type OutputOptions, print, writeTable } from './output.ts';
import { jsonOption, tenantOption } from './shared-options.ts';
import { withRoll } from './with-roll.ts';

interface EraseOptions extends OutputOptions {
  readonly tenant: string;
  readonly yes?: true;
}

/** Adds the verb that erases people to those of users. */
export function addEraseCommand(noun: Command): void {
  noun
    .command('erase')
    .description('Remove the personal data of a user everywhere, for good. Says first what it would remove.')
    .argument('<name-or-id>', 'the userName, also a former one, or the id, also of a deleted user')
    .option('--yes', 'do it; without this word it only says what it would remove, or asks on a terminal')
    .addOption(tenantOption())
    .addOption(jsonOption())
    .action(erase);
}

async function erase(nameOrId: string, options: EraseOptions): Promise<void> {
  await withRoll(async ({ db }) => {
    const caller = await callerIn(db, options.tenant);
    const plan = await planErasure(caller, db, await findPerson(caller, db, nameOrId));
    if (!options.yes && !(await isConfirmed(options, plan))) {
      print(options, { erased: false, plan }, `${writePlan(plan)}Nothing is removed yet: add --yes to remove it.\n`);
      return;
    }
    const erasure = await eraseUser(caller, db, plan.id);
    print(options, { erased: true, ...erasure }, writeErasure(erasure));
  });
}

/** Whether a person at a terminal types the name of whom he erases. */
async function isConfirmed({ json }: EraseOptions, plan: ErasurePlan): Promise<boolean> {
  if (json || !process.stdin.isTTY || !process.stdout.isTTY) return false;
  note(writePlan(plan));
  const name = plan.userName ?? plan.id;
  const answer = await text({ message: `This cannot be taken back. Type ${name} to erase it:` });
  return !isCancel(answer) && answer === name;
}

function writePlan(plan: ErasurePlan): string {
  const rows: [string, string][] = [
    ['user', plan.userName ?? plan.id],
    ['id, which stays taken', plan.id],
    [
      'on the roll',
      plan.isOnRoll ? 'yes: deleted first, with password, sessions and memberships' : 'no: deleted before',
    ],
    ['external ids', String(plan.externalIds)],
    ['sessions', String(plan.sessions)],
    ['journal rows to empty', `${plan.journalRows}${plan.isOnRoll ? ', with that of the deletion' : ''}`],
    ['request log', 'every request that names the user'],
  ];
  return writeTable(rows);
}

function writeErasure({ id, journalRows, requests }: Erasure): string {
  return `The personal data of ${id} is erased: ${journalRows} rows of the journal and ${requests} logged requests emptied.\n`;
}
