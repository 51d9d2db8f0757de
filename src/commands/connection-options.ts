import { Option } from 'commander';
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

/** What kind of client it is. */
export function profileOption(): Option {
  const names = Object.keys(profiles).join(', ');
  return new Option('--profile <profile>', `what kind of SCIM client it is: ${names}; else ${defaultProfile}`);
}

/** What it may do. */
export function rightsOption(usual = ''): Option {
  const about = `what it may do, with commas between: ${rights.join(', ')}${usual}`;
  return new Option('--rights <rights>', `${about}; docs/reference/rights.md says what each is for`);
}

/** What the help says of each right, below the options. */
export function rightsHelp(): string {
  const rows = Object.entries(rightTable).map(([right, about]) => [`  ${right}`, about]);
  return `\nRights:\n${writeTable(rows)}`;
}

/** Which people it sees. */
export function franchiseeOption(usual = ''): Option {
  const about = 'the id of an org unit, a franchisee: it sees and changes only people whose muster.franchisee that is';
  return new Option('--franchisee <id>', `${about}${usual}`);
}

/** What happens when it deactivates too many people at once. */
export function guardOption(usual = ''): Option {
  return new Option('--guard <guard>', `when it deactivates too many people at once: ${guards.join(', ')}${usual}`);
}

/** Reads rights with commas between. Throws an Error of one sentence that names those there are. */
export function readRights(text: string): readonly Right[] {
  const words = text.split(',').map((word) => word.trim());
  return words.map((word) => choose('--rights', word, rights));
}
