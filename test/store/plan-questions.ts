import type { Attribute, Value, Values } from '#attributes/attribute.ts';
import { allAttributes, groupType, type ResourceType, userType } from '#attributes/resource-type.ts';
import { checkFilter } from '#domain/check-filter.ts';
import type { Comparison, Filter } from '#domain/filter.ts';
import { keyOf } from '#domain/key-of.ts';
import { type Located, leafOf } from '#domain/locate.ts';
import { matches } from '#domain/matches.ts';
import { holdersOf, idOf, type LargeRoll, rare, timeOf, valuePaths, valuesOf } from './large-roll.ts';

/** A filter in normal form, for how many it holds, and how many rows may be looked at beside the hits. */
export interface Question {
  readonly filter: Filter;
  readonly hits: number;
  readonly also: number;
}

const text = (path: string, op: Comparison, value: string): Filter => ({ op, path, value });
const like = (path: string, value: string): Filter => ({ op: 'like', path, value });
const all = (...filters: Filter[]): Filter => ({ op: 'and', filters });
const any = (...filters: Filter[]): Filter => ({ op: 'or', filters });

/** Questions about every stored path of the value table, each with every comparison that its type has. */
export function pathQuestions(type: ResourceType, sizes: LargeRoll): Question[] {
  return valuePaths(type).flatMap((located) => questionsOf(type, located, sizes[type.name]));
}

function questionsOf(type: ResourceType, located: Located, size: number): Question[] {
  const leaf = leafOf(located);
  const holders = holdersOf(type, located.path, size).map((index) => valuesOf(type, index));
  const values = sorted(
    leaf,
    holders.map((one) => valueIn(one, located)),
  );
  const isRare = holders.length < size;
  const isSame = keyOf(leaf, values[0] ?? '') === keyOf(leaf, values.at(-1) ?? '');
  // What everybody has in the same way is no selective question.
  if (isSame && !isRare) return [];
  const filters = [
    ...(isRare ? [{ op: 'pr', path: located.path } as const] : []),
    ...testsOf(leaf, located.path, values),
  ];
  return filters.map((filter) => {
    const normal = checkFilter(allAttributes(type), filter);
    const hits = holders.filter((one) => matches(allAttributes(type), normal, one)).length;
    const isScanned = ('op' in filter && filter.op === 'co') || filter.op === 'ew';
    const isPlain = leaf.stored !== undefined && 'values' in leaf.stored && leaf.stored.values === 'plain';
    return { filter: normal, hits, also: (isScanned && isPlain) || isSame ? holders.length : 0 };
  });
}

/** Every comparison that a type has, with values for which it holds for few. */
function testsOf(leaf: Attribute, path: string, values: readonly Value[]): Filter[] {
  const at = (share: number) => values[Math.floor((values.length - 1) * share)] as string | number | boolean;
  const middle = at(0.5);
  const eq: Filter = { op: 'eq', path, value: middle };
  if (leaf.type === 'boolean' || leaf.type === 'binary') return [eq];
  const ranges = [
    ...(['gt', 'ge'] as const).map((op) => ({ op, path, value: at(0.99) })),
    ...(['lt', 'le'] as const).map((op) => ({ op, path, value: at(0.01) })),
  ];
  if (typeof middle !== 'string' || leaf.type === 'dateTime') return [eq, ...ranges];
  // The number stands at the end of some texts and within others; a few neighbours share all of it but one digit.
  const digits = /\d+(?=\D*$)/.exec(middle)?.[0] ?? '';
  const end = middle.lastIndexOf(digits) + digits.length;
  return [
    eq,
    text(path, 'sw', middle.slice(0, end)),
    text(path, 'co', middle.slice(1, end)),
    text(path, 'ew', middle.slice(-digits.length - 12)),
    ...ranges,
  ];
}

function sorted(leaf: Attribute, values: readonly Value[]): Value[] {
  const keyed = values.map((value) => ({ key: keyOf(leaf, value) ?? '', value }));
  const inOrder = keyed.sort((one, other) => (one.key < other.key ? -1 : one.key > other.key ? 1 : 0));
  return inOrder.map(({ value }) => value);
}

function valueIn(values: Values, { extension, name, attribute, part }: Located): Value {
  const holder = (extension === undefined ? values : values[extension]) as Values;
  const value = holder[name] as Value;
  const element = attribute.many ? (value as readonly Value[])[0] : value;
  return part === undefined ? (element as Value) : ((element as Values)[part.name] as Value);
}

/** Questions about what is kept in columns and tables of their own, and the combinations that clients send. */
export function shapeQuestions(type: ResourceType, sizes: LargeRoll): Question[] {
  const size = sizes[type.name];
  const own = { User: userQuestions, Group: groupQuestions, OrgUnit: () => [] }[type.name];
  const labels = (holds: (label: string) => boolean) =>
    count(size, (index) => index % rare === 0 && holds(`External ${index}`));
  const pairs: (readonly [Filter, number])[] = [
    [text('id', 'eq', idOf(type, 4321)), 1],
    [text('id', 'sw', idOf(type, 4321).slice(0, -1)), 16],
    [text('id', 'gt', idOf(type, size - 50)), 49],
    [text('id', 'le', idOf(type, 50)), 51],
    [text('meta.created', 'eq', timeOf(50)), 1],
    [text('meta.created', 'ge', timeOf(size - 50)), 50],
    [text('meta.lastModified', 'gt', timeOf(size - 50)), 49],
    [text('meta.lastModified', 'lt', timeOf(50)), 50],
    [text('externalId', 'eq', 'External 1300'), 1],
    [text('externalId', 'sw', 'External 13'), labels((label) => label.startsWith('External 13'))],
    [text('externalId', 'co', 'al 13'), labels((label) => label.includes('al 13'))],
    [text('externalId', 'ew', '1300'), labels((label) => label.endsWith('1300'))],
    [text('externalId', 'gt', 'External 97'), labels((label) => label > 'External 97')],
    [{ op: 'pr', path: 'externalId' }, size / rare],
    [any(text('id', 'eq', idOf(type, 7)), text('externalId', 'eq', 'External 1300')), 2],
    ...own(size),
  ];
  return pairs.map(([filter, hits]) => ({ filter: checkFilter(allAttributes(type), filter), hits, also: size / rare }));
}

/** The delta query: who was changed since, of those who are active. */
export function deltaFilter(size: number): Filter {
  const isActive: Filter = { op: 'eq', path: 'active', value: true };
  return checkFilter(allAttributes(userType), all(text('meta.lastModified', 'gt', timeOf(size - 150)), isActive));
}

function userQuestions(size: number): (readonly [Filter, number])[] {
  const isActive: Filter = { op: 'eq', path: 'active', value: true };
  const isWork = text('emails.type', 'eq', 'work');
  const address = text('emails.value', 'eq', 'user77@example.org');
  const element = all(text('type', 'eq', 'work'), text('value', 'eq', 'User77@example.org'));
  const named = (piece: string) => (index: number) => `user${index}@example.org`.includes(piece);
  return [
    [deltaFilter(size), count(size, (index) => index > size - 150 && index % rare !== 0)],
    [all(text('id', 'eq', idOf(userType, 7)), text('enterprise.manager', 'eq', idOf(userType, 8))), 0],
    [any(text('userName', 'eq', 'USER7@example.org'), address), 2],
    [any(text('userName', 'eq', 'user7@example.org'), text('meta.created', 'ge', timeOf(size - 50))), 51],
    [{ op: 'some', path: 'emails', filter: element }, 1],
    [all(isActive, isWork, address), 1],
    [
      all(isActive, isWork, text('emails.value', 'co', 'user77')),
      count(size, (i) => named('user77')(i) && i % rare !== 0),
    ],
    [all(text('userName', 'sw', 'user77'), { op: 'not', filter: address }), count(size, named('user77')) - 1],
    [{ op: 'eq', path: 'active', value: false }, size / rare],
    ...signInQuestions(size),
    [text('groups', 'eq', idOf(groupType, 5)), 1],
    [text('emails', 'co', 'r1777@'), 1],
    [
      any(like('emails', '%r1_77@EXAMPLE%'), like('name.familyName', '%r1_77%le'), like('name.givenName', '%ser177%')),
      10,
    ],
  ];
}

function signInQuestions(size: number): (readonly [Filter, number])[] {
  const failed = (holds: (index: number) => boolean) => count(size, (index) => index % rare === 0 && holds(index));
  return [
    [{ op: 'eq', path: 'muster.mustChangePassword', value: true }, size / rare / 2],
    [{ op: 'eq', path: 'muster.failedLoginAttempts', value: 1300 }, 1],
    [{ op: 'ge', path: 'muster.failedLoginAttempts', value: size - 500 }, failed((index) => index >= size - 500)],
    [{ op: 'pr', path: 'muster.failedLoginAttempts' }, size / rare],
    [text('muster.lockedUntil', 'gt', timeOf(size - 500)), failed((index) => index > size - 500)],
    [{ op: 'pr', path: 'muster.lockedUntil' }, size / rare],
    [text('muster.lastLoginAt', 'lt', timeOf(50)), 50],
    [text('muster.lastLoginAt', 'eq', timeOf(50)), 1],
  ];
}

function groupQuestions(size: number): (readonly [Filter, number])[] {
  const user = idOf(userType, 4);
  const element = all(text('type', 'eq', 'User'), text('value', 'eq', user));
  return [
    [text('members', 'eq', user), 1],
    [text('members', 'eq', idOf(groupType, rare + 1)), 1],
    [text('members.value', 'sw', user.slice(0, -1)), 16],
    [text('members.type', 'eq', 'Group'), Math.ceil((size - 1) / rare)],
    [{ op: 'some', path: 'members', filter: element }, 1],
    [all(text('displayName', 'eq', 'group NUMBER 4'), text('members', 'eq', user)), 1],
  ];
}

function count(size: number, holds: (index: number) => boolean): number {
  return Array.from({ length: size }, (_, index) => index).filter(holds).length;
}
