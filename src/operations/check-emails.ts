import type { Values } from '#attributes/attribute.ts';
import type { ResourceType } from '#attributes/resource-type.ts';
import type { Caller } from '#domain/caller.ts';
import { Fault } from '#domain/fault.ts';
import { fold } from '#domain/fold.ts';
import type { WriteRules } from '#domain/write-rules.ts';
import type { Tx } from '#store/database.ts';
import { isAddressTaken } from '#store/names.ts';

/**
 * Raises `already_exists` for a new e-mail of a person that is the userName or an e-mail of another, active or not, where
 * the rules want e-mails to be unique.
 */
export async function checkEmails(
  tx: Tx,
  { tenant }: Caller,
  type: ResourceType,
  id: string,
  before: Values,
  after: Values,
  { emails }: WriteRules,
): Promise<void> {
  if (type.name !== 'User' || emails === 'free') return;
  const known = keysOf(before);
  const added = [...keysOf(after)].filter((key) => !known.has(key));
  // In one order, so that two writers of the same addresses wait for one another and not crosswise.
  for (const key of added.sort()) {
    if (await isAddressTaken(tx, tenant, key, id)) {
      throw new Fault('already_exists', 'somebody else has this e-mail address', { attribute: 'emails.value' });
    }
  }
}

function keysOf({ emails = [] }: Values): ReadonlySet<string> {
  return new Set(
    (emails as readonly Values[]).flatMap(({ value }) => (typeof value === 'string' ? [fold(value)] : [])),
  );
}
