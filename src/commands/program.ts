import { Command, Help } from 'commander';
import { type Config, readConfig } from '#config.ts';
import packageFile from '../../package.json' with { type: 'json' };
import { addConnectionCommands } from './connection.ts';
import { command } from './greeting.ts';
import { addGuardCommands } from './guard.ts';
import { addImportCommand } from './import.ts';
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
    .description(
      'One roll of people, groups and org units in Postgres. Settings come from the environment; docs/reference/settings.md describes them.',
    )
    .version(packageFile.version)
    .configureHelp({ commandUsage })
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
  addImportCommand(program);
  addGuardCommands(program);
  addJournalCommands(program);
  addRequestsCommand(program);
  return program;
}

const usage = new Help();

/** How a command is called; one without options of its own shows none. */
function commandUsage(verb: Command): string {
  const text = usage.commandUsage(verb);
  return verb.options.length === 0 ? text.replace(' [options]', '') : text;
}
