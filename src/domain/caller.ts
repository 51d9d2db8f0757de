import type { ResourceName } from '#attributes/resource-type.ts';
import { Fault } from './fault.ts';

/** What a caller may do, and what each right is for. The command line and the reference docs read this table. */
export const rightTable = {
  read: 'See people, groups and org units.',
  write: 'Change people, groups and org units, with every flag but superuser.',
  users: 'Change people.',
  groups: 'Change groups and who is in them.',
  org_units: 'Change org units.',
  passwords: 'Set the passwords of people.',
  superuser: 'Give and take the flag superuser, and set the passwords of those who have it.',
  admin: 'Administer the tenant: connections, tokens, sessions, journal, request log.',
  operator: 'Administer every tenant.',
} as const satisfies Readonly<Record<string, string>>;

export type Right = keyof typeof rightTable;
export const rights = Object.keys(rightTable) as readonly Right[];

/** Each of these rights once, in the order of the table. */
export function distinctRights(given: readonly Right[]): readonly Right[] {
  return rights.filter((right) => given.includes(right));
}

/** The connection of a caller who has none: a signed-in person, the command line. No external id is theirs. */
export const noConnection = '00000000-0000-0000-0000-000000000000';

/** Who is asking: an integration, a signed-in person, or the command line. The first parameter of every operation. */
export interface Caller {
  readonly tenant: number;
  /** The integration; `noConnection` for who is none. */
  readonly connection: string;
  /** The id of the user who signed in. */
  readonly person?: string;
  readonly dialect: string;
  /** The name of the connection's profile; only its dialect knows what it means. */
  readonly profile: string;
  readonly rights: readonly Right[];
  /** The org unit of the only franchisee whose people the caller sees and touches. */
  readonly franchisee?: string;
  readonly requestId: string;
  /** The network address that the request came from. */
  readonly address?: string;
}

/** Raises `forbidden` unless the caller has the right. Who administers every tenant administers his own. */
export function checkRight(caller: Caller, right: Right): void {
  if (caller.rights.includes(right)) return;
  if (right === 'admin' && caller.rights.includes('operator')) return;
  throw lacking(`"${right}"`);
}

function lacking(needed: string): Fault {
  return new Fault('forbidden', `this needs the right ${needed}`, { wrongCredential: true });
}

const writeRights = { User: 'users', Group: 'groups', OrgUnit: 'org_units' } as const satisfies Record<
  ResourceName,
  Right
>;

/** Whether the caller may change resources of this kind. */
export function mayWrite({ rights: held }: Caller, kind: ResourceName): boolean {
  return held.includes('write') || held.includes(writeRights[kind]);
}

/** Raises `forbidden` unless the caller may change resources of this kind. */
export function checkMayWrite(caller: Caller, kind: ResourceName): void {
  if (!mayWrite(caller, kind)) throw lacking(`"${writeRights[kind]}" or "write"`);
}

const beyondFranchisees: readonly Right[] = ['superuser', 'admin', 'operator'];

/** What is left of rights for who is bound to one franchisee: none that reaches beyond its people. */
export function rightsWithin(held: readonly Right[], franchisee: string | undefined): readonly Right[] {
  return franchisee === undefined ? held : held.filter((right) => !beyondFranchisees.includes(right));
}
