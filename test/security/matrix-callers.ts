import { beginSession } from '#access/sessions.ts';
import { newToken } from '#access/token.ts';
import type { Values } from '#attributes/attribute.ts';
import { groupType, orgUnitType, type ResourceType, userType } from '#attributes/resource-type.ts';
import { callerIn } from '#commands/choose-tenant.ts';
import { commandCaller } from '#commands/command-caller.ts';
import { spoken } from '#dialects/index.ts';
import type { Caller, Right } from '#domain/caller.ts';
import { createConnection } from '#operations/create-connection.ts';
import { createResource } from '#operations/create-resource.ts';
import { createTenant } from '#operations/create-tenant.ts';
import { revokeConnection } from '#operations/revoke-connection.ts';
import { revokeToken } from '#operations/revoke-token.ts';
import type { Db } from '#store/database.ts';
import { changesOf, rules } from '../operations/open-roll.ts';
import { type Ask, type Column, columns, type Subjects } from './matrix-row.ts';

/** Everything that the requests of the matrix need to know of the database they are sent to: plain data. */
export interface Scene {
  readonly subjects: Subjects;
  readonly tokens: Readonly<Record<Ask['tokens'], Readonly<Partial<Record<Column, string>>>>>;
}

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
  const make = async (type: ResourceType, values: Values) =>
    (await createResource(first, db, type, { changes: changesOf(values), rules })).resource.id;
  const person = (muster: Values) => make(userType, { userName: newName(), ...(muster && { muster }) });
  const unit = (more = {}) => make(orgUnitType, { kind: 'FRANCHISEE', displayName: newName(), ...more });
  const [franchisee, otherFranchisee] = [await unit(), await unit()];
  const [superuser, manager, ordinary] = [await person({ superuser: true }), await person({}), await person({})];
  const managers = [{ value: manager }];
  const connect = (dialect: string, rights: readonly Right[], more = {}, by: Caller = first) =>
    createConnection(by, db, { ...wishOf(dialect, rights), ...more });
  const spare = async (column: Column) => {
    const { connection, prefix } = await connect('scim', ['read']);
    return [column, { id: connection, prefix }] as const;
  };
  const session = (dialect: string, id: string) =>
    db.transaction((tx) => beginSession(tx, { ...first, dialect }, { person: id, policy: 'own' }));
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
      'reader of a superuser': await token(['read'], {}, { ...first, person: superuser, rights: everything }),
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
  return {
    tokens: {
      scim: await tokensOf('scim', 'admin'),
      admin: await tokensOf('admin', 'scim'),
      leaving: await tokensOf('admin', 'scim'),
    },
    subjects: {
      user: await person({ franchisee: { value: otherFranchisee } }),
      mine: await person({ franchisee: { value: franchisee } }),
      superuser: await person({ superuser: true }),
      group: await make(groupType, { displayName: newName() }),
      orgUnit: await make(orgUnitType, { kind: 'SHOP', displayName: newName() }),
      managed: await make(groupType, { displayName: newName(), muster: { managers } }),
      otherFranchisee,
      shop: await unit({ kind: 'SHOP', parent: { value: franchisee } }),
      connection: (await connect('scim', ['read'])).connection,
      strongConnection: (await connect('scim', everything)).connection,
      spare: Object.fromEntries(await Promise.all(columns.map(spare))) as Subjects['spare'],
    },
  };
}

function wishOf(dialect: string, rights: readonly Right[]) {
  const own = spoken.find(({ name }) => name === dialect);
  if (own === undefined) throw new Error(`no connection speaks ${dialect}`);
  return { name: newName(), spoken: own, rights, tokenLifetimeDays: 1 };
}
