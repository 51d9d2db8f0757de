import type { Right } from '#domain/caller.ts';
import type { Connection } from '#store/connections.ts';

/** What is particular to connections that speak one API. */
export interface Spoken {
  readonly name: string;
  /** What it is for, in a few words. */
  readonly about: string;
  readonly tokenForm: Connection['tokenForm'];
  /** The kinds of client that it tells apart; the first is the usual one. None where it tells none apart. */
  readonly profiles: readonly string[];
  /** What a connection may do when nobody says; one that is bound to a franchisee no more than what stays within it. */
  readonly usualRights: readonly Right[];
}
