import type { Attributes, Value, Values } from '#attributes/attribute.ts';
import { type Change, neededValue } from './change.ts';
import { checkValue } from './check-value.ts';
import { editElements } from './edit-elements.ts';
import { Fault } from './fault.ts';
import { type Located, locate } from './locate.ts';
import { sameValue } from './same-value.ts';

/**
 * Applies changes in order, each to the result of the one before, and gives the new attributes; `before` stays as it is.
 * Null, an empty list and an object without parts are all absent (RFC 7643 section 2.5). RFC 7644 section 3.5.2.
 * Raises `invalid_path`, `invalid_value`, `no_target`, `read_only`.
 */
export function applyChanges(table: Attributes, before: Values, changes: readonly Change[]): Values {
  return changes.reduce((values, change) => applyChange(table, values, change), before);
}

function applyChange(table: Attributes, values: Values, change: Change): Values {
  const located = locate(table, change.path);
  if (located === undefined) throw new Fault('invalid_path', 'there is no such attribute');
  if (located.attribute.dropped) return values;
  if (located.attribute.urn !== undefined) return changeExtension(table, values, located.name, change);
  refuseReadOnly(located);
  const holder = holderOf(values, located);
  const current = holder[located.name];
  const next = located.attribute.many ? editElements(located, current, change) : editSingle(located, current, change);
  refuseImmutable(located, current, next);
  return withHolder(values, located, withValue(holder, located.name, next));
}

function changeExtension(table: Attributes, values: Values, extension: string, change: Change): Values {
  if (change.op === 'clear') return withValue(values, extension, undefined);
  if (typeof change.value !== 'object' || Array.isArray(change.value)) {
    throw new Fault('invalid_value', `${extension} must be an object`, { attribute: extension });
  }
  const cleared = change.op === 'set' ? withValue(values, extension, undefined) : values;
  const inner = Object.entries(change.value).map(([name, value]) => ({
    op: change.op,
    path: `${extension}.${name}`,
    value,
  }));
  return applyChanges(table, cleared, inner);
}

function editSingle(located: Located, current: Value | undefined, change: Change): Value | undefined {
  if (change.where !== undefined) throw new Fault('invalid_path', `${located.path} has only one value to choose from`);
  const part = located.part;
  if (part !== undefined) {
    const parts = (current ?? {}) as Values;
    return withValue(
      parts,
      part.name,
      change.op === 'clear' ? undefined : checkValue(part.attribute, located.path, neededValue(change)),
    );
  }
  if (change.op === 'clear') return undefined;
  const value = checkValue(located.attribute, located.path, neededValue(change));
  const merges = change.op === 'add' && located.attribute.type === 'complex' && current !== undefined;
  return merges ? { ...(current as Values), ...(value as Values | undefined) } : value;
}

function refuseReadOnly({ path, attribute, part }: Located): void {
  const readOnly = [attribute, part?.attribute].some((row) => row?.mutability === 'readOnly' || row?.computed);
  if (readOnly) throw new Fault('read_only', `${path} is read-only`, { attribute: path });
}

function refuseImmutable({ path, attribute }: Located, current: Value | undefined, next: Value | undefined): void {
  if (attribute.mutability !== 'immutable' || current === undefined || sameValue(current, next)) return;
  throw new Fault('read_only', `${path} cannot be changed once it is set`, { attribute: path });
}

function holderOf(values: Values, { extension }: Located): Values {
  return extension === undefined ? values : ((values[extension] ?? {}) as Values);
}

function withHolder(values: Values, { extension }: Located, holder: Values): Values {
  return extension === undefined ? holder : withValue(values, extension, holder);
}

function withValue(values: Values, name: string, value: Value | undefined): Values {
  const { [name]: _old, ...others } = values;
  const absent = value === undefined || (typeof value === 'object' && Object.keys(value).length === 0);
  return absent ? others : { ...values, [name]: value };
}
