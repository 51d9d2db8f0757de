import type { Attribute } from '#attributes/attribute.ts';
import { allAttributes, type ResourceType } from '#attributes/resource-type.ts';
import { Fault } from '#domain/fault.ts';
import { isReadOnly } from '#domain/is-read-only.ts';
import { type Located, locate } from '#domain/locate.ts';
import { isInheritedName } from '#http/inherited-name.ts';
import type { PatchOp, Wish } from './patch.ts';
import { readMemberIds, removalWhere } from './read-members.ts';
import { type ReadPath, readPath } from './read-path.ts';
import { readExternalId } from './read-resource.ts';
import { readSchemasOperation } from './read-schemas-operation.ts';
import { isObject, type ReadContext, readValue } from './read-value.ts';

/** What one operation of a PATCH asks for, in its order. Raises what `readPatch` raises. */
export function readOperation(type: ResourceType, operation: Record<string, unknown>, context: ReadContext): Wish[] {
  const { op, path, value } = lowerCased(operation);
  const verb = readVerb(op);
  if (verb !== 'remove' && value === undefined) {
    throw new Fault('invalid_value', `an operation "${verb}" needs a value`);
  }
  if (path === undefined || path === null || path === '') return readPathless(type, verb, value, context);
  if (typeof path !== 'string') throw new Fault('invalid_path', 'path must be text');
  return readAt(type, verb, path, value, context, 'named');
}

function lowerCased(operation: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(operation).map(([name, value]) => [name.toLowerCase(), value]));
}

function readVerb(op: unknown): PatchOp {
  const verb = typeof op === 'string' ? op.toLowerCase() : undefined;
  if (verb === 'add' || verb === 'replace' || verb === 'remove') return verb;
  throw new Fault('invalid_syntax', 'op must be one of add, replace, remove');
}

/** RFC 7644 section 3.5.2.1: without a path the value holds attributes, each treated as an operation of its own. */
function readPathless(type: ResourceType, verb: PatchOp, value: unknown, context: ReadContext): Wish[] {
  if (verb === 'remove') throw new Fault('no_target', 'an operation "remove" needs a path');
  if (!isObject(value)) throw new Fault('invalid_value', 'without a path the value must be an object of attributes');
  return Object.entries(value).flatMap(([name, inner]) => readAt(type, verb, name, inner, context, 'listed'));
}

/** Whether a path was named by the operation or listed among others in its value: clients echo what is read-only there. */
type Said = 'named' | 'listed';

function readAt(
  type: ResourceType,
  verb: PatchOp,
  text: string,
  value: unknown,
  context: ReadContext,
  said: Said,
): Wish[] {
  const path = readPath(text, type, { lenient: context.profile.filters === 'lenient' });
  if (path === undefined) return skipUnknown(text, context);
  if (path.path === '') return readPathless(type, verb, value, context);
  if (path.path === 'schemas') return readSchemasOperation(type, verb, value);
  if (path.path === 'externalId') return readLabel(verb, value, context);
  if (path.path === 'members' || path.path.startsWith('members.')) return readMembers(verb, path, value);
  const located = locate(allAttributes(type), path.path);
  if (located === undefined) return skipUnknown(text, context);
  if (isReadOnly(located)) return skipReadOnly(located, context, said);
  if (located.attribute.urn !== undefined) return readExtension(type, verb, located, value, context);
  return readAttribute(verb, path, located, value, context);
}

function skipUnknown(text: string, { profile, skipped }: ReadContext): Wish[] {
  if (profile.unknownAttribute === 'refuse' || isInheritedName(text)) {
    throw new Fault('invalid_path', 'no schema of this resource has this attribute');
  }
  skipped.push(text);
  return [];
}

function skipReadOnly({ path }: Located, { profile, skipped }: ReadContext, said: Said): Wish[] {
  if (said === 'named' || profile.readOnlyInPatch === 'refuse') {
    throw new Fault('read_only', `${path} is read-only`, { attribute: path });
  }
  skipped.push(path);
  return [];
}

function readLabel(verb: PatchOp, value: unknown, context: ReadContext): Wish[] {
  const { externalId = null } = verb === 'remove' ? {} : readExternalId(value, context);
  return [{ externalId }];
}

function readMembers(verb: PatchOp, { path, where }: ReadPath, value: unknown): Wish[] {
  if (path !== 'members') {
    throw new Fault('read_only', 'a member cannot be changed; remove it and add another', { attribute: path });
  }
  if (verb === 'remove' && where !== undefined) return [{ members: removalWhere(where) }];
  const ids = readMemberIds(value);
  if (verb === 'remove') return [{ members: value == null ? { op: 'set', ids: [] } : { op: 'remove', ids } }];
  if (where === undefined) return [{ members: { op: verb === 'add' ? 'add' : 'set', ids } }];
  const added: Wish = { members: { op: 'add', ids } };
  return verb === 'replace' ? [{ members: removalWhere(where) }, added] : [added];
}

/** An extension named as a whole: its attributes are set one by one, what it does not name stays. */
function readExtension(
  type: ResourceType,
  verb: PatchOp,
  { path, attribute }: Located,
  value: unknown,
  context: ReadContext,
): Wish[] {
  if (verb === 'remove' || value === null) return [{ change: { op: 'clear', path } }];
  if (!isObject(value)) throw new Fault('invalid_value', `${attribute.urn} must be an object`, { attribute: path });
  return Object.entries(value).flatMap(([name, inner]) =>
    readAt(type, verb, `${attribute.urn}:${name}`, inner, context, 'listed'),
  );
}

function readAttribute(
  verb: PatchOp,
  { path, where }: ReadPath,
  located: Located,
  sent: unknown,
  context: ReadContext,
): Wish[] {
  const target = { path, ...(where !== undefined && { where }) };
  const { attribute, part } = located;
  const value = readTarget(located, where !== undefined, sent, context);
  if (verb === 'remove') {
    const listed = attribute.many && where === undefined && part === undefined ? value : undefined;
    return [{ change: { op: 'clear', ...target, noMatch: 'skip', ...(listed !== undefined && { value: listed }) } }];
  }
  if (value === undefined) return [{ change: { op: 'clear', ...target, noMatch: 'skip' } }];
  const noMatch = verb === 'add' || context.profile.pathWithoutMatch === 'create' ? 'create' : 'fault';
  const op = part === undefined && merges(verb, attribute, context) ? 'add' : 'set';
  return [{ change: { op, ...target, value, noMatch } }];
}

/** The value for what the path points at: a part, one element, or the attribute. */
function readTarget({ path, attribute, part }: Located, picks: boolean, sent: unknown, context: ReadContext) {
  if (sent === undefined) return undefined;
  if (part !== undefined) return readValue(part.attribute, path, sent, context);
  const { many: _many, ...single } = attribute;
  return readValue(picks ? single : attribute, path, sent, context);
}

/** Whether what is there stays beside what is sent. RFC 7644 section 3.5.2.3 merges a complex value, 5.13 lets it be replaced. */
function merges(verb: PatchOp, attribute: Attribute, { profile }: ReadContext): boolean {
  return verb === 'add' || (attribute.type === 'complex' && !attribute.many && profile.complexReplace === 'merge');
}
