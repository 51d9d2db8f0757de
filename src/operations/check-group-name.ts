import type { Values } from '#attributes/attribute.ts';
import type { ResourceType } from '#attributes/resource-type.ts';
import type { Caller } from '#domain/caller.ts';
import { Fault } from '#domain/fault.ts';
import type { WriteRules } from '#domain/write-rules.ts';
import type { Tx } from '#store/database.ts';
import { isNameTaken } from '#store/names.ts';

/** Raises `already_exists` for a new name of a group that another one has, where the rules want names to be unique. */
export async function checkGroupName(
  tx: Tx,
  caller: Caller,
  type: ResourceType,
  id: string,
  before: Values,
  after: Values,
  rules: WriteRules,
): Promise<void> {
  if (type.name !== 'Group' || rules.groupNames === 'free' || before.displayName === after.displayName) return;
  if (await isNameTaken(tx, caller.tenant, type, 'displayName', String(after.displayName), id)) {
    throw new Fault('already_exists', 'a group with this displayName exists', { attribute: 'displayName' });
  }
}
