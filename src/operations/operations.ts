import type { Db } from '#store/database.ts';
import { addConnectionKey } from './add-connection-key.ts';
import { allowRemovals } from './allow-removals.ts';
import { changePassword } from './change-password.ts';
import { clearGroup } from './clear-group.ts';
import { completePasswordReset, isResetTokenGood } from './complete-password-reset.ts';
import { createApiKey } from './create-api-key.ts';
import { createConnection } from './create-connection.ts';
import { createPerson } from './create-person.ts';
import { createResource } from './create-resource.ts';
import { createTenant } from './create-tenant.ts';
import { deleteApiKey } from './delete-api-key.ts';
import { deleteGroup } from './delete-group.ts';
import { deleteResource } from './delete-resource.ts';
import { describeKey } from './describe-key.ts';
import { describeUser } from './describe-user.ts';
import { endUserSessions } from './end-sessions.ts';
import { enterTenant } from './enter-tenant.ts';
import { findFirstLogin } from './find-first-login.ts';
import { findPerson } from './find-person.ts';
import { findUser } from './find-user.ts';
import { getConnection } from './get-connection.ts';
import { getGroup } from './get-group.ts';
import { getOwnPerson, getPerson, getPersonById } from './get-person.ts';
import { getResource } from './get-resource.ts';
import { invitePerson } from './invite-person.ts';
import { issueAccessToken } from './issue-access-token.ts';
import { issueSecret } from './issue-secret.ts';
import { joinGroup } from './join-group.ts';
import { leaveGroup } from './leave-group.ts';
import { countApiKeys, listApiKeys } from './list-api-keys.ts';
import { listConnections } from './list-connections.ts';
import { listExternalIds } from './list-external-ids.ts';
import { listGroups } from './list-groups.ts';
import { listHeld } from './list-held.ts';
import { listJournal } from './list-journal.ts';
import { listMemberships } from './list-memberships.ts';
import { listPeople } from './list-people.ts';
import { listRequestLog } from './list-request-log.ts';
import { listResources } from './list-resources.ts';
import { listSessions } from './list-sessions.ts';
import { listTenants } from './list-tenants.ts';
import { readTimeline } from './read-timeline.ts';
import { regenerateApiKey } from './regenerate-api-key.ts';
import { removeConnectionKey } from './remove-connection-key.ts';
import { renameGroup } from './rename-group.ts';
import { requestPasswordReset } from './request-password-reset.ts';
import { resolveKeys } from './resolve-keys.ts';
import { revokeConnection } from './revoke-connection.ts';
import { revokeToken } from './revoke-token.ts';
import { rotateConnection } from './rotate-connection.ts';
import { searchUsers } from './search-users.ts';
import { setPassword } from './set-password.ts';
import { describeSetup, setUpTenant } from './set-up-tenant.ts';
import { signIn } from './sign-in.ts';
import { signOut } from './sign-out.ts';
import { stateAt } from './state-at.ts';
import { tenantOfStranger } from './tenant-of-stranger.ts';
import { distrustEntra, trustEntra } from './trust-entra.ts';
import { unlockUser } from './unlock-user.ts';
import { updateApiKey } from './update-api-key.ts';
import { updateConnection } from './update-connection.ts';
import { updateMembers } from './update-members.ts';
import { updateMembership } from './update-membership.ts';
import { updatePerson } from './update-person.ts';
import { updateResource } from './update-resource.ts';
import { verifyEmails } from './verify-emails.ts';

/** Every verb that a route calls; the caller comes first, then the database. */
const verbs = {
  addConnectionKey,
  allowRemovals,
  changePassword,
  clearGroup,
  countApiKeys,
  createApiKey,
  createConnection,
  createPerson,
  createResource,
  createTenant,
  deleteApiKey,
  deleteGroup,
  deleteResource,
  describeKey,
  describeUser,
  distrustEntra,
  endUserSessions,
  enterTenant,
  findFirstLogin,
  findPerson,
  findUser,
  getConnection,
  getGroup,
  getOwnPerson,
  getPerson,
  getPersonById,
  getResource,
  invitePerson,
  issueAccessToken,
  issueSecret,
  joinGroup,
  leaveGroup,
  listApiKeys,
  listConnections,
  listExternalIds,
  listGroups,
  listHeld,
  listJournal,
  listMemberships,
  listPeople,
  listRequestLog,
  listResources,
  listSessions,
  listTenants,
  readTimeline,
  regenerateApiKey,
  removeConnectionKey,
  renameGroup,
  resolveKeys,
  revokeConnection,
  revokeToken,
  rotateConnection,
  searchUsers,
  setPassword,
  signOut,
  stateAt,
  trustEntra,
  unlockUser,
  updateApiKey,
  updateConnection,
  updateMembers,
  updateMembership,
  updatePerson,
  updateResource,
  verifyEmails,
};

/** Verbs for who has no credential yet; the database comes first. */
const strangerVerbs = {
  completePasswordReset,
  describeSetup,
  isResetTokenGood,
  requestPasswordReset,
  setUpTenant,
  signIn,
  tenantOfStranger,
};

type WithoutDb<Verb> = Verb extends (caller: infer First, db: Db, ...rest: infer Rest) => infer Result
  ? (caller: First, ...rest: Rest) => Result
  : never;

type WithoutFirst<Verb> = Verb extends (db: Db, ...rest: infer Rest) => infer Result
  ? (...rest: Rest) => Result
  : never;

type Verbs = typeof verbs;
type StrangerVerbs = typeof strangerVerbs;

/** What the system can do on one database; the caller comes first, where there is one. */
export type Operations = { readonly [Name in keyof Verbs]: WithoutDb<Verbs[Name]> } & {
  readonly [Name in keyof StrangerVerbs]: WithoutFirst<StrangerVerbs[Name]>;
};

type AnyVerb = (...values: readonly unknown[]) => unknown;

/** The operations on one database. */
export function buildOperations(db: Db): Operations {
  const bound = entriesOf(verbs).map(([name, verb]) => {
    return [name, (caller: unknown, ...rest: readonly unknown[]) => verb(caller, db, ...rest)];
  });
  const boundForStrangers = entriesOf(strangerVerbs).map(([name, verb]) => {
    return [name, (...rest: readonly unknown[]) => verb(db, ...rest)];
  });
  return Object.fromEntries([...bound, ...boundForStrangers]) as Operations;
}

function entriesOf(some: object): readonly (readonly [string, AnyVerb])[] {
  return Object.entries(some) as [string, AnyVerb][];
}
