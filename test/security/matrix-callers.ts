import { beginSession } from '#access/sessions.ts';
import { newToken } from '#access/token.ts';
import type { Values } from '#attributes/attribute.ts';
import { groupType, orgUnitType, type ResourceType, userType } from '#attributes/resource-type.ts';
import { callerIn } from '#commands/choose-tenant.ts';
import { commandCaller } from '#commands/command-caller.ts';
import { spoken } from '#dialects/index.ts';
import type { Caller, Right } from '#domain/caller.ts';
import { createApiKey } from '#operations/create-api-key.ts';
import { createConnection } from '#operations/create-connection.ts';
import { createResource } from '#operations/create-resource.ts';
import { createTenant } from '#operations/create-tenant.ts';
import { revokeConnection } from '#operations/revoke-connection.ts';
import { revokeToken } from '#operations/revoke-token.ts';
import type { Db } from '#store/database.ts';
import { changesOf, rules } from '../operations/open-roll.ts';
import { type Ask, type Column, columns, type Subjects, tokenSets } from './matrix-row.ts';

/** Everything that the requests of the matrix need to know of the database they are sent to: plain data. */
export interface Scene {
  readonly subjects: Subjects;
  readonly tokens: Readonly<Record<Ask['tokens'], Readonly<Partial<Record<Column, string>>>>>;
}

/** The tenant of the subjects, and of whoever sends no credential. */
export const strangersTenant = 'first';

const everything: readonly Right[] = ['read', 'write', 'passwords', 'superuser', 'admin'];
const beyond: readonly Right[] = ['read', 'write', 'superuser', 'admin'];
const usual: readonly Right[] = ['read', 'write', 'passwords', 'admin'];

let names = 0;
const newName = () => {
  names += 1;
  return `matrix ${names}`;
};

/** Makes two tenants with the callers and subjects of the matrix. `sql` goes past the product. */
export async function makeScene(db: Db, sql: (text: string, values: unknown[]) => Promise<unknown>): Promise<Scene> {
  for (const tenant of ['first', 'second']) await createTenant(commandCaller(), db, tenant);
  const [first, second] = await Promise.all([callerIn(db, 'first'), callerIn(db, 'second')]);
  // So the second tenant has none of these numbers.
  for (const kind of ['app_user', 'app_group'])
    await sql('select setval($1, 1000)', [`${kind}_number_${first.tenant}`]);
  const make = async (type: ResourceType, values: Values, members: readonly string[] = []) =>
    (await createResource(first, db, type, { changes: changesOf(values), rules, members })).resource;
  const person = (muster: Values, more: Values = {}) => make(userType, { userName: newName(), muster, ...more });
  const group = (more = {}, members: readonly string[] = []) =>
    make(groupType, { displayName: newName(), ...more }, members);
  const unit = async (more = {}) =>
    (await make(orgUnitType, { kind: 'FRANCHISEE', displayName: newName(), ...more })).id;
  const [franchisee, otherFranchisee] = [await unit(), await unit()];
  const [superuser, manager, ordinary] = [await person({ superuser: true }), await person({}), await person({})];
  const selves = { person: ordinary, superuser, 'group manager': manager };
  const connect = (dialect: string, rights: readonly Right[], more = {}, by: Caller = first) =>
    createConnection(by, db, { ...wishOf(dialect, rights), ...more });
  const spare = async (column: Column) => {
    const { connection, prefix } = await connect('scim', ['read']);
    const [{ number }, { number: numberOfGroup }] = [await person({}), await group()];
    return [column, { id: connection, prefix, person: number, group: numberOfGroup }] as const;
  };
  const session = (dialect: string, { id }: { readonly id: string }) => {
    const policy = dialect === 'metabase' ? 'fixed' : 'own';
    return db.transaction((tx) => beginSession(tx, { ...first, dialect }, { person: id, policy }));
  };
  const tokensOf = async (dialect: string, other: string) => {
    const token = async (rights: readonly Right[], more = {}, by = first) =>
      (await connect(dialect, rights, more, by)).token;
    const [expired, revoked, ended, franchise] = [
      await connect(dialect, everything),
      await connect(dialect, everything),
      await connect(dialect, everything),
      await connect(dialect, ['read', 'write'], { franchisee }),
    ];
    await sql('update credential set expires_at = now() where connection = $1', [expired.connection]);
    await revokeToken(first, db, revoked.connection, revoked.prefix);
    await revokeConnection(first, db, ended.connection);
    // Rights that no bound connection is given; they would be none.
    await sql('update connection set rights = $2 where id = $1', [franchise.connection, beyond]);
    return {
      wrong: newToken('mst').token,
      expired: expired.token,
      revoked: revoked.token,
      ended: ended.token,
      'other dialect': (await connect(other, everything)).token,
      'session of another dialect': await session(other, superuser),
      'other tenant': await token(everything, {}, second),
      reader: await token(['read']),
      'reader of a superuser': await token(['read'], {}, { ...first, person: superuser.id, rights: everything }),
      'users only': await token(['users']),
      writer: await token(['read', 'write']),
      person: await session(dialect, ordinary),
      superuser: await session(dialect, superuser),
      'group manager': await session(dialect, manager),
      franchise: franchise.token,
      'tenant admin': await token(usual),
      operator: await token(['read', 'operator']),
    };
  };
  const sets = tokenSets.map(async (set) => [set, await tokensOf(...dialectsOf[set])] as const);
  const taken = 'taken@example.org';
  const user = await person({ franchisee: { value: otherFranchisee } });
  const mine = await person({ franchisee: { value: franchisee } }, { emails: [{ value: taken }] });
  const other = await person({ superuser: true });
  const managers = { muster: { managers: [{ value: manager.id }] } };
  const [closed, managed] = [await group(), await group(managers, [manager.id])];
  const namespace = { dialect: 'metabase', keys: 'number' } as const;
  const key = { namespace, spoken: spokenAs('metabase'), name: newName(), group: 'everybody' } as const;
  return {
    tokens: Object.fromEntries(await Promise.all(sets)) as Scene['tokens'],
    subjects: {
      ...{ user: user.id, mine: mine.id, superuser: other.id, group: closed.id, managed: managed.id, taken },
      orgUnit: (await make(orgUnitType, { kind: 'SHOP', displayName: newName() })).id,
      otherFranchisee,
      shop: await unit({ kind: 'SHOP', parent: { value: franchisee } }),
      connection: (await connect('scim', ['read'])).connection,
      strongConnection: (await connect('scim', everything)).connection,
      numbers: {
        ...{ user: user.number, mine: mine.number, superuser: other.number },
        ...{ group: closed.number, managed: managed.number },
        key: (await createApiKey(first, db, key)).key.number,
      },
      selfIds: mapOf(selves, ({ id }) => id),
      selfNumbers: mapOf(selves, ({ number }) => number),
      spare: Object.fromEntries(await Promise.all(columns.map(spare))) as Subjects['spare'],
    },
  };
}

/** In which dialect the tokens of a set are good, and of which another one stands in their rows. */
const dialectsOf: Readonly<Record<Ask['tokens'], readonly [own: string, other: string]>> = {
  scim: ['scim', 'admin'],
  admin: ['admin', 'scim'],
  callbox: ['callbox', 'metabase'],
  metabase: ['metabase', 'callbox'],
  leaving: ['admin', 'scim'],
  'leaving metabase': ['metabase', 'scim'],
};

function mapOf<From, To>(some: Readonly<Record<string, From>>, change: (one: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(some).map(([name, one]) => [name, change(one)]));
}

function spokenAs(dialect: string) {
  const own = spoken.find(({ name }) => name === dialect);
  if (own === undefined) throw new Error(`no connection speaks ${dialect}`);
  return own;
}

function wishOf(dialect: string, rights: readonly Right[]) {
  return { name: newName(), spoken: spokenAs(dialect), rights, tokenLifetimeDays: 1 };
}
