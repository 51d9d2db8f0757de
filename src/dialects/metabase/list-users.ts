import type { Filter } from '#domain/filter.ts';
import type { Person } from '#domain/person.ts';
import type { JsonObject } from '#http/parse-json.ts';
import type { PeopleList, PeopleWish } from '#operations/list-people.ts';
import type { DialectContext, DialectParts, DialectRoute } from '../dialect.ts';
import { type Shape, toWire } from '../representation.ts';
import { shapeOf } from '../shapes.ts';
import { answerList, listShape } from './answer-list.ts';
import { findManager, namespace, notAllowed, seeing, seesAll } from './asker.ts';
import { administrators, allUsers, groupIdsOf, managesAny } from './groups-of.ts';
import { positiveInt } from './kinds.ts';
import { isSandboxed } from './own-groups.ts';
import { pageOf, pagingParts, readPaging } from './paging.ts';
import { readParameters } from './parameters.ts';
import { readQuery } from './read-request.ts';
import { user, userOfManagers } from './user.ts';

const groupIds: Shape = { type: 'array', items: { type: 'integer' } };
const adminRow = shapeOf(user, { group_ids: groupIds, personal_collection_id: { type: 'integer' } });

const parameters = {
  group_id: { kind: positiveInt, about: 'Only the members of this group.', nullable: true },
} as const;

const queryNames = ['status', 'query', 'group_id', 'include_deactivated', 'limit', 'offset'] as const;
type Query = Readonly<Partial<Record<(typeof queryNames)[number], string>>>;

/** 3.6.1. */
export const listUsers: DialectRoute = {
  ...{ method: 'GET', path: '/user', about: 'List people, for superusers and managers of groups.' },
  query: {
    status: { about: '`active` people, `deactivated` ones, or `all`.', shape: { type: 'string' } },
    query: {
      about: 'A part of the first name, last name or e-mail; `%` and `_` are wildcards.',
      shape: { type: 'string' },
    },
    group_id: { about: parameters.group_id.about, shape: positiveInt.shape },
    include_deactivated: { about: '`true`: the same as `status=all`.', shape: { type: 'string' } },
    ...pagingParts,
  },
  answers: { 200: { about: 'The people, by name.', shape: listShape(adminRow) } },
  assumed: [
    '`include_deactivated` may be in capitals.',
    'There are no collections: `personal_collection_id` is the id of the person.',
  ],
  handle: async (context, parts) => {
    const query = readQuery(context.req.url, queryNames);
    const { group_id } = readParameters(parameters, {
      ...(query.group_id !== undefined && { group_id: query.group_id }),
    });
    const { list, write } = await findPeople(context, parts, query, group_id ?? undefined);
    return answerList(context, list, write, readPaging(query));
  },
};

/** What is answered, and how each row of it is written. */
interface Found {
  readonly list: PeopleList;
  readonly write: (person: Person) => JsonObject;
}

async function findPeople(context: DialectContext, parts: DialectParts, query: Query, group?: number): Promise<Found> {
  const { caller } = context.var;
  const manager = await findManager(parts, caller);
  const isManager = manager !== undefined && managesAny(manager, group);
  if (!seesAll(caller) && !isManager) throw notAllowed();
  const write = isManager ? writeForManager : writeForAdmin;
  if (manager !== undefined && (await isSandboxed(parts, caller))) return { list: listOf([manager]), write };
  const wish = await wishFor(context, parts, query, group);
  const list = wish === undefined ? listOf([]) : await parts.operations.listPeople(seeing(caller), wish);
  return { list, write };
}

/** Undefined: there is no such group, so nobody is in it. */
async function wishFor(
  context: DialectContext,
  { operations }: DialectParts,
  query: Query,
  group: number | undefined,
): Promise<PeopleWish | undefined> {
  const filters = [
    ...(query.query === undefined ? [] : [matching(query.query)]),
    ...(group === administrators ? [{ op: 'eq', path: 'muster.superuser', value: true } as const] : []),
  ];
  const isStored = group !== undefined && group !== allUsers && group !== administrators;
  const key = String(group);
  const ids = isStored ? await operations.resolveKeys(context.var.caller, namespace, 'Group', [key]) : undefined;
  const id = ids?.get(key);
  if (isStored && id === undefined) return undefined;
  return {
    ...{ namespace, groups: true, order: group === undefined ? 'name' : 'standing' },
    ...activeIn(query),
    ...(filters.length > 0 && { filter: { op: 'and', filters } }),
    ...(id !== undefined && { group: id }),
    ...pageOf(readPaging(query)),
  };
}

/** `include_deactivated` wins over `status`, whatever the documents say: 3.6.1. */
function activeIn({ status, include_deactivated }: Query): { readonly active?: boolean } {
  if (include_deactivated?.toLowerCase() === 'true' || status === 'all') return {};
  return { active: status !== 'deactivated' };
}

function matching(text: string): Filter {
  const paths = ['name.givenName', 'name.familyName', 'emails.value'];
  return { op: 'or', filters: paths.map((path) => ({ op: 'like', path, value: `%${text}%` })) };
}

/** A list of those who are known already. */
function listOf(people: readonly Person[]): PeopleList {
  return { total: people.length, chunks: once(people) };
}

async function* once(people: readonly Person[]) {
  yield people;
}

function writeForAdmin(person: Person): JsonObject {
  return { ...toWire(user, person), group_ids: groupIdsOf(person), personal_collection_id: Number(person.key) };
}

function writeForManager(person: Person): JsonObject {
  return { ...toWire(userOfManagers, person), group_ids: groupIdsOf(person) };
}
