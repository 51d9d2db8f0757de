import type { ResourceType } from '#attributes/resource-type.ts';
import { Fault } from '#domain/fault.ts';
import type { MemberChange } from '#domain/member-change.ts';
import { scimLimits } from './limits.ts';
import type { ReadPatch } from './patch.ts';
import { readOperation } from './read-operation.ts';
import { isObject, type ReadContext } from './read-value.ts';
import { urns } from './schemas.ts';
import { valueNamed } from './value-named.ts';

/**
 * Reads a PatchOp message: RFC 7644 section 3.5.2. Gives what it asks for in its order, as changes of attributes, of
 * members and of the external id. Raises `invalid_syntax`, `invalid_path`, `invalid_filter`, `invalid_value`,
 * `no_target`, `read_only`, `too_large`.
 */
export function readPatch(type: ResourceType, body: Record<string, unknown>, context: ReadContext): ReadPatch {
  checkSchemas(body, context);
  const wishes = operationsOf(body, context).flatMap((operation) => readOperation(type, operation, context));
  const members = wishes.flatMap((wish) => ('members' in wish ? [wish.members] : []));
  checkMembers(members);
  const label = wishes.findLast((wish) => 'externalId' in wish);
  return {
    changes: wishes.flatMap((wish) => ('change' in wish ? [wish.change] : [])),
    members,
    ...(label !== undefined && { externalId: label.externalId }),
  };
}

function checkMembers(members: readonly MemberChange[]): void {
  const named = members.reduce((sum, change) => sum + ('ids' in change ? change.ids.length : 0), 0);
  if (named <= scimLimits.patchMembers) return;
  throw new Fault('too_large', `one PATCH may name ${scimLimits.patchMembers} members; send the others in another`);
}

function checkSchemas(body: Record<string, unknown>, { profile }: ReadContext): void {
  const schemas = valueNamed(body, 'schemas');
  if (profile.schemasMember === 'lenient' && schemas === undefined) return;
  const named = Array.isArray(schemas) ? schemas.map((urn) => String(urn).toLowerCase()) : [];
  if (!named.includes(urns.patchOp.toLowerCase())) {
    throw new Fault('invalid_syntax', `schemas must be ["${urns.patchOp}"]`, { attribute: 'schemas' });
  }
}

function operationsOf(body: Record<string, unknown>, { profile }: ReadContext): Record<string, unknown>[] {
  const sent = valueNamed(body, 'operations');
  if (!Array.isArray(sent)) throw new Fault('invalid_syntax', 'Operations must be a list of operations');
  if (sent.length === 0 && profile.emptyOperations === 'refuse') {
    throw new Fault('invalid_syntax', 'Operations must have at least one operation');
  }
  if (sent.length > scimLimits.patchOperations) {
    throw new Fault(
      'too_large',
      `one PATCH may have ${scimLimits.patchOperations} operations; send the others in another`,
    );
  }
  return sent.map((operation) => {
    if (!isObject(operation)) throw new Fault('invalid_syntax', 'every operation must be an object');
    return operation;
  });
}
