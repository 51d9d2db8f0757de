import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { beginSession, type SessionPolicyName } from '#access/sessions.ts';
import { newToken } from '#access/token.ts';
import { userType } from '#attributes/resource-type.ts';
import { createResource } from '#operations/create-resource.ts';
import { askToken, grant, newClient } from '#test/admin/oauth-client.ts';
import { type Muster, startMuster } from '#test/support/muster.ts';
import { changesOf, rules } from '../operations/open-roll.ts';

/** Where a request can bring a token, by what its headers are called. */
const places = {
  Bearer: (token: string) => ({ Authorization: `Bearer ${token}` }),
  'X-API-Key': (token: string) => ({ 'X-API-Key': token }),
  'X-Metabase-Session': (token: string) => ({ 'X-Metabase-Session': token }),
  'the cookie of a browser': (token: string) => ({ Cookie: `metabase.SESSION=${token}` }),
  'the cookie of an embedded page': (token: string) => ({
    Cookie: `metabase.EMBEDDED_SESSION=${token}`,
    'X-Metabase-Anti-CSRF-Token': 'x',
  }),
} as const;
type Place = keyof typeof places;

/** A path of each API that answers nobody whom it does not know. */
const paths = {
  scim: '/scim/v2/Users',
  admin: '/admin/v1/users',
  callbox: '/api/v1/staff/users',
  metabase: '/api/user/recipients',
} as const;
type Api = keyof typeof paths;
const apis = Object.keys(paths) as readonly Api[];

/** Where each credential is good; in every other place of every API it is refused. */
const good: Readonly<Record<string, readonly (readonly [Api, Place])[]>> = {
  'a token of SCIM': [['scim', 'Bearer']],
  'an access token of SCIM': [['scim', 'Bearer']],
  'a token of our own API': [['admin', 'Bearer']],
  'a session of our own API': [['admin', 'Bearer']],
  'a token of CallBox': [['callbox', 'Bearer']],
  'a session of CallBox': [['callbox', 'Bearer']],
  'a key of Metabase': [['metabase', 'X-API-Key']],
  'a session of Metabase': [
    ['metabase', 'X-Metabase-Session'],
    ['metabase', 'the cookie of a browser'],
    ['metabase', 'the cookie of an embedded page'],
  ],
  'an access token of Metabase': [],
  'a session that never was': [],
  'a key that never was': [],
};

let muster: Muster;
const tokens = new Map<string, string>();

beforeAll(async () => {
  muster = await startMuster();
  const admin = await muster.admin();
  const changes = changesOf({ userName: 'superuser', muster: { superuser: true } });
  const { resource } = await createResource(admin, muster.db, userType, { changes, rules });
  const session = (dialect: Api, policy: SessionPolicyName) =>
    muster.db.transaction((tx) => beginSession(tx, { ...admin, dialect }, { person: resource.id, policy }));
  const access = async (dialect: Api) => {
    const { connection, secret } = await newClient(muster, `client of ${dialect}`, { dialect });
    return (await askToken(muster, { ...grant, client_id: connection, client_secret: secret })).body.access_token;
  };
  const made: Record<keyof typeof good, string> = {
    'a token of SCIM': await muster.connect(),
    'an access token of SCIM': await access('scim'),
    'a token of our own API': await muster.connect({ dialect: 'admin' }),
    'a session of our own API': await session('admin', 'own'),
    'a token of CallBox': await muster.connect({ dialect: 'callbox' }),
    'a session of CallBox': await session('callbox', 'own'),
    'a key of Metabase': await muster.connect({ dialect: 'metabase' }),
    'a session of Metabase': await session('metabase', 'fixed'),
    'an access token of Metabase': await access('metabase'),
    'a session that never was': newToken('uuid').token,
    'a key that never was': newToken('mb').token,
  };
  for (const [name, token] of Object.entries(made)) tokens.set(name, token);
});
afterAll(() => muster.stop());

async function statusOf(api: Api, headers: Record<string, string>): Promise<number> {
  const response = await fetch(muster.server.url + paths[api], { headers });
  await response.body?.cancel();
  return response.status;
}

describe('S-07: a credential is good in its own API, where that takes it, and nowhere else', () => {
  test.each(Object.keys(good))('%s', async (name) => {
    const asked = apis.flatMap((api) => (Object.keys(places) as Place[]).map((place) => [api, place] as const));
    const token = tokens.get(name) ?? '';
    const found = await Promise.all(asked.map(([api, place]) => statusOf(api, places[place](token))));
    expect(found.filter((status) => status !== 401 && status !== 200)).toEqual([]);
    expect(asked.filter((_, index) => found[index] === 200)).toEqual(good[name]);
  });

  test('a good one beside one of another API is taken, in whichever header that is', async () => {
    const of = (name: keyof typeof good) => tokens.get(name) ?? '';
    const all = {
      ...places['X-API-Key'](of('a key of Metabase')),
      ...places['X-Metabase-Session'](of('a session that never was')),
    };
    expect(await statusOf('metabase', { ...all, ...places.Bearer(of('a token of SCIM')) })).toBe(200);
    expect(await statusOf('callbox', { ...all, ...places.Bearer(of('a token of CallBox')) })).toBe(200);
    expect(await statusOf('callbox', { ...all, ...places.Bearer(of('a token of SCIM')) })).toBe(401);
  });
});
