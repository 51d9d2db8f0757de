import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Value, Values } from '#attributes/attribute.ts';
import {
  groupType,
  orgUnitType,
  type ResourceName,
  type ResourceType,
  resourceTypeOf,
  userType,
} from '#attributes/resource-type.ts';
import type { Change } from '#domain/change.ts';
import { Fault } from '#domain/fault.ts';
import type { Resource } from '#domain/resource.ts';
import { deleteResource } from '#operations/delete-resource.ts';
import { updateMembers } from '#operations/update-members.ts';
import { type Entry, openRoll, rules, type TestRoll, valuesIn } from '#test/operations/open-roll.ts';
import { postgresVersions } from '#test/support/postgres-versions.ts';

/** A resource as its journal tells it. */
interface Told {
  readonly values: Values;
  readonly members: readonly string[];
}

type Step = (roll: TestRoll, made: readonly Resource[]) => Promise<Resource | undefined>;

const place = fc.nat(100);
const some = <T>(all: readonly T[], at: number): T | undefined => all[at % Math.max(all.length, 1)];
const ofKind = (made: readonly Resource[], ...kinds: string[]) => made.filter(({ kind }) => kinds.includes(kind));

const samples: Readonly<Record<string, (name: string) => Values>> = {
  User: (userName) => ({ userName }),
  Group: (displayName) => ({ displayName }),
  OrgUnit: (displayName) => ({ kind: 'SHOP', displayName }),
};

const anyCreate: fc.Arbitrary<Step> = fc
  .tuple(
    fc.constantFrom(userType, userType, groupType, groupType, orgUnitType),
    fc.string({ minLength: 1, maxLength: 3 }),
  )
  .map(
    ([type, name]) =>
      (roll) =>
        roll.create(type as ResourceType, samples[type.name]?.(`n${name}`) ?? {}),
  );

/** Changes of users by way of lists, parts, extensions and references to whoever is there. */
const anyUserChange = fc.oneof(
  fc.constantFrom<Change>(
    { op: 'set', path: 'title', value: 'Dr.' },
    { op: 'clear', path: 'title' },
    { op: 'set', path: 'name', value: { givenName: 'A', familyName: 'B' } },
    { op: 'set', path: 'name.givenName', value: 'C' },
    { op: 'clear', path: 'name' },
    { op: 'add', path: 'emails', value: [{ value: 'a@b', type: 'work', primary: true }] },
    { op: 'add', path: 'emails', value: [{ value: 'c@d' }] },
    { op: 'clear', path: 'emails' },
    { op: 'set', path: 'active', value: false },
    { op: 'set', path: 'muster.admin', value: true },
    { op: 'clear', path: 'muster' },
  ),
  fc.record({ op: fc.constant('set' as const), path: fc.constant('enterprise.manager'), value: place }),
  fc.record({ op: fc.constant('add' as const), path: fc.constant('muster.divisions'), value: place }),
);

const anyUpdate: fc.Arbitrary<Step> = fc.tuple(place, anyUserChange).map(([at, change]) => async (roll, made) => {
  const user = some(ofKind(made, 'User'), at);
  if (user === undefined) return undefined;
  if (typeof change.value !== 'number') return void (await roll.update(userType, user.id, [change]));
  const target = some(ofKind(made, change.op === 'set' ? 'User' : 'OrgUnit'), change.value);
  const reference = { value: target?.id ?? 'nobody' };
  const value = change.op === 'set' ? reference : [reference];
  return void (await roll.update(userType, user.id, [{ ...change, value }]));
});

const anyMemberChange: fc.Arbitrary<Step> = fc
  .record({
    at: place,
    op: fc.constantFrom('add', 'add', 'remove', 'set' as const),
    who: fc.array(place, { maxLength: 4 }),
  })
  .map(({ at, op, who }) => async (roll, made) => {
    const group = some(ofKind(made, 'Group'), at);
    const ids = who.flatMap((one) => some(ofKind(made, 'User', 'Group'), one)?.id ?? []);
    if (group !== undefined) await updateMembers(roll.caller, roll.db, group.id, [{ op, ids }], rules);
    return undefined;
  });

const anyDelete: fc.Arbitrary<Step> = place.map((at) => async (roll, made) => {
  const one = some(made, at);
  if (one !== undefined) await deleteResource(roll.caller, roll.db, resourceTypeOf(one.kind), one.id);
  return undefined;
});

const anyStory = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: anyCreate },
    { weight: 5, arbitrary: anyUpdate },
    { weight: 5, arbitrary: anyMemberChange },
    { weight: 1, arbitrary: anyDelete },
  ),
  { minLength: 40, maxLength: 40 },
);

function tell(told: Map<string, Told>, { resource, action, changes }: Entry): void {
  const before = action === 'created' ? { values: {}, members: [] } : told.get(resource);
  if (before === undefined) throw new Error('the journal changes what it has not made');
  const after = changes.reduce(withChange, before);
  if (action === 'deleted') {
    expect(after).toEqual({ values: {}, members: [] });
    told.delete(resource);
  } else told.set(resource, after);
}

function withChange({ values, members }: Told, change: Entry['changes'][number]): Told {
  if (change.path !== 'members') return { values: withValue(values, change.path.split('.'), change.to), members };
  const { added, removed } = change as unknown as { added: string[]; removed: string[] };
  return { values, members: [...members.filter((id) => !removed.includes(id)), ...added] };
}

function withValue(values: Values, [name = '', ...inner]: readonly string[], to: Value | undefined): Values {
  const { [name]: old, ...others } = values;
  const value = inner.length === 0 ? to : withValue((old ?? {}) as Values, inner, to);
  const isAbsent = value === undefined || (typeof value === 'object' && Object.keys(value).length === 0);
  return isAbsent ? others : { ...others, [name]: value };
}

/** Does every step; those that are refused change nothing. Gives what was made, deleted or not. */
async function live(roll: TestRoll, story: readonly Step[]): Promise<Resource[]> {
  const made: Resource[] = [];
  for (const step of story) {
    const fresh = await step(roll, made).catch((error: unknown) => {
      if (!(error instanceof Fault)) throw error;
    });
    if (fresh !== undefined) made.push(fresh);
  }
  return made;
}

function inOrder(told: Told | undefined): Told | undefined {
  return told && { ...told, members: [...told.members].sort() };
}

async function seen(roll: TestRoll, kind: ResourceName, id: string): Promise<Told | undefined> {
  const type = resourceTypeOf(kind);
  const now = await roll.get(type, id).catch(() => undefined);
  return now && inOrder({ values: valuesIn(type, now), members: now.members?.map((member) => member.id) ?? [] });
}

describe.each(postgresVersions)('the journal on PostgreSQL %i', (version) => {
  let roll: TestRoll;
  beforeAll(async () => {
    roll = await openRoll(version);
  });
  afterAll(() => roll.close());

  test('read in order tells every resource as it is, members and deletions with it', async () => {
    const told = new Map<string, Told>();
    let read = 0;
    const property = fc.asyncProperty(anyStory, async (story) => {
      const made = await live(roll, story);
      const entries = await roll.journal();
      for (const entry of entries.slice(read)) tell(told, entry);
      read = entries.length;
      for (const { kind, id } of made) expect(inOrder(told.get(id))).toEqual(await seen(roll, kind, id));
    });
    await fc.assert(property, { numRuns: 6, endOnFailure: true });
    expect(read).toBeGreaterThan(60);
  });

  test('has one row for each resource that one transaction changed', async () => {
    const { rows } = await roll.client.query(
      'select count(*)::int as rows, count(distinct (xact, resource))::int as pairs from journal',
    );
    expect(rows[0].rows).toBeGreaterThan(60);
    expect(rows[0].pairs).toBe(rows[0].rows);
  });
});
