import type { Attribute, Attributes, Value, Values } from '#attributes/attribute.ts';
import { type Change, neededValue } from './change.ts';
import { checkValue } from './check-value.ts';
import { editElements } from './edit-elements.ts';
import { Fault } from './fault.ts';
import { isReadOnly } from './is-read-only.ts';
import { type Located, locate } from './locate.ts';
import { sameValue } from './same-value.ts';
import { allSteps, type Steps } from './spend-steps.ts';

/**
 * Applies changes in order, each to the result of the one before, and gives the new attributes; `before` stays as it is.
 * Null, an empty list and an object without parts are all absent (RFC 7643 section 2.5). RFC 7644 section 3.5.2.
 * Raises `invalid_path`, `invalid_value`, `no_target`, `read_only`, and `too_large` for more work than one write may be.
 */
export function applyChanges(table: Attributes, before: Values, changes: readonly Change[]): Values {
  return applyAll(table, before, changes, allSteps());
}

function applyAll(table: Attributes, before: Values, changes: readonly Change[], steps: Steps): Values {
  return changes.reduce((values, change) => applyChange(table, values, change, steps), before);
}

function applyChange(table: Attributes, values: Values, change: Change, steps: Steps): Values {
  const located = locate(table, change.path);
  if (located === undefined) throw new Fault('invalid_path', 'there is no such attribute');
  if (located.attribute.dropped) return values;
  if (located.attribute.urn !== undefined) return changeExtension(table, values, located, change, steps);
  refuseReadOnly(located);
  const holder = holderOf(values, located);
  const current = holder[located.name];
  const next = located.attribute.many
    ? editElements(located, current, change, steps)
    : editSingle(located, current, change);
  refuseImmutable(located, current, next);
  return withHolder(values, located, withValue(holder, located.name, next));
}

/** An extension as a whole is its attributes one by one: what the server wrote in it stays, what is immutable is kept. */
function changeExtension(
  table: Attributes,
  values: Values,
  { name, attribute }: Located,
  change: Change,
  steps: Steps,
): Values {
  const sent = change.op === 'clear' ? {} : neededValue(change);
  if (typeof sent !== 'object' || Array.isArray(sent)) {
    throw new Fault('invalid_value', `${name} must be an object`, { attribute: name });
  }
  const unsaid = change.op === 'add' ? [] : Object.keys(holderOf(values, { extension: name }));
  const cleared = unsaid
    .filter((part) => !Object.hasOwn(sent, part) && !staysSet(attribute.parts?.[part]))
    .map((part) => ({ op: 'clear' as const, path: `${name}.${part}` }));
  const said = Object.entries(sent).map(([part, value]) => ({ ...change, path: `${name}.${part}`, value }));
  return applyAll(table, values, [...cleared, ...said], steps);
}

function staysSet(row: Attribute | undefined): boolean {
  return row !== undefined && (isReadOnly({ attribute: row }) || row.mutability === 'immutable');
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

function refuseReadOnly(located: Located): void {
  const { path } = located;
  if (isReadOnly(located)) throw new Fault('read_only', `${path} is read-only`, { attribute: path });
}

function refuseImmutable({ path, attribute }: Located, current: Value | undefined, next: Value | undefined): void {
  if (attribute.mutability !== 'immutable' || current === undefined || sameValue(current, next)) return;
  throw new Fault('read_only', `${path} cannot be changed once it is set`, { attribute: path });
}

function holderOf(values: Values, { extension }: Pick<Located, 'extension'>): Values {
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
