import { groupType, userType } from '#attributes/resource-type.ts';
import { readValues } from '#domain/document.ts';
import type { Namespace, Person, PersonGroup } from '#domain/person.ts';
import { addState } from '#domain/sign-in-state.ts';
import type { Db, Query, Row, Statement } from './database.ts';
import { managedText } from './group-managers.ts';
import { keyOfRow } from './keys.ts';
import { withLabels } from './labels.ts';
import { ownColumns, resourceFrom, stateFrom } from './resource-row.ts';
import { isSeen } from './seen.ts';
import type { Viewer } from './viewer.ts';

/** What a read of people brings along beside the people. */
export interface WantedOfPeople {
  readonly groups: boolean;
}

type ByKeys = Record<Namespace['keys'], Statement>;

function byKeys(name: string, text: (keys: Namespace['keys']) => string): ByKeys {
  return {
    number: { name: `${name}-by-number`, text: text('number') },
    objectId: { name: `${name}-by-object-id`, text: text('objectId') },
  };
}

const peopleText = (keys: Namespace['keys']) => `select ${ownColumns('User')}, ${keyOfRow(userType, keys, '$2')} as key
  from app_user r where r.tenant = $1 and r.id = any($3::uuid[])`;

const free = byKeys('people', peopleText);
const bound = byKeys('people-bound', (keys) => peopleText(keys) + isSeen('User', '$1', '$4'));

// Asked person by person: without statistics the planner may read all members of the tenant. Which groups somebody manages
// is asked once for him, and not of each of his groups: a group may have very many managers, but nobody manages very many groups.
const groupsStatements = byKeys(
  'groups-of-people',
  (keys) => `select m.user_id, r.id, ${keyOfRow(groupType, keys, '$2')} as key, r.id = any(managed.groups) as manages
    from unnest($3::uuid[]) as p (id)
    cross join lateral (select array(${managedText('p.id')}) as groups offset 0) managed
    cross join lateral (
      select m.user_id, m.group_id from group_member m where m.tenant = $1 and m.user_id = p.id offset 0
    ) m
    join app_group r on r.tenant = $1 and r.id = m.group_id`,
);

/**
 * The people with these ids, in their order, as the clients of a namespace see them; ids of nobody whom the viewer sees
 * are left out. Takes no more ids than should be held in memory at once.
 */
export function readPeople(
  db: Db,
  viewer: Viewer,
  namespace: Namespace,
  ids: readonly string[],
  wanted: WantedOfPeople,
): Promise<Person[]> {
  return readWith((query) => db.list(query), db, viewer, namespace, ids, wanted);
}

/** The person with this id, as the clients of a namespace see him; undefined when the viewer sees nobody with this id. */
export async function readPerson(
  db: Db,
  viewer: Viewer,
  namespace: Namespace,
  id: string,
  wanted: WantedOfPeople,
): Promise<Person | undefined> {
  const [person] = await readWith((query) => db.read(query), db, viewer, namespace, [id], wanted);
  return person;
}

async function readWith(
  ask: (query: Query) => Promise<Row[]>,
  db: Db,
  viewer: Viewer,
  { dialect, keys }: Namespace,
  ids: readonly string[],
  wanted: WantedOfPeople,
): Promise<Person[]> {
  if (ids.length === 0) return [];
  const { tenant, franchisee } = viewer;
  const values = [tenant, dialect, ids];
  const [rows, groups] = await Promise.all([
    ask(franchisee === undefined ? { ...free[keys], values } : { ...bound[keys], values: [...values, franchisee] }),
    wanted.groups ? ask({ ...groupsStatements[keys], values }).then(groupsByPerson) : undefined,
  ]);
  const shown = franchisee === undefined ? rows : await withoutUnseen(db, viewer, rows);
  const people = new Map(shown.map((row) => [row.id as string, row]));
  return ids.flatMap((id) => {
    const row = people.get(id);
    return row === undefined ? [] : personFrom(row, groups && (groups.get(id) ?? []));
  });
}

/** To a viewer who is bound a reference to somebody whom he does not see is not there. */
async function withoutUnseen(db: Db, viewer: Viewer, rows: readonly Row[]): Promise<readonly Row[]> {
  const resources = rows.map((row) => resourceFrom('User', { ...row, external_id: null }));
  const shown = await withLabels(db, viewer, resources);
  return rows.map((row, index) => ({ ...row, document: shown[index]?.document }));
}

function personFrom(row: Row, groups: readonly PersonGroup[] | undefined): Person {
  return {
    id: row.id as string,
    key: row.key as string,
    version: row.version as number,
    createdAt: row.created_at as string,
    modifiedAt: row.modified_at as string,
    values: addState(readValues(userType, row.document as string), stateFrom(row)),
    ...(groups !== undefined && { groups }),
  };
}

function groupsByPerson(rows: readonly Row[]): ReadonlyMap<string, PersonGroup[]> {
  const byPerson = new Map<string, PersonGroup[]>();
  for (const { user_id: person, id, key, manages } of rows) {
    const groups = byPerson.get(person as string) ?? [];
    groups.push({ id: id as string, key: key as string, manages: manages as boolean });
    byPerson.set(person as string, groups);
  }
  for (const groups of byPerson.values()) groups.sort(byKey);
  return byPerson;
}

/** Numbers come in their order as numbers, since a longer one is greater; object ids all have one length. */
function byKey({ key: one }: PersonGroup, { key: other }: PersonGroup): number {
  return one.length - other.length || (one < other ? -1 : 1);
}
