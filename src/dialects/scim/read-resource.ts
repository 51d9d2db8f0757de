import type { Attribute } from '#attributes/attribute.ts';
import { commonAttributes } from '#attributes/every-resource.ts';
import type { ResourceType } from '#attributes/resource-type.ts';
import type { Change } from '#domain/change.ts';
import { Fault } from '#domain/fault.ts';
import { type Located, locate, locateAll } from '#domain/locate.ts';
import { readMemberIds } from './read-members.ts';
import { isObject, type ReadContext, readValue } from './read-value.ts';
import { resolveName } from './resolve-name.ts';
import { valueNamed } from './value-named.ts';

/** What a POST or PUT says about a resource. */
export interface ReadResource {
  readonly changes: readonly Change[];
  /** Absent: not said, or said to be nothing. */
  readonly externalId?: string;
  readonly members?: readonly string[];
}

/**
 * Reads the body of a POST: RFC 7644 section 3.3. What the client may not set is ignored; `id` and `meta` always are
 * . Raises `invalid_syntax` for wrong `schemas`, `invalid_value`.
 */
export function readCreation(type: ResourceType, body: Record<string, unknown>, context: ReadContext): ReadResource {
  checkSchemas(type, body, context);
  return readAttributes(type, body, context);
}

/**
 * Reads the body of a PUT: RFC 7644 section 3.5.1. What it leaves out is cleared, but for what a client may not change.
 * Raises what `readCreation` raises.
 */
export function readReplacement(type: ResourceType, body: Record<string, unknown>, context: ReadContext): ReadResource {
  const read = readCreation(type, body, context);
  const said = new Set(read.changes.map(({ path }) => path));
  checkRequired(type, said);
  const cleared = locateAll(type.attributes)
    .filter((located) => isReplaceable(located) && !said.has(located.path))
    .filter(({ path }) => path !== 'active')
    .map(({ path }) => ({ op: 'clear' as const, path }));
  const active = !said.has('active') && 'active' in type.attributes && context.profile.putWithoutActive === 'true';
  const activated: Change[] = active ? [{ op: 'set', path: 'active', value: true }] : [];
  return { ...read, changes: [...cleared, ...activated, ...read.changes] };
}

function checkRequired(type: ResourceType, said: ReadonlySet<string>): void {
  const missing = Object.entries(type.attributes).find(([name, { required }]) => required && !said.has(name));
  if (missing !== undefined) {
    throw new Fault('invalid_value', `${missing[0]} is required`, { attribute: missing[0] });
  }
}

function isReplaceable({ attribute, part, name }: Located): boolean {
  const whole = part === undefined && attribute.urn === undefined && name !== 'members';
  return (
    whole && attribute.mutability === undefined && !attribute.computed && !attribute.dropped && !attribute.required
  );
}

function checkSchemas(type: ResourceType, body: Record<string, unknown>, { profile }: ReadContext): void {
  if (profile.schemasMember === 'lenient') return;
  const schemas = valueNamed(body, 'schemas');
  const named = Array.isArray(schemas) ? schemas.map((urn) => String(urn).toLowerCase()) : [];
  if (!named.includes(type.urn.toLowerCase())) {
    throw new Fault('invalid_syntax', `schemas must name ${type.urn}`, { attribute: 'schemas' });
  }
}

function readAttributes(type: ResourceType, body: Record<string, unknown>, context: ReadContext): ReadResource {
  const read: { changes: Change[]; externalId?: string; members?: string[] } = { changes: [] };
  for (const [name, sent] of Object.entries(body)) {
    const path = resolveName(type, name, { lenient: context.profile.filters === 'lenient' });
    if (path === 'externalId') Object.assign(read, readExternalId(sent, context));
    else if (path === 'members') read.members = readMemberIds(sent);
    else read.changes.push(...readAttribute(type, name, path, sent, context));
  }
  return read;
}

/** The label of this connection, as the change of a resource. Raises `invalid_value`. */
export function readExternalId(sent: unknown, { profile }: ReadContext): { readonly externalId?: string } {
  if (sent === null || sent === undefined || sent === '') return {};
  const value = profile.values === 'lenient' && typeof sent === 'number' ? String(sent) : sent;
  if (typeof value !== 'string' || [...value].length > externalIdLengthMax) {
    throw new Fault('invalid_value', `externalId must be text of at most ${externalIdLengthMax} characters`, {
      attribute: 'externalId',
    });
  }
  return { externalId: value };
}

const externalIdLengthMax = commonAttributes.externalId.lengthMax;

function readAttribute(
  type: ResourceType,
  name: string,
  path: string | undefined,
  sent: unknown,
  context: ReadContext,
): Change[] {
  const located = path === undefined ? undefined : locate(type.attributes, path);
  if (located === undefined) {
    if (path === undefined) context.skipped.push(name);
    return [];
  }
  if (located.attribute.urn !== undefined) return readExtension(located.name, located.attribute, sent, context);
  if (located.attribute.mutability === 'readOnly' || located.attribute.computed) return [];
  const value = readValue(located.part?.attribute ?? located.attribute, located.path, sent, context);
  return value === undefined ? [] : [{ op: 'set', path: located.path, value }];
}

function readExtension(extension: string, attribute: Attribute, sent: unknown, context: ReadContext): Change[] {
  if (sent === null || sent === undefined) return [];
  if (!isObject(sent)) throw new Fault('invalid_value', `${attribute.urn} must be an object`, { attribute: extension });
  const names = new Map(Object.keys(attribute.parts ?? {}).map((name) => [name.toLowerCase(), name]));
  return Object.entries(sent).flatMap(([sentName, value]) => {
    const name = names.get(sentName.toLowerCase());
    const row = name === undefined ? undefined : attribute.parts?.[name];
    if (row === undefined) context.skipped.push(`${extension}.${sentName}`);
    if (row === undefined || row.mutability === 'readOnly') return [];
    const read = readValue(row, `${extension}.${name}`, value, context);
    return read === undefined ? [] : [{ op: 'set' as const, path: `${extension}.${name}`, value: read }];
  });
}
