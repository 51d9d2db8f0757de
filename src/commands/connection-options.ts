import { Option } from 'commander';
import { defaultProfile, profiles } from '#dialects/scim/profiles.ts';
import type { Right } from '#domain/caller.ts';
import { rights } from '#domain/caller.ts';
import { guards } from '#store/connections.ts';
import { choose } from './choose.ts';

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
  return new Option('--rights <rights>', `what it may do, with commas between: ${rights.join(', ')}${usual}`);
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
