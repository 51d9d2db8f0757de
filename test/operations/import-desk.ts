import { groupType, userType } from '#attributes/resource-type.ts';
import { commandCaller } from '#commands/command-caller.ts';
import { metabase } from '#dialects/metabase/metabase.ts';
import { readExport } from '#dialects/read-export.ts';
import type { Caller } from '#domain/caller.ts';
import type { Namespace, Person } from '#domain/person.ts';
import type { Resource } from '#domain/resource.ts';
import { createResource } from '#operations/create-resource.ts';
import { createTenant } from '#operations/create-tenant.ts';
import { getPerson } from '#operations/get-person.ts';
import { importPeople } from '#operations/import-people.ts';
import type { ImportPlan, ImportWish } from '#operations/import-plan.ts';
import { findTenant } from '#store/tenants.ts';
import { changesOf, rules, type TestRoll } from './open-roll.ts';

const namespace: Namespace = { dialect: 'metabase', keys: 'number' };

/** One tenant, into which people come along from Metabase. */
export interface ImportDesk {
  readonly caller: Caller;
  readonly put: (userName: string, more?: object) => Promise<Resource>;
  readonly putGroup: (displayName: string) => Promise<Resource>;
  readonly carryOut: (wanted: ImportWish) => Promise<ImportPlan>;
  /** Whom the clients of Metabase know by this id. */
  readonly person: (key: string) => Promise<Person>;
  readonly journalRows: () => Promise<number>;
}

let tenants = 0;

/** Makes a tenant, since numbers begin anew in each. */
export async function openImportDesk({ db, client }: TestRoll): Promise<ImportDesk> {
  tenants += 1;
  await createTenant(commandCaller(), db, `t${tenants}`);
  const caller = commandCaller((await findTenant(db, `t${tenants}`)) ?? 0);
  const make = async (type: typeof userType | typeof groupType, values: object) =>
    (await createResource(caller, db, type, { changes: changesOf({ ...values }), rules })).resource;
  return {
    caller,
    put: (userName, more = {}) => make(userType, { userName, ...more }),
    putGroup: (displayName) => make(groupType, { displayName }),
    carryOut: async (wanted) => {
      const importing = importPeople(caller, db, wanted);
      for (;;) {
        const step = await importing.next();
        if (step.done) return step.value;
      }
    },
    person: (key) => getPerson(caller, db, namespace, key, { groups: true }),
    journalRows: async () => {
      const text = 'select count(*)::int as rows from journal where tenant = $1';
      return (await client.query(text, [caller.tenant])).rows[0].rows;
    },
  };
}

/** A person as Metabase lists him. */
export const record = (id: number, name: string, more: object = {}) => ({
  id,
  email: `${name}@example.org`,
  ...more,
});

/** What is to be brought along from Metabase's lists. */
export function wish(
  people: object,
  { groups, givesWay = false }: { groups?: object; givesWay?: boolean } = {},
): ImportWish {
  if (metabase.exports === undefined) throw new Error('nothing comes along from Metabase');
  const texts = { people: JSON.stringify(people), ...(groups !== undefined && { groups: JSON.stringify(groups) }) };
  return { namespace, exported: readExport(metabase.exports, texts), givesWay };
}

/** How many are created, matched, unchanged and refused. */
export function counts({
  created,
  matched,
  unchanged,
  refused,
}: ImportPlan['people'] | ImportPlan['groups']): number[] {
  return [created.length, matched.length, unchanged.length, refused.length];
}

/** The ids that are refused, each with the reason. */
export function problems({ people }: ImportPlan): string[][] {
  return people.refused.map(({ record: { key }, conflict }) => [key, conflict.problem]);
}
