import type { Attribute, Attributes, AttributeType } from '#attributes/attribute.ts';
import { Fault } from './fault.ts';
import type { Comparison, Filter, Test } from './filter.ts';
import { keyOf } from './key-of.ts';
import { type Located, leafOf, locate } from './locate.ts';
import { partOf } from './part-of.ts';

/** What the tests of a filter are about: the attributes of a resource, or the parts of one element. */
interface Scope {
  readonly test: (test: Test) => Filter;
  readonly present: (path: string) => Filter;
  readonly some: (path: string, filter: Filter) => Filter;
}

/** The attribute at the end of a path, with the path to name in faults. */
interface Leaf {
  readonly path: string;
  readonly attribute: Attribute;
  /** Whether filters may ask about it here. */
  readonly askable: boolean;
}

const ordered = ['eq', 'gt', 'ge', 'lt', 'le'] as const;
const textual = ['eq', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'] as const;

/** The comparisons that each type allows; `ne` is allowed wherever `eq` is. RFC 7644 section 3.4.2.2. */
const comparable: Record<AttributeType, readonly Comparison[]> = {
  string: textual,
  reference: textual,
  boolean: ['eq'],
  binary: ['eq'],
  integer: ordered,
  decimal: ordered,
  dateTime: ordered,
  complex: [],
};

/**
 * Checks a filter over a table of attributes and gives the same question in normal form, the only form that the store
 * compiles and `matches` understands. A filter in normal form comes back as it is. In it:
 *
 * - `and` and `or` have two filters or more, none of them with the same `op`; `not` never holds a `not`.
 * - A test never has `ne` (it is `not` of `eq`, so a missing value passes) and never `null` (it is `not` of `pr`). Its
 *   value is of the type of the attribute, and its comparison is one that the type allows.
 * - The path of a test is that of a single-valued simple attribute: `userName`, `name.givenName`, `externalId`,
 *   `enterprise.manager.value` (for `manager` too). Whatever is multi-valued is asked with `some`.
 * - `some` has the path of a multi-valued attribute: `emails`, `members`, `muster.divisions`. The paths inside are names
 *   of its parts, or `value` where its elements have none. `emails eq` and `emails.value eq` both become
 *   `{op: 'some', path: 'emails', filter: {op: 'eq', path: 'value', …}}`. No `some` stands in another.
 * - `pr` has the path of a single-valued simple attribute, or of a multi-valued one, and then asks for any element;
 *   inside `some`, of a part. On a single complex attribute or an extension it becomes the `or` of what is stored in it.
 * - Every attribute asked about has `stored`, but for `schemas`, which is asked with `pr` and `some` with `eq`.
 *
 * Faults: `invalid_filter` for a path that is not in the table or not stored, a comparison or a value that its type
 * does not allow, `some` on what has one value, and an empty `and` or `or`; `sensitive` for what is never returned.
 */
export function checkFilter(table: Attributes, filter: Filter): Filter {
  return normalise(filter, tableScope(table));
}

/**
 * Checks a filter over the parts of one element of a multi-valued attribute, as the path of a PATCH has it, and gives it
 * in the normal form of what stands inside `some`. Elements are compared in memory, so a part need not be stored, but a
 * computed one cannot be asked about. Faults as `checkFilter` does.
 */
export function checkElementFilter(attribute: Attribute, filter: Filter): Filter {
  return normalise(
    filter,
    elementScope(attribute, undefined, (part) => part.computed !== true),
  );
}

/** Whether a text can be looked for: it is well-formed and has no NUL, which Postgres cannot store. */
export function isSearchable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

function normalise(filter: Filter, scope: Scope): Filter {
  switch (filter.op) {
    case 'and':
    case 'or':
      return join(
        filter.op,
        filter.filters.map((inner) => normalise(inner, scope)),
      );
    case 'not':
      return negate(normalise(filter.filter, scope));
    case 'some':
      return scope.some(filter.path, filter.filter);
    case 'pr':
      return scope.present(filter.path);
    case 'ne':
      return negate(normalise({ ...filter, op: 'eq' }, scope));
    case 'eq':
      return filter.value === null ? negate(scope.present(filter.path)) : scope.test(filter);
    case 'co':
    case 'sw':
    case 'ew':
    case 'like':
    case 'gt':
    case 'ge':
    case 'lt':
    case 'le':
      return scope.test(filter);
  }
}

function join(op: 'and' | 'or', filters: readonly Filter[]): Filter {
  const flat = filters.flatMap((filter) => (filter.op === op ? filter.filters : [filter]));
  const [first] = flat;
  if (first === undefined) throw new Fault('invalid_filter', `An empty list of "${op}" asks nothing; name a test.`);
  return flat.length === 1 ? first : { op, filters: flat };
}

function negate(filter: Filter): Filter {
  return filter.op === 'not' ? filter.filter : { op: 'not', filter };
}

function tableScope(table: Attributes): Scope {
  return {
    test: (test) => {
      const located = find(table, test.path);
      checkTest(leafIn(located), test);
      const { attribute, part } = located;
      if (attribute.many)
        return { op: 'some', path: basePath(located), filter: { ...test, path: part?.name ?? 'value' } };
      return { ...test, path: part === undefined && attribute.parts ? `${located.path}.value` : located.path };
    },
    present: (path) => presence(find(table, path)),
    some: (path, filter) => {
      const located = find(table, path);
      if (!located.attribute.many || located.part !== undefined) {
        throw refuse(path, 'has one value only; ask for it without brackets');
      }
      const scope = elementScope(located.attribute, path, (part) => isStored(path, part));
      return { op: 'some', path, filter: normalise(filter, scope) };
    },
  };
}

/** The scope of an element. Takes the path of its attribute, if known, and which parts may be asked about. */
function elementScope(attribute: Attribute, base: string | undefined, isAskable: (part: Attribute) => boolean): Scope {
  const leaf = (name: string): Leaf => {
    const path = base === undefined ? name : `${base}.${name}`;
    const part = partOf(attribute, name);
    if (part === undefined) throw unknown();
    return { path, attribute: part, askable: isAskable(part) };
  };
  return {
    test: (test) => {
      checkTest(leaf(test.path), test);
      return test;
    },
    present: (path) => {
      checkAskable(leaf(path));
      return { op: 'pr', path };
    },
    some: () => {
      throw new Fault('invalid_filter', 'Brackets cannot stand inside brackets; ask about the parts directly.');
    },
  };
}

function presence(located: Located): Filter {
  const { attribute, part } = located;
  const leaf = part?.attribute ?? attribute;
  const stored = storedPaths(located.path, leaf);
  checkAskable({ path: located.path, attribute: leaf, askable: stored.length > 0 });
  if (part !== undefined && attribute.many) {
    return { op: 'some', path: basePath(located), filter: { op: 'pr', path: part.name } };
  }
  return join(
    'or',
    stored.map((path) => ({ op: 'pr', path })),
  );
}

/** The paths to ask about to learn whether an attribute has a value: its own, or those of what is stored in it. */
function storedPaths(path: string, attribute: Attribute): string[] {
  if (attribute.parts === undefined) return isStored(path, attribute) ? [path] : [];
  const inside = Object.entries(attribute.parts).flatMap(([name, part]) => storedPaths(`${path}.${name}`, part));
  return attribute.many && inside.length > 0 ? [path] : inside;
}

function leafIn(located: Located): Leaf {
  const attribute = leafOf(located);
  return { path: located.path, attribute, askable: isStored(located.path, attribute) };
}

function checkTest(leaf: Leaf, test: Test): void {
  const { type } = leaf.attribute;
  if (type === 'complex') throw refuse(leaf.path, 'has parts; name the part to compare');
  checkAskable(leaf);
  // A pattern may be asked of whatever may be asked for a piece of text.
  const comparison = test.op === 'like' ? 'co' : test.op;
  const isAllowed = comparable[type].includes(comparison) && (!isSchemas(leaf.path) || test.op === 'eq');
  if (!isAllowed)
    throw refuse(leaf.path, `cannot be compared with ${test.op}; use ${comparable[type].join(', ')} or pr`);
  if (!isOfType(leaf.attribute, test)) throw refuse(leaf.path, `has the type ${type}; compare it with such a value`);
}

function checkAskable({ path, attribute, askable }: Leaf): void {
  if (attribute.returned === 'never') {
    throw new Fault('sensitive', `The attribute ${path} is secret; leave it out of the filter.`, { attribute: path });
  }
  if (!askable) throw refuse(path, 'cannot be filtered on; leave it out of the filter');
}

function isOfType(attribute: Attribute, { value }: Test): boolean {
  if (value === null || keyOf(attribute, value) === undefined) return false;
  if (typeof value === 'string') return isSearchable(value);
  return attribute.type === 'integer' ? Number.isSafeInteger(value) : Number.isFinite(Number(value));
}

/** `schemas` is what a resource has, not what is stored of it; the store knows it by name. */
function isStored(path: string, attribute: Attribute): boolean {
  return attribute.stored !== undefined || isSchemas(path);
}

function isSchemas(path: string): boolean {
  return path === 'schemas' || path === 'schemas.value';
}

function find(table: Attributes, path: string): Located {
  const located = locate(table, path);
  if (located === undefined) throw unknown();
  return located;
}

/** The path of the attribute without the part. */
function basePath({ extension, name }: Located): string {
  return extension === undefined ? name : `${extension}.${name}`;
}

function unknown(): Fault {
  return new Fault('invalid_filter', 'The filter names an attribute that does not exist; look it up in the schema.');
}

function refuse(path: string, problem: string): Fault {
  return new Fault('invalid_filter', `The attribute ${path} ${problem}.`, { attribute: path });
}
