import type { Dialect } from '#dialects/dialect.ts';
import { dialects } from '#dialects/index.ts';
import type { CaseFile } from './case-file.ts';
import type { Muster } from './muster.ts';

type Headers = Readonly<Record<string, string>>;

/** Who sends the requests of a case. Connections and sessions are made when they are first asked for. */
export interface Callers {
  /** The headers of a connection that speaks a dialect. */
  readonly connected: (dialect: string) => Promise<Headers>;
  /** The headers of somebody given who is signed in to a dialect. */
  readonly signedIn: (dialect: string, name: string) => Promise<Headers>;
}

/** Whose case it is. */
interface Setting {
  readonly muster: Muster;
  readonly tenant: string;
  readonly file: CaseFile;
  /** The profile of connections that speak SCIM. */
  readonly profile: string;
  /** Sends a body to a dialect's address without any credential and gives that of the answer, which is a success. */
  readonly post: (dialect: Dialect, path: string, body: object) => Promise<unknown>;
}

/** Makes the callers of a case. */
export function callersOf(setting: Setting): Callers {
  const known = new Map<string, Promise<Headers>>();
  const once = (key: string, make: () => Promise<Headers>) => {
    const made = known.get(key) ?? make();
    known.set(key, made);
    return made;
  };
  return {
    connected: (dialect) => once(dialect, () => connect(setting, dialectNamed(dialect))),
    signedIn: (dialect, name) => once(`${dialect} ${name}`, () => signIn(setting, dialectNamed(dialect), name)),
  };
}

/** The dialect of a name. Throws when there is none. */
export function dialectNamed(name: string): Dialect {
  const found = dialects.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no dialect is called ${name}`);
  return found;
}

/** The headers with a token, as connections of a dialect send it. */
export function credentialOf({ credential: { header, scheme } }: Dialect, token: string): Headers {
  return { [header]: scheme === undefined ? token : `${scheme} ${token}` };
}

async function connect({ muster, tenant, profile }: Setting, dialect: Dialect): Promise<Headers> {
  const { name, profiles } = dialect;
  const wish = { tenant, dialect: name, ...(profiles.length > 0 && { profile }) };
  return credentialOf(dialect, await muster.connect(wish));
}

async function signIn({ tenant, file, post }: Setting, dialect: Dialect, given: string): Promise<Headers> {
  const [, { userName: name, password }] = file.given?.[given] ?? ['', {}];
  if (name === undefined || password === undefined) throw new Error(`${given} is not given with a password`);
  if (dialect.name === 'metabase') {
    const { id } = (await post(dialect, '/api/session', { username: name, password })) as { id: string };
    return { 'X-Metabase-Session': id };
  }
  if (!dialect.signsIn) throw new Error(`nobody signs in to ${dialect.name}`);
  const session = { tenant, name, password, api: dialect.name };
  const { token } = (await post(dialect, '/admin/v1/sessions', session)) as { token: string };
  return credentialOf(dialect, token);
}
