import { type Command, Option } from 'commander';
import { defaultProfile, profiles } from '#dialects/scim/profiles.ts';
import type { Right } from '#domain/caller.ts';
import { rights, rightTable } from '#domain/caller.ts';
import { guards } from '#store/connections.ts';
import { choose } from './choose.ts';
import { writeTable } from './output.ts';

/** What can be said about a connection when it is made and later. */
export interface ConnectionOptions {
  readonly profile?: string;
  readonly rights?: string;
  readonly rate?: string;
  readonly franchisee?: string;
  readonly guard?: string;
}

/** What holds of a connection where an option is not given, in the words of the help. */
interface Otherwise {
  readonly rights?: string;
  readonly rate: string;
  readonly franchisee: string;
  readonly guard?: string;
}

/** Adds what can be said about a connection when it is made and later. */
export function addConnectionOptions(command: Command, otherwise: Otherwise): Command {
  return command
    .addOption(profileOption())
    .addOption(rightsOption(otherwise.rights))
    .option('--rate <number>', `how many requests a second it may send; ${otherwise.rate}`)
    .addOption(franchiseeOption(otherwise.franchisee))
    .addOption(guardOption(otherwise.guard));
}

/** What kind of client it is. */
function profileOption(): Option {
  const names = Object.keys(profiles).join(', ');
  return new Option('--profile <profile>', `what kind of SCIM client it is: ${names}; else ${defaultProfile}`);
}

/** What it may do. */
function rightsOption(usual = ''): Option {
  const about = `what it may do, with commas between: ${rights.join(', ')}${usual}`;
  return new Option('--rights <rights>', `${about}; docs/reference/rights.md says what each is for`);
}

/** What the help says of each right, below the options. */
export function rightsHelp(): string {
  const rows = Object.entries(rightTable).map(([right, about]) => [`  ${right}`, about]);
  return `\nRights:\n${writeTable(rows)}`;
}

/** Which people it sees. */
function franchiseeOption(usual: string): Option {
  const about = 'the id of an org unit, a franchisee: it sees and changes only people whose muster.franchisee that is';
  return new Option('--franchisee <id>', `${about}${usual}`);
}

/** What happens when it deactivates too many people at once. */
function guardOption(usual = ''): Option {
  return new Option('--guard <guard>', `when it deactivates too many people at once: ${guards.join(', ')}${usual}`);
}

/**
 * Reads the options that mean the same whether a connection is made or changed. Throws an Error of one sentence that names
 * what there is.
 */
export function readConnectionOptions({ rights, guard }: ConnectionOptions) {
  return {
    ...(rights !== undefined && { rights: readRights(rights) }),
    ...(guard !== undefined && { guard: choose('--guard', guard, guards) }),
  };
}

/** Rights with commas between. */
function readRights(text: string): readonly Right[] {
  const words = text.split(',').map((word) => word.trim());
  return words.map((word) => choose('--rights', word, rights));
}
