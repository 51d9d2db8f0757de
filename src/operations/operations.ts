import type { Db } from '#store/database.ts';
import { allowRemovals } from './allow-removals.ts';
import { createConnection } from './create-connection.ts';
import { createResource } from './create-resource.ts';
import { createTenant } from './create-tenant.ts';
import { deleteResource } from './delete-resource.ts';
import { describeUser } from './describe-user.ts';
import { enterTenant } from './enter-tenant.ts';
import { findPerson } from './find-person.ts';
import { getConnection } from './get-connection.ts';
import { getResource } from './get-resource.ts';
import { issueAccessToken } from './issue-access-token.ts';
import { listConnections } from './list-connections.ts';
import { listExternalIds } from './list-external-ids.ts';
import { listHeld } from './list-held.ts';
import { listJournal } from './list-journal.ts';
import { listRequestLog } from './list-request-log.ts';
import { listResources } from './list-resources.ts';
import { listTenants } from './list-tenants.ts';
import { readTimeline } from './read-timeline.ts';
import { revokeConnection } from './revoke-connection.ts';
import { revokeToken } from './revoke-token.ts';
import { rotateConnection } from './rotate-connection.ts';
import { searchUsers } from './search-users.ts';
import { stateAt } from './state-at.ts';
import { updateConnection } from './update-connection.ts';
import { updateMembers } from './update-members.ts';
import { updateResource } from './update-resource.ts';

/** Every verb that a route calls; the caller comes first, then the database. */
const verbs = {
  allowRemovals,
  createConnection,
  createResource,
  createTenant,
  deleteResource,
  describeUser,
  enterTenant,
  findPerson,
  getConnection,
  getResource,
  issueAccessToken,
  listConnections,
  listExternalIds,
  listHeld,
  listJournal,
  listRequestLog,
  listResources,
  listTenants,
  readTimeline,
  revokeConnection,
  revokeToken,
  rotateConnection,
  searchUsers,
  stateAt,
  updateConnection,
  updateMembers,
  updateResource,
};

type Verbs = typeof verbs;

type WithoutDb<Verb> = Verb extends (caller: infer First, db: Db, ...rest: infer Rest) => infer Result
  ? (caller: First, ...rest: Rest) => Result
  : never;

/** What the system can do on one database; the caller comes first. */
export type Operations = { readonly [Name in keyof Verbs]: WithoutDb<Verbs[Name]> };

type AnyVerb = (caller: unknown, db: Db, ...rest: readonly unknown[]) => unknown;

/** The operations on one database. */
export function buildOperations(db: Db): Operations {
  const bound = Object.entries(verbs).map(([name, verb]) => {
    const call = verb as unknown as AnyVerb;
    return [name, (caller: unknown, ...rest: readonly unknown[]) => call(caller, db, ...rest)];
  });
  return Object.fromEntries(bound) as Operations;
}
