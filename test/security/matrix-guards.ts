import type { Guard } from './matrix-guard.ts';
import { dialectGuards } from './matrix-guards-of-dialects.ts';

const users = '/scim/v2/Users';
const groups = '/scim/v2/Groups';
const orgUnits = '/scim/v2/OrgUnits';
const connections = '/admin/v1/connections';

const anyTenant = '$1::int is not null and';
const somebody =
  "return { tenant: 2, connection: '00000000-0000-0000-0000-000000000000', profile: 'lenient', requestId: '', dialect: '', rights: ['read', 'write', 'admin'] }";

const shared: readonly Guard[] = [
  {
    name: 'a credential is needed',
    file: 'access/authenticate.ts',
    ...{ text: 'throw unauthenticated(proof.token !== undefined)', off: somebody },
    ...{ row: `GET ${users}`, column: 'none' },
  },
  {
    name: 'a token expires',
    file: 'store/connections.ts',
    ...{ text: 'c.expires_at > now()', off: 'true' },
    ...{ row: `GET ${users}`, column: 'expired' },
  },
  {
    name: 'a token is revoked',
    file: 'store/connections.ts',
    ...{ text: 'c.revoked_at is null', off: 'true' },
    ...{ row: `GET ${users}`, column: 'revoked' },
  },
  {
    name: 'a connection ends',
    file: 'store/connections.ts',
    ...{ text: ' and n.revoked_at is null', off: '' },
    ...{ row: `GET ${users}`, column: 'ended' },
  },
  {
    name: 'a token is good in one dialect',
    file: 'access/authenticate.ts',
    ...{ text: 'holder.dialect === proof.dialect', off: 'true' },
    ...{ row: `GET ${connections}`, column: 'other dialect' },
  },
  {
    name: 'a session is good in one dialect',
    file: 'access/session-caller.ts',
    ...{ text: 'session.dialect !== dialect', off: 'false' },
    ...{ row: `GET ${connections}`, column: 'session of another dialect' },
  },
  {
    name: 'a signed-in person has the rights that he has',
    file: 'access/session-caller.ts',
    ...{ text: 'session.superuser ?', off: 'true ?' },
    ...{ row: `GET ${users}`, column: 'person' },
  },
  {
    name: 'what is read is in the tenant',
    file: 'store/find-resource.ts',
    text: `\${more} from \${type.table} r where r.tenant = $1 and`,
    off: `\${more} from \${type.table} r where ${anyTenant}`,
    ...{ row: `GET ${users}/:id`, column: 'other tenant' },
  },
  {
    name: 'what is changed is in the tenant',
    file: 'store/find-resource.ts',
    text: `\n    from \${type.table} r where r.tenant = $1 and`,
    off: `\n    from \${type.table} r where ${anyTenant}`,
    ...{ row: `DELETE ${users}/:id`, column: 'other tenant' },
  },
  {
    name: 'a group whose members change is in the tenant',
    file: 'store/group-members.ts',
    text: 'select id from app_group where tenant = $1 and',
    off: `select id from app_group where ${anyTenant}`,
    ...{ row: `PATCH ${groups}/:id to add a member`, column: 'other tenant' },
  },
  {
    name: 'an admin reads the connections of his tenant',
    file: 'store/connections.ts',
    ...{ text: 'where tenant = $1 and (id', off: `where ${anyTenant} (id` },
    ...{ row: `GET ${connections}/:connection`, column: 'other tenant' },
  },
  {
    name: 'an admin changes the connections of his tenant',
    file: 'store/connections.ts',
    ...{ text: 'where tenant = $1 and (id', off: `where ${anyTenant} (id` },
    ...{ row: `PATCH ${connections}/:connection`, column: 'other tenant' },
  },
  {
    name: 'an admin enters his own tenant',
    file: 'operations/enter-tenant.ts',
    ...{ text: 'tenant === undefined || !mayEnter', off: 'tenant === undefined' },
    ...{ row: `GET ${connections} in the second tenant`, column: 'tenant admin' },
  },
  {
    name: 'what needs a right needs it',
    file: 'domain/caller.ts',
    ...{ text: 'if (caller.rights.includes(right)) return;', off: 'return;' },
    ...{ row: `GET ${users}`, column: 'users only' },
  },
  {
    name: 'writing needs the right for the kind',
    file: 'domain/caller.ts',
    ...{ text: 'if (!mayWrite(caller, kind))', off: 'if (false)' },
    ...{ row: `DELETE ${groups}/:id`, column: 'users only' },
  },
  {
    name: 'administering needs the right',
    file: 'domain/check-holds.ts',
    ...{ text: "checkRight(caller, 'admin');", off: '' },
    ...{ row: `GET ${connections}`, column: 'writer' },
  },
  {
    name: 'nobody gives a connection what he does not hold',
    file: 'domain/check-holds.ts',
    ...{ text: 'if (missing === undefined) return;', off: 'return;' },
    ...{ row: `POST ${connections} who may more than most`, column: 'tenant admin' },
  },
  {
    name: 'nobody makes superusers without that right',
    file: 'domain/check-grants.ts',
    ...{ text: "if (type.name !== 'User' ||", off: 'if (true ||' },
    ...{ row: `POST ${users} who are superusers`, column: 'writer' },
  },
  {
    name: 'who has no rights changes a few things of himself',
    file: 'operations/check-may-try.ts',
    ...{ text: 'checkOwnPaths(wish.changes);', off: ';' },
    ...{ row: `PATCH ${users}/:id to give oneself a title`, column: 'person' },
  },
  {
    name: 'nobody sets the password of a superuser without that right',
    file: 'domain/check-password-right.ts',
    ...{ text: "if (isSuperuser(person)) checkRight(caller, 'superuser');", off: '' },
    ...{ row: 'PUT /admin/v1/users/:user/password of a superuser', column: 'tenant admin' },
  },
  {
    name: 'people sign in here to the APIs alone that have no sign-in of their own',
    file: 'admin/session-routes.ts',
    ...{ text: 'choice(signInApis)', off: "choice([...signInApis, 'metabase'])" },
    ...{ row: 'POST /admin/v1/sessions for an API to which people sign in by itself', column: 'none', found: 401 },
  },
  {
    name: 'who manages a group is said by the group',
    file: 'operations/check-manager.ts',
    ...{ text: 'standing?.manages !== true', off: 'standing === undefined' },
    ...{ row: `PATCH ${groups}/:id to add a member`, column: 'person' },
  },
  {
    name: 'a manager changes nothing but members',
    file: 'operations/check-may-try.ts',
    ...{ text: 'else checkMayWrite(caller, type.name);', off: '' },
    ...{ row: `PATCH ${groups}/:id`, column: 'group manager' },
  },
  {
    name: 'a franchise sees its people',
    file: 'store/seen.ts',
    ...{ text: ` and r.franchisee = \${franchisee}`, off: ` and \${franchisee}::uuid is not null` },
    ...{ row: `GET ${users}/:id`, column: 'franchise' },
  },
  {
    name: 'a franchise sees its org units',
    file: 'store/seen.ts',
    ...{ text: `o.id = \${franchisee}`, off: `\${franchisee}::uuid is not null` },
    ...{ row: `GET ${orgUnits}/:id`, column: 'franchise' },
  },
  {
    name: 'a franchise moves nobody',
    file: 'domain/check-bound.ts',
    ...{ text: 'said !== undefined && said !== franchisee', off: 'false' },
    ...{ row: `POST ${users} of a shop of the franchisee`, column: 'franchise' },
  },
  {
    name: 'a franchise makes and deletes people alone',
    file: 'domain/check-bound.ts',
    ...{ text: "franchisee !== undefined && kind !== 'User'", off: 'false' },
    ...{ row: `POST ${groups}`, column: 'franchise' },
  },
  {
    name: 'a franchise changes members alone of groups',
    file: 'domain/check-bound.ts',
    ...{ text: "type.name === 'User' || differences.length === 0", off: 'true' },
    ...{ row: `PUT ${groups}/:id`, column: 'franchise' },
  },
  {
    name: 'no right of a franchise reaches beyond it',
    file: 'domain/caller.ts',
    ...{ text: 'return franchisee === undefined ? held', off: 'return true ? held' },
    ...{ row: `GET ${connections}`, column: 'franchise' },
  },
  {
    name: 'metrics are for who may read them',
    file: 'http/health.ts',
    ...{ text: 'if (!mayReadMetrics(context))', off: 'if (false)' },
    ...{ row: 'GET /metrics', column: 'none' },
  },
];

/** Every guard that decides about a cell. A text that is not in its file any more fails the test, so the table follows. */
export const guards: readonly Guard[] = [...shared, ...dialectGuards];
