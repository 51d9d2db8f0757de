import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { newName, nobody } from '../dialects/scim/scim-client.ts';
import type { Admin } from './admin-client.ts';

/** What the cases are about: things that were made before. */
export interface Things {
  readonly admin: Admin;
  /** A connection that may be changed as one likes; made anew for each case. */
  readonly connection: string;
  /** How its token begins. */
  readonly prefix: string;
  /** A person, by the id. */
  readonly user: string;
  /** One of his sessions, by its id in the list; the empty text when the route is about none. */
  readonly session: string;
  /** The thumbprint of a key of the connection; the empty text when the route is about none. */
  readonly key: string;
  /** A code with which the superuser chooses a new password; the empty text when the route is about none. */
  readonly code: string;
}

/** The name and the password of a superuser. */
export const superuser = { name: 'root@example.org', password: 'a staple of correct horses' };

interface Sent {
  /** Instead of what the path of the route has, and what follows it. */
  readonly path?: string;
  readonly body?: unknown;
}

/** How a route is tried. */
export interface RouteCase {
  /** Sent by who may: it succeeds. `undefined` sends the path as it is, without a body. */
  readonly good?: (things: Things) => Sent;
  /** Sent by who may, and wrong: 400 that names this. Absent where there is nothing to get wrong. */
  readonly bad?: (things: Things) => Sent & { readonly names: string };
  /** Who is signed in may ask this, whatever the rights. */
  readonly isForAll?: true;
  /** Only for who is signed in himself. */
  readonly isForSessions?: true;
  /** Only for who may make superusers. */
  readonly isForSuperusers?: true;
  /** Only for operators. */
  readonly isForOperators?: true;
}

const unknownParameter = { path: '?colour=red', names: 'colour' };
const ofPage = { path: '?limit=201', names: 'limit' };
const ofTenant = { path: '?tenant=', names: 'tenant' };

/** A key of which the server is told the public half. */
export const jwk = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });

/** Every route by its operationId; a route without a case fails the tests. */
export const routeCases: Readonly<Record<string, RouteCase>> = {
  listTenants: { bad: () => ofPage },
  createTenant: {
    isForOperators: true,
    good: () => ({ body: { name: newName() } }),
    bad: () => ({ body: { name: newName(), colour: 'red' }, names: 'colour' }),
  },
  listConnections: { bad: () => ({ path: '?after=nobody', names: 'after' }) },
  createConnection: {
    good: () => ({ body: { name: newName(), dialect: 'scim' } }),
    bad: () => ({ body: { name: newName(), dialect: 'scim', rights: ['write', 'fly'] }, names: 'rights.1' }),
  },
  getConnection: { bad: () => ofTenant },
  updateConnection: {
    good: () => ({ body: { rights: ['read'], ratePerSecond: 50 } }),
    bad: () => ({ body: { ratePerSecond: 'fast' }, names: 'ratePerSecond' }),
  },
  revokeConnection: { bad: () => unknownParameter },
  listTokens: { bad: () => unknownParameter },
  rotateConnection: {
    bad: () => ({ body: { lifetimeDays: 3_651 }, names: 'lifetimeDays' }),
  },
  revokeToken: { bad: () => unknownParameter },
  issueSecret: { bad: () => ({ body: { lifetimeDays: 0 }, names: 'lifetimeDays' }) },
  addConnectionKey: {
    good: () => ({ body: { jwk } }),
    bad: () => ({ body: { jwk: 'key' }, names: 'jwk' }),
  },
  removeConnectionKey: { bad: () => unknownParameter },
  trustEntra: {
    isForOperators: true,
    good: () => ({ body: { entraTenant: randomUUID() } }),
    bad: () => ({ body: { entraTenant: 'contoso' }, names: 'entraTenant' }),
  },
  distrustEntra: { isForOperators: true, bad: () => unknownParameter },
  listHeld: { bad: () => ({ path: '?limit=0', names: 'limit' }) },
  allowRemovals: {
    good: () => ({ body: { more: 5 } }),
    bad: () => ({ names: 'more' }),
  },
  searchUsers: { bad: () => ({ path: '?after=x', names: 'after' }) },
  describeUser: { bad: () => unknownParameter },
  listSessions: { bad: () => unknownParameter },
  endSessions: { bad: () => unknownParameter },
  endSession: { bad: () => unknownParameter },
  unlockUser: { bad: () => unknownParameter },
  verifyEmails: { isForSuperusers: true, bad: () => unknownParameter },
  setPassword: { bad: () => ({ body: { password: 12 }, names: 'password' }) },
  listJournal: { bad: () => ({ path: '?from=yesterday&connection=okta', names: 'from' }) },
  readTimeline: { bad: () => ({ path: '?after=-1', names: 'after' }) },
  stateAt: {
    good: () => ({ path: '?at=2026-01-31T12:00:00Z' }),
    bad: () => ({ path: '?', names: 'at' }),
  },
  listRequestLog: { bad: () => ({ path: '?statusClass=404&failed=perhaps', names: 'failed' }) },
  signIn: {
    good: () => ({ body: superuser }),
    bad: () => ({ body: { name: superuser.name }, names: 'password' }),
  },
  signOut: { isForAll: true, isForSessions: true, bad: () => unknownParameter },
  changePassword: {
    isForAll: true,
    isForSessions: true,
    good: () => ({ body: { oldPassword: superuser.password, password: `${superuser.password}!` } }),
    bad: () => ({ body: { oldPassword: superuser.password, password: 'short' }, names: 'password' }),
  },
  requestPasswordReset: {
    good: () => ({ body: { email: 'nobody@example.org' } }),
    bad: () => ({ body: { email: '' }, names: 'email' }),
  },
  completePasswordReset: {
    good: ({ code }) => ({ body: { token: code, password: superuser.password } }),
    bad: () => ({ body: { token: 'no such', password: superuser.password }, names: 'token' }),
  },
  describe: { isForAll: true, bad: () => unknownParameter },
};

/** The path of a route with its parameters filled in. */
export function pathOf(path: string, { connection, prefix, user, session, key }: Things): string {
  return path
    .replace(':connection', connection)
    .replace(':prefix', prefix)
    .replace(':user', user)
    .replace(':session', session)
    .replace(':key', key);
}

/** The same about what is not there. */
export function pathToNothing(path: string): string {
  return path.replaceAll(/:\w+/g, nobody);
}
