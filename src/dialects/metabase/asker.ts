import type { Caller } from '#domain/caller.ts';
import { Fault } from '#domain/fault.ts';
import type { Namespace, Person } from '#domain/person.ts';
import type { WriteRules } from '#domain/write-rules.ts';
import type { DialectContext, DialectParts } from '../dialect.ts';
import { positiveInt } from './kinds.ts';
import { readParameters } from './parameters.ts';

/** Under which ids the clients of Metabase know people and groups. */
export const namespace: Namespace = { dialect: 'metabase', keys: 'number' };

/** The rules of every write that comes through Metabase's API. A new user may have any password: 3.6.5. */
export const writeRules: WriteRules = {
  unknownReference: 'refuse',
  groupNames: 'unique',
  emails: 'unique',
  ownAccount: 'free',
  passwords: 'unchecked',
  createOfDeactivated: 'refuse',
};

/** The parameter `:id`. */
export const id = { kind: positiveInt, about: 'The id.' } as const;

/** The key in the path. Raises `invalid_value` for 0. */
export function readKey(context: DialectContext): string {
  return String(readParameters({ id }, { id: context.req.param('id') ?? null }).id);
}

/** Whether the caller is what Metabase calls a superuser, as far as seeing goes. */
export function seesAll({ rights }: Caller): boolean {
  return rights.includes('read');
}

/** The same caller, who may see people here although he is no superuser: the routes for everybody say what of them. */
export function seeing(caller: Caller): Caller {
  return seesAll(caller) ? caller : { ...caller, rights: [...caller.rights, 'read'] };
}

/**
 * The person who asks, with his groups, where he may manage some: only in the enterprise edition. Undefined for a
 * superuser, who needs no group, and for a key.
 */
export async function findManager({ operations, settings }: DialectParts, caller: Caller): Promise<Person | undefined> {
  if (settings.metabase.edition !== 'enterprise' || seesAll(caller) || caller.person === undefined) return undefined;
  const person = await operations.getOwnPerson(caller, namespace, { groups: true });
  return (person.groups ?? []).some(({ manages }) => manages) ? person : undefined;
}

/** The fault of who is neither a superuser nor allowed it otherwise. */
export function notAllowed(): Fault {
  return new Fault('forbidden', 'this is for superusers, and in part for managers of groups', {
    wrongCredential: true,
  });
}
