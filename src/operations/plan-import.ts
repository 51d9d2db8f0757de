import type { Values } from '#attributes/attribute.ts';
import { groupType, type ResourceType, userType } from '#attributes/resource-type.ts';
import { applyChanges } from '#domain/apply-changes.ts';
import { type Caller, checkMayWrite, checkRight } from '#domain/caller.ts';
import type { Change } from '#domain/change.ts';
import { checkGrants } from '#domain/check-grants.ts';
import { checkResource } from '#domain/check-resource.ts';
import { differenceOf } from '#domain/difference.ts';
import type { BadRecord, ExportedPerson, ExportedRecord } from '#domain/exported.ts';
import { Fault } from '#domain/fault.ts';
import { type Matched, matchExported } from '#domain/match-exported.ts';
import type { Namespace, Person } from '#domain/person.ts';
import { addState } from '#domain/sign-in-state.ts';
import { broughtByKey, broughtOf } from '#store/brought-ids.ts';
import type { Db } from '#store/database.ts';
import { idsByName } from '#store/ids-by-name.ts';
import { holdersOf } from '#store/number-holders.ts';
import { readPeople } from '#store/read-people.ts';
import type { ImportPlan, ImportWish, ListPlan, PlannedCreate, PlannedMatch, Refused } from './import-plan.ts';
import { planMemberships } from './plan-memberships.ts';

/**
 * Says what bringing people and groups of an old system along would do: whose each id is, who is new, what is in the way.
 * For admins. Raises `forbidden`.
 */
export async function planImport(caller: Caller, db: Db, wish: ImportWish): Promise<ImportPlan> {
  checkRight(caller, 'admin');
  checkMayWrite(caller, 'User');
  checkMayWrite(caller, 'Group');
  const { exported, namespace } = wish;
  const readyPeople = exported.people.map((record) => ready(caller, userType, record, personFrom(record)));
  const readyGroups = exported.groups.map((record) => ready(caller, groupType, record, groupFrom(record)));
  const people = await planList(caller, db, userType, readyPeople.filter(isReady), wish);
  const groups = await planList(caller, db, groupType, readyGroups.filter(isReady), wish);
  const matched = await withDifferences(caller, db, namespace, people.matched);
  const memberships = await planMemberships(caller, db, namespace, people, groups);
  const bad = [
    ...exported.bad,
    ...readyPeople.flatMap((each) => (isReady(each) ? [] : [{ list: 'people', ...each } as const])),
    ...readyGroups.flatMap((each) => (isReady(each) ? [] : [{ list: 'groups', ...each } as const])),
  ];
  return { people: { ...people, matched }, groups, ...memberships, bad };
}

function personFrom({ changes, lastLoginAt }: ExportedPerson) {
  const state: Values = lastLoginAt === undefined ? {} : { lastLoginAt };
  return { changes: changes({}), state };
}

function groupFrom({ name }: ExportedRecord) {
  return { changes: [{ op: 'set', path: 'displayName', value: name }] satisfies Change[], state: {} };
}

type Unready = Omit<BadRecord, 'list'>;

/** What a record would be on the roll, or what keeps it from being there. */
function ready<Record extends ExportedRecord>(
  caller: Caller,
  type: ResourceType,
  record: Record,
  { changes, state }: { readonly changes: readonly Change[]; readonly state: Values },
): PlannedCreate<Record> | Unready {
  try {
    const values = checkResource(type, undefined, applyChanges(type.attributes, {}, changes));
    checkGrants(caller, type, {}, values);
    return { record, values: addState(values, state) };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { index: record.index, name: record.name, field: error.details.attribute ?? 'id', detail: error.message };
  }
}

function isReady<Record>(each: PlannedCreate<Record> | Unready): each is PlannedCreate<Record> {
  return 'record' in each;
}

async function planList<Record extends ExportedRecord>(
  { tenant }: Caller,
  db: Db,
  type: typeof userType | typeof groupType,
  candidates: readonly PlannedCreate<Record>[],
  { namespace, givesWay }: ImportWish,
): Promise<ListPlan<Record>> {
  const records = candidates.map(({ record }) => record);
  const allKeys = records.map(({ key }) => key);
  const [brought, named, holders] = await Promise.all([
    broughtByKey(db, tenant, type, namespace, allKeys),
    idsByName(
      db,
      tenant,
      type.name,
      records.map(({ name }) => name),
    ),
    holdersOf(db, tenant, type, namespace, allKeys),
  ]);
  const keys = await broughtOf(db, tenant, type, namespace, [...new Set([...named.values()].flat())]);
  return listPlan(candidates, matchExported(records, { brought, named, keys, holders }, givesWay));
}

function listPlan<Record extends ExportedRecord>(
  candidates: readonly PlannedCreate<Record>[],
  { outcomes, moved }: Matched<Record>,
): ListPlan<Record> {
  const created: PlannedCreate<Record>[] = [];
  const matched: PlannedMatch<Record>[] = [];
  const unchanged: PlannedMatch<Record>[] = [];
  const refused: Refused<Record>[] = [];
  for (const candidate of candidates) {
    const { record } = candidate;
    const outcome = outcomes.get(record);
    if (outcome?.to === 'create') created.push(candidate);
    else if (outcome?.to === 'match') matched.push({ record, id: outcome.id, differs: [] });
    else if (outcome?.to === 'keep') unchanged.push({ record, id: outcome.id, differs: [] });
    else if (outcome?.to === 'refuse') refused.push({ record, conflict: outcome.conflict });
  }
  return { created, matched, unchanged, refused, moved };
}

/** How many people are compared at once. */
const comparedAtOnce = 500;

async function withDifferences(
  caller: Caller,
  db: Db,
  namespace: Namespace,
  matched: readonly PlannedMatch<ExportedPerson>[],
): Promise<PlannedMatch<ExportedPerson>[]> {
  const compared: PlannedMatch<ExportedPerson>[] = [];
  for (let from = 0; from < matched.length; from += comparedAtOnce) {
    const part = matched.slice(from, from + comparedAtOnce);
    const ids = part.map(({ id }) => id);
    const people = await readPeople(db, caller, namespace, ids, { groups: false });
    const byId = new Map(people.map((person) => [person.id, person]));
    compared.push(...part.map((each) => ({ ...each, differs: differsIn(each.record, byId.get(each.id)) })));
  }
  return compared;
}

function differsIn({ changes }: ExportedPerson, person: Person | undefined): readonly string[] {
  if (person === undefined) return [];
  const { attributes } = userType;
  const wanted = applyChanges(attributes, person.values, changes(person.values));
  return differenceOf(attributes, person.values, wanted).map(({ path }) => path);
}
