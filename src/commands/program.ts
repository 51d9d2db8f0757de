import { Command } from 'commander';
import { type Config, readConfig } from '#config.ts';
import { addConnectionCommands } from './connection.ts';
import { command } from './greeting.ts';
import { addGuardCommands } from './guard.ts';
import { addJournalCommands } from './journal.ts';
import { addMigrateCommand } from './migrate.ts';
import { addRequestsCommand } from './requests.ts';
import { addTenantCommands } from './tenant.ts';
import { addUserCommands } from './user.ts';
import { addEraseCommand } from './user-erase.ts';
import { addProtectCommands } from './user-protect.ts';
import { addSignInCommands } from './user-sign-in.ts';
import { addTimelineCommands } from './user-timeline.ts';

/** Starts the server; given from above, since commands do not serve. */
export type Serve = (config: Config) => Promise<void>;

/** The command line with all its verbs. Parsing raises a CommanderError instead of ending the process. */
export function buildProgram(serve: Serve): Command {
  const program = new Command(command)
    .description('One roll of people, groups and org units in Postgres. Settings come from the environment.')
    .exitOverride()
    .showHelpAfterError('Add --help to see what it takes.');
  program
    .command('serve')
    .description('Start the server, as npm start does.')
    .action(() => serve(readConfig()));
  addMigrateCommand(program);
  addConnectionCommands(program);
  addTenantCommands(program);
  const user = addUserCommands(program);
  addSignInCommands(user);
  addProtectCommands(user);
  addTimelineCommands(user);
  addEraseCommand(user);
  addGuardCommands(program);
  addJournalCommands(program);
  addRequestsCommand(program);
  return program;
}
