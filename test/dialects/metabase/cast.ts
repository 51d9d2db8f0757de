import { beginSession } from '#access/sessions.ts';
import type { Values } from '#attributes/attribute.ts';
import { groupType, userType } from '#attributes/resource-type.ts';
import { defaultDialectSettings, type MetabaseSettings } from '#dialects/dialect-settings.ts';
import type { Caller } from '#domain/caller.ts';
import { createResource } from '#operations/create-resource.ts';
import type { Mail } from '#operations/mailer.ts';
import { updateMembers } from '#operations/update-members.ts';
import { updateResource } from '#operations/update-resource.ts';
import type { TestDatabase } from '#test/support/database.ts';
import { type Answer, type Muster, request, startMuster } from '#test/support/muster.ts';
import { changesOf, rules } from '../../operations/open-roll.ts';

/** Those of whom the cases of Metabase's own tests tell. */
const roles = {
  crowberto: {
    name: { givenName: 'Crowberto', familyName: 'Corv' },
    emails: [{ value: 'crowberto@metabase.com', type: 'work', primary: true }],
    muster: { superuser: true },
  },
  rasta: {
    name: { givenName: 'Rasta', familyName: 'Toucan' },
    emails: [{ value: 'rasta@metabase.com', type: 'work', primary: true }],
  },
  lucky: {
    name: { givenName: 'Lucky', familyName: 'Pigeon' },
    emails: [{ value: 'lucky@metabase.com', type: 'work', primary: true }],
  },
  trash: {
    name: { givenName: 'Trash', familyName: 'Bird' },
    emails: [{ value: 'trashbird@metabase.com', type: 'work', primary: true }],
    active: false,
  },
} as const;

export type Role = keyof typeof roles;

/** Somebody on the roll, and the way he sends requests. */
export interface Member {
  readonly id: string;
  /** What Metabase's clients call `id`. */
  readonly number: number;
  readonly email: string;
}

/** One who sends requests: paths begin with `/api`. */
export interface Client {
  readonly get: (path: string, headers?: Record<string, string>) => Promise<Answer>;
  readonly post: (path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>;
  readonly put: (path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>;
  readonly delete: (path: string, headers?: Record<string, string>) => Promise<Answer>;
}

/** A server with the cast on its roll. */
export interface Metabase {
  readonly muster: Muster;
  /** May do everything in the tenant, past the API. */
  readonly admin: Caller;
  readonly cast: Readonly<Record<Role, Member>>;
  /** The mails that were sent, oldest first. */
  readonly mails: readonly Mail[];
  /** One of the cast who is signed in; he who is deactivated was signed in before. */
  readonly as: (role: Role) => Client;
  /** Who sends these headers, such as a key; nobody without any. */
  readonly with: (headers?: Record<string, string>) => Client;
  /** A further server on the same database with other settings, where the same people are signed in. */
  readonly beside: (settings: Partial<MetabaseSettings>) => Promise<Metabase>;
  readonly stop: () => Promise<void>;
}

interface Known {
  readonly database?: TestDatabase;
  readonly cast?: Readonly<Record<Role, Member>>;
  readonly tokens?: Readonly<Record<Role, string>>;
}

/** Starts a server as an operator has set it, with Crowberto, Rasta, Lucky and Trash in the tenant `default`. */
export async function startMetabase(settings: Partial<MetabaseSettings> = {}, known: Known = {}): Promise<Metabase> {
  const mails: Mail[] = [];
  const posted: Promise<unknown>[] = [];
  const mailer = {
    post: (write: () => Promise<Mail | undefined>) =>
      void posted.push(write().then((mail) => mail && mails.push(mail))),
  };
  const dialectSettings = { ...defaultDialectSettings, metabase: { ...defaultDialectSettings.metabase, ...settings } };
  const { database } = known;
  const where = { ...(database !== undefined && { database }), trustedProxies: ['127.0.0.1'] };
  const muster = await startMuster({ ...where, mailer, dialectSettings });
  const admin = await muster.admin();
  const cast = known.cast ?? (await makeCast(muster, admin));
  const tokens = known.tokens ?? (await signInAll(muster, admin, cast));
  const besides: Metabase[] = [];
  const clientWith = (headers: Record<string, string> = {}) => clientOf(muster, headers);
  return {
    ...{ muster, admin, cast, mails },
    as: (role) => clientWith({ 'X-Metabase-Session': tokens[role] }),
    with: clientWith,
    beside: async (others) => {
      const other = await startMetabase(others, { database: muster.database, cast, tokens });
      besides.push(other);
      return other;
    },
    stop: async () => {
      for (const other of besides) await other.stop();
      await Promise.all(posted);
      await muster.stop();
    },
  };
}

/** Puts a person on the roll past the API. */
async function makePerson({ muster, admin }: Pick<Metabase, 'muster' | 'admin'>, values: Values): Promise<Member> {
  const { emails = [] } = values as { emails?: readonly { value: string }[] };
  const email = emails[0]?.value ?? '';
  const changes = changesOf({ ...values, ...(email !== '' && { userName: email }) });
  const { resource } = await createResource(admin, muster.db, userType, { changes, rules });
  return { id: resource.id, number: resource.number, email };
}

let people = 0;

/** Puts somebody on the roll of whom only this test knows. */
export function makeSomebody(metabase: Pick<Metabase, 'muster' | 'admin'>, values: Values = {}): Promise<Member> {
  people += 1;
  const email = `somebody-${people}@metabase.com`;
  const name = { givenName: 'Some', familyName: `Body${people}` };
  return makePerson(metabase, { name, emails: [{ value: email, type: 'work', primary: true }], ...values });
}

/** Changes a person past the API. */
export async function changePerson({ muster, admin }: Metabase, { id }: Member, values: Values): Promise<void> {
  await updateResource(admin, muster.db, userType, id, { changes: changesOf(values), rules });
}

/** Signs somebody in past the API. */
export async function clientFor(metabase: Metabase, member: Member): Promise<Client> {
  return metabase.with({ 'X-Metabase-Session': await tokenFor(metabase, member) });
}

/** A session of somebody, made past the API. */
export function tokenFor({ muster, admin }: Pick<Metabase, 'muster' | 'admin'>, { id }: Member): Promise<string> {
  const caller = { ...admin, dialect: 'metabase' };
  return muster.db.transaction((tx) => beginSession(tx, caller, { person: id, policy: 'fixed' }));
}

/** Somebody of whom only this test knows, and he himself as a client. */
export async function meetSomebody(metabase: Metabase, values: Values = {}) {
  const member = await makeSomebody(metabase, values);
  return { member, self: await clientFor(metabase, member) };
}

let groups = 0;

/** Makes a group with these members past the API; the managers are members too. */
export async function makeGroup(
  { muster, admin }: Metabase,
  members: readonly Member[],
  managers: readonly Member[] = [],
  displayName?: string,
): Promise<{ readonly id: string; readonly number: number; readonly name: string }> {
  groups += 1;
  const name = displayName ?? `Group ${groups}`;
  const managing = managers.map(({ id }) => ({ value: id }));
  const changes = changesOf({ displayName: name, ...(managing.length > 0 && { muster: { managers: managing } }) });
  const { resource } = await createResource(admin, muster.db, groupType, { changes, rules });
  const ids = [...members, ...managers].map(({ id }) => id);
  if (ids.length > 0) await updateMembers(admin, muster.db, resource.id, [{ op: 'add', ids }], rules);
  return { id: resource.id, number: resource.number, name };
}

async function makeCast(muster: Muster, admin: Caller): Promise<Record<Role, Member>> {
  const made: [string, Member][] = [];
  // One after another, so that their numbers are in this order.
  for (const [role, values] of Object.entries(roles)) {
    made.push([role, await makePerson({ muster, admin }, { ...values, active: true })]);
  }
  return Object.fromEntries(made) as Record<Role, Member>;
}

/** He who is deactivated has been here before. */
async function signInAll(muster: Muster, admin: Caller, cast: Readonly<Record<Role, Member>>) {
  const tokens: [string, string][] = [];
  for (const [role, member] of Object.entries(cast)) tokens.push([role, await tokenFor({ muster, admin }, member)]);
  const changes = changesOf({ active: false });
  await updateResource(admin, muster.db, userType, cast.trash.id, { changes, rules });
  return Object.fromEntries(tokens) as Record<Role, string>;
}

function clientOf(muster: Muster, own: Record<string, string>): Client {
  const send =
    (method: string) =>
    (path: string, body?: unknown, headers: Record<string, string> = {}) => {
      const type = body === undefined ? undefined : { 'Content-Type': 'application/json' };
      return request(`${muster.server.url}${path}`, undefined, method, body, { ...type, ...own, ...headers });
    };
  return {
    get: (path, headers) => send('GET')(path, undefined, headers),
    post: send('POST'),
    put: send('PUT'),
    delete: (path, headers) => send('DELETE')(path, undefined, headers),
  };
}
