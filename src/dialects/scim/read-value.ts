import type { Attribute, Value } from '#attributes/attribute.ts';
import { Fault } from '#domain/fault.ts';
import type { Profile } from './profiles.ts';
import { resolvePart } from './resolve-name.ts';

/** How a value is read: under which profile, and where names that no schema has are noted. */
export interface ReadContext {
  readonly profile: Profile;
  /** Collects what was left out, for the log. */
  readonly skipped: string[];
  /** Collects what was read as another value than was sent: its name and the two forms. */
  readonly changed: string[];
}

/**
 * Reads a value as a client sent it into the form of the domain: names of parts in any case, null and "" as absent, and
 * under a lenient profile numbers for text, "True" for the flags `active` and `primary`, one-element lists for single
 * values, bare ids for references. Whether the value is right is checked by the domain. Undefined: absent. RFC 7643
 * section 2.
 */
export function readValue(attribute: Attribute, name: string, sent: unknown, context: ReadContext): Value | undefined {
  if (isAbsent(sent, context)) return undefined;
  if (attribute.many) {
    const elements = (Array.isArray(sent) ? sent : [sent]).map((one) => readOne(attribute, name, one, context));
    const present = elements.filter((element) => element !== undefined);
    return present.length === 0 ? undefined : present;
  }
  const [first] = Array.isArray(sent) ? sent : [];
  const unwraps = context.profile.values === 'lenient' && Array.isArray(sent) && sent.length === 1;
  if (unwraps) context.changed.push(`${name}: list of one to value`);
  return readOne(attribute, name, unwraps ? unwrapped(attribute, first) : sent, context);
}

function isAbsent(sent: unknown, { profile }: ReadContext): boolean {
  return sent === null || sent === undefined || (sent === '' && profile.values === 'lenient');
}

/** Entra wraps a scalar as [{"value": "x"}]. */
function unwrapped(attribute: Attribute, sent: unknown): unknown {
  return attribute.type !== 'complex' && isObject(sent) && 'value' in sent ? sent.value : sent;
}

function readOne(attribute: Attribute, name: string, sent: unknown, context: ReadContext): Value | undefined {
  if (isAbsent(sent, context)) return undefined;
  if (attribute.type !== 'complex') return readScalar(attribute, name, sent, context);
  const lenient = context.profile.values === 'lenient';
  if (lenient && typeof sent !== 'object' && attribute.parts?.value !== undefined) {
    context.changed.push(`${name}: value to element`);
    return readOne(attribute, name, { value: sent }, context);
  }
  if (!isObject(sent)) throw new Fault('invalid_value', `${name} must be an object`, { attribute: name });
  const parts = Object.entries(sent).flatMap(([part, value]) => readPart(attribute, name, part, value, context));
  return parts.length === 0 ? undefined : Object.fromEntries(parts);
}

function readPart(attribute: Attribute, name: string, sentPart: string, sent: unknown, context: ReadContext) {
  const part = resolvePart(attribute, sentPart);
  const row = part === undefined ? undefined : attribute.parts?.[part];
  if (part === undefined || row === undefined) {
    context.skipped.push(`${name}.${sentPart}`);
    return [];
  }
  if (row.computed || row.mutability === 'readOnly') return [];
  const value = readValue(row, `${name}.${part}`, sent, context);
  return value === undefined ? [] : [[part, value] as const];
}

function readScalar(attribute: Attribute, name: string, sent: unknown, { profile, changed }: ReadContext): Value {
  if (profile.values === 'lenient') {
    if (attribute.type === 'boolean' && isFlagAsText(name, sent)) {
      changed.push(`${name}: text to flag`);
      return sent.toLowerCase() === 'true';
    }
    if (isText(attribute) && (typeof sent === 'number' || typeof sent === 'boolean')) {
      changed.push(`${name}: ${typeof sent === 'number' ? 'number' : 'flag'} to text`);
      return String(sent);
    }
  }
  return sent as Value;
}

/** Only these two are sent as text by known clients; text for any other flag is a mistake. */
function isFlagAsText(name: string, sent: unknown): sent is string {
  return /(^|\.)(active|primary)$/.test(name) && typeof sent === 'string' && /^(true|false)$/i.test(sent);
}

function isText({ type }: Attribute): boolean {
  return type === 'string' || type === 'reference';
}

/** Whether a JSON value is an object. */
export function isObject(sent: unknown): sent is Record<string, unknown> {
  return typeof sent === 'object' && sent !== null && !Array.isArray(sent);
}
