import type { ResourceType } from '#attributes/resource-type.ts';
import { type Caller, checkMayWrite, mayWrite } from '#domain/caller.ts';
import { checkNotBound } from '#domain/check-bound.ts';
import { checkOwnPaths } from '#domain/own-paths.ts';
import { checkMayTryMembers } from './check-manager.ts';
import type { Update } from './update.ts';

/**
 * Raises `forbidden` for an update that the caller may not try. Who may not change resources of the kind may try to change
 * who is in a group, as its manager, and of himself what everybody may.
 */
export function checkMayTry(caller: Caller, type: ResourceType, id: string, wish: Update): void {
  if (isOwn(caller, type, id)) checkOwnPaths(wish.changes);
  else if (isAboutMembers(caller, type, wish)) checkMayTryMembers(caller);
  else checkMayWrite(caller, type.name);
  if (type.name === 'OrgUnit') checkNotBound(caller, type.name);
}

/** Whether somebody without the right to change people is about to change himself. */
export function isOwn(caller: Caller, type: ResourceType, id: string): boolean {
  return type.name === 'User' && caller.person === id.toLowerCase() && !mayWrite(caller, 'User');
}

function isAboutMembers(caller: Caller, type: ResourceType, { changes, externalId, members, groups }: Update): boolean {
  if (changes.length > 0 || externalId !== undefined) return false;
  if (type.name === 'User') return groups !== undefined && !mayWrite(caller, 'User');
  return type.name === 'Group' && members !== undefined && members.length > 0;
}
