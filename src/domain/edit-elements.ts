import type { Attribute, Value, Values } from '#attributes/attribute.ts';
import { type Change, neededValue } from './change.ts';
import { checkCount, checkElements, checkValue } from './check-value.ts';
import { Fault } from './fault.ts';
import type { Filter } from './filter.ts';
import { indexListed, isListed } from './index-listed.ts';
import { keyOf } from './key-of.ts';
import type { Located } from './locate.ts';
import { matchesElement } from './matches.ts';
import { sameValue } from './same-value.ts';
import { type Steps, spendSteps, testsIn } from './spend-steps.ts';

/**
 * The elements of a multi-valued attribute after one change: RFC 7644 section 3.5.2. Takes the elements before it and
 * gives the new list, without duplicates and with one primary at most; what it goes through is taken from `steps`.
 * Raises `invalid_value`, `no_target`, `too_large`.
 */
export function editElements(located: Located, current: Value | undefined, change: Change, steps: Steps): Value[] {
  const elements = (current ?? []) as readonly Value[];
  const whole = change.where === undefined && located.part === undefined;
  const edit = whole ? editList : editPicked;
  spendSteps(steps, elements.length * (change.where === undefined ? 1 : testsIn(change.where)));
  const edited = withoutDuplicates(located.attribute, edit(located, elements, change, steps));
  checkCount(located.path, edited);
  return onePrimary(located, elements, edited);
}

function editList({ attribute, path }: Located, elements: readonly Value[], change: Change, steps: Steps): Value[] {
  if (change.op === 'set') return checkElements(attribute, path, neededValue(change));
  if (change.op === 'add') return [...elements, ...checkElements(attribute, path, neededValue(change))];
  if (change.value === undefined) return [];
  const index = indexListed(attribute, checkElements(attribute, path, change.value));
  spendSteps(steps, elements.length * Math.max(index.length - 1, 0));
  return elements.filter((element) => !isListed(attribute, index, element));
}

function editPicked(located: Located, elements: readonly Value[], change: Change): Value[] {
  const { attribute, part } = located;
  const { where } = change;
  const picked = new Set(where === undefined ? elements : elements.filter((e) => matchesElement(attribute, where, e)));
  if (picked.size === 0) return pickedNothing(located, elements, change);
  if (change.op === 'clear' && part === undefined) return elements.filter((element) => !picked.has(element));
  return elements
    .map((element) => (picked.has(element) ? editElement(located, element, change) : element))
    .filter((element) => element !== undefined);
}

function editElement({ attribute, part, path }: Located, element: Value, change: Change): Value | undefined {
  if (part === undefined) {
    const value = checkValue(attribute, path, neededValue(change));
    const merges = change.op === 'add' && attribute.type === 'complex';
    return merges ? { ...(element as Values), ...(value as Values | undefined) } : value;
  }
  const { [part.name]: _old, ...others } = element as Values;
  const value = change.op === 'clear' ? undefined : checkValue(part.attribute, path, neededValue(change));
  if (value !== undefined) return { ...(element as Values), [part.name]: value };
  return Object.keys(others).length === 0 ? undefined : others;
}

function pickedNothing(located: Located, elements: readonly Value[], change: Change): Value[] {
  const { attribute, part, path } = located;
  const noMatch = change.noMatch ?? 'fault';
  if (noMatch === 'fault') throw new Fault('no_target', `no element of ${path} matches`, { attribute: path });
  if (noMatch === 'skip' || change.op === 'clear') return [...elements];
  const described = change.where === undefined ? {} : describedBy(change.where);
  const value = neededValue(change);
  const element = part === undefined ? withDescription(described, value) : { ...described, [part.name]: value };
  return [...elements, ...checkElements(attribute, part === undefined ? path : located.name, element)];
}

function withDescription(described: Values, value: Value): Value {
  return typeof value === 'object' && !Array.isArray(value) ? { ...described, ...(value as Values) } : value;
}

/** The element that a filter asks for: its `eq` terms that must all hold. */
function describedBy(filter: Filter): Values {
  if (filter.op === 'and') return Object.assign({}, ...filter.filters.map(describedBy));
  return filter.op === 'eq' && filter.value !== null ? { [filter.path]: filter.value } : {};
}

/** RFC 7643 section 2.4: the same value of the same type is returned once. The later element wins. */
function withoutDuplicates(attribute: Attribute, elements: readonly Value[]): Value[] {
  const last = new Map<string, Value>();
  const keyed = elements.map((element) => [identity(attribute, element), element] as const);
  for (const [key, element] of keyed) last.set(key, mergeDuplicate(last.get(key), element));
  return [...last.values()];
}

function mergeDuplicate(earlier: Value | undefined, later: Value): Value {
  return typeof earlier === 'object' && !Array.isArray(earlier) ? { ...earlier, ...(later as Values) } : later;
}

function identity(attribute: Attribute, element: Value): string {
  if (attribute.type !== 'complex') return String(keyOf(attribute, element));
  const { value, type } = attribute.parts ?? {};
  const values = element as Values;
  if (value === undefined || values.value === undefined) return JSON.stringify(values, Object.keys(values).sort());
  const typeKey = type !== undefined && values.type !== undefined ? keyOf(type, values.type) : undefined;
  return JSON.stringify([keyOf(value, values.value), typeKey]);
}

/** RFC 7644 section 3.5.2: setting primary on one element takes it from the others. Two new ones at once are refused. */
function onePrimary({ path, name }: Located, before: readonly Value[], after: Value[]): Value[] {
  const primaries = after.filter(isPrimary);
  if (primaries.length < 2) return after;
  const old = before.filter(isPrimary);
  const fresh = primaries.filter((element) => !old.some((one) => sameValue(one, element)));
  if (fresh.length !== 1) {
    throw new Fault('invalid_value', `${name} can have one primary element, not ${primaries.length}`, {
      attribute: path,
    });
  }
  return after.map((element) =>
    isPrimary(element) && element !== fresh[0] ? { ...(element as Values), primary: false } : element,
  );
}

function isPrimary(element: Value): boolean {
  return typeof element === 'object' && (element as Values).primary === true;
}
