import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Answer } from '#test/support/muster.ts';
import { type Metabase, makeGroup, startMetabase, tokenFor } from './cast.ts';

let metabase: Metabase;
let enterprise: Metabase;
/** Crowberto and Rasta are in both. */
let [first, second]: readonly { readonly number: number; readonly name: string }[] = [];

beforeAll(async () => {
  metabase = await startMetabase();
  const { crowberto, rasta } = metabase.cast;
  first = await makeGroup(metabase, [crowberto, rasta], [], 'First team');
  second = await makeGroup(metabase, [rasta], [crowberto], 'Second team');
  enterprise = await metabase.beside({ edition: 'enterprise' });
});
afterAll(() => metabase.stop());

const forbidden = [403, "You don't have permissions to do that."];
const brief = ({ status, body }: Answer) => [status, body];
const firstNames = ({ body }: Answer) => body.data.map((row: { first_name: string }) => row.first_name);
const ownKeys = [
  ...['id', 'email', 'date_joined', 'first_name', 'last_name', 'last_login', 'is_superuser', 'is_qbnewb'],
  ...['sso_source', 'is_active', 'updated_at', 'login_attributes', 'locale', 'common_name'],
];
const moment = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);

describe('recipients', () => {
  test('case 26: an ordinary person sees all active people by their last names', async () => {
    const { body } = await metabase.as('rasta').get('/api/user/recipients');
    const { crowberto, lucky, rasta } = metabase.cast;
    const row = (id: number, email: string, given: string, family: string) => ({
      ...{ id, email, first_name: given, last_name: family, common_name: `${given} ${family}` },
    });
    expect(body).toEqual({
      data: [
        row(crowberto.number, 'crowberto@metabase.com', 'Crowberto', 'Corv'),
        row(lucky.number, 'lucky@metabase.com', 'Lucky', 'Pigeon'),
        row(rasta.number, 'rasta@metabase.com', 'Rasta', 'Toucan'),
      ],
      ...{ total: 3, limit: null, offset: null },
    });
  });

  test('a superuser sees more of each', async () => {
    const { body } = await metabase.as('crowberto').get('/api/user/recipients');
    expect(Object.keys(body.data[0])).toEqual(ownKeys);
  });

  test('nobody sees them without signing in', async () => {
    expect(brief(await metabase.with().get('/api/user/recipients'))).toEqual([401, 'Unauthenticated']);
  });

  test.each(['all', 'group', 'none'] as const)(
    'case 27: in the free edition visibility %s is ignored',
    async (each) => {
      const free = await metabase.beside({ userVisibility: each });
      expect(firstNames(await free.as('rasta').get('/api/user/recipients'))).toEqual(['Crowberto', 'Lucky', 'Rasta']);
    },
  );

  const seeing = (userVisibility: 'all' | 'group' | 'none', sandboxedGroups: readonly string[] = []) =>
    metabase.beside({ edition: 'enterprise', userVisibility, sandboxedGroups });

  test('case 28: with visibility all an ordinary person sees all', async () => {
    const all = await seeing('all');
    expect(firstNames(await all.as('rasta').get('/api/user/recipients'))).toEqual(['Crowberto', 'Lucky', 'Rasta']);
  });

  test('cases 29 and 32: with visibility none a superuser sees all, and an ordinary person himself', async () => {
    const none = await seeing('none');
    expect(firstNames(await none.as('crowberto').get('/api/user/recipients'))).toEqual(['Crowberto', 'Lucky', 'Rasta']);
    const { body } = await none.as('rasta').get('/api/user/recipients');
    expect(body).toMatchObject({ total: 1, data: [{ id: metabase.cast.rasta.number }] });
    expect(Object.keys(body.data[0])).toEqual(ownKeys);
  });

  test('case 30: with visibility group an ordinary person sees who shares a group with him, once', async () => {
    const group = await seeing('group');
    const answer = await group.as('rasta').get('/api/user/recipients');
    expect([firstNames(answer), answer.body.total]).toEqual([['Crowberto', 'Rasta'], 2]);
    const ofNobody = await group.as('lucky').get('/api/user/recipients');
    expect(firstNames(ofNobody)).toEqual(['Crowberto', 'Lucky', 'Rasta']);
  });

  test('case 31: who is sandboxed sees himself alone', async () => {
    const group = await seeing('group', ['First team']);
    expect(firstNames(await group.as('rasta').get('/api/user/recipients'))).toEqual(['Rasta']);
    expect(firstNames(await group.as('crowberto').get('/api/user/recipients'))).toHaveLength(3);
  });
});

describe('recipients of a key of a group', () => {
  async function keyIn(group: number): Promise<{ readonly 'X-API-Key': string }> {
    const { body } = await metabase.as('crowberto').post('/api/api-key', { group_id: group, name: `Key of ${group}` });
    return { 'X-API-Key': body.unmasked_key };
  }

  test('it sees whom a person of its group sees, and itself where he sees himself alone', async () => {
    const key = await keyIn(first?.number ?? 0);
    const seen = async (settings: Parameters<Metabase['beside']>[0]) => {
      const other = await metabase.beside({ edition: 'enterprise', ...settings });
      return firstNames(await other.with(key).get('/api/user/recipients'));
    };
    expect(await seen({ userVisibility: 'all' })).toEqual(['Crowberto', 'Lucky', 'Rasta']);
    expect(await seen({ userVisibility: 'group' })).toEqual(['Crowberto', 'Rasta']);
    expect(await seen({ userVisibility: 'none' })).toEqual([`Key of ${first?.number}`]);
    expect(await seen({ sandboxedGroups: ['First team'] })).toEqual([`Key of ${first?.number}`]);
  });
});

describe('current', () => {
  test('case 2: nobody is current without signing in', async () => {
    expect(brief(await metabase.with().get('/api/user/current'))).toEqual([401, 'Unauthenticated']);
  });

  test('cases 33 to 40: who is signed in sees himself, and that there are no dashboards', async () => {
    const { rasta } = metabase.cast;
    const { status, body } = await metabase.as('rasta').get('/api/user/current');
    expect(status).toBe(200);
    expect(body).toEqual({
      ...{ id: rasta.number, email: 'rasta@metabase.com', first_name: 'Rasta', last_name: 'Toucan' },
      ...{ date_joined: moment, updated_at: moment, last_login: null, first_login: moment, is_superuser: false },
      ...{ is_qbnewb: true, sso_source: null, is_active: true, login_attributes: null, locale: null },
      ...{ common_name: 'Rasta Toucan', group_ids: [1, first?.number, second?.number] },
      ...{ personal_collection_id: rasta.number, custom_homepage: null, has_question_and_dashboard: false },
      ...{ has_model: false, is_installer: false, has_invited_second_user: false },
    });
  });

  test('case 33: the first person on the roll is the installer', async () => {
    const { body } = await metabase.as('crowberto').get('/api/user/current');
    expect(body).toMatchObject({ id: 1, is_installer: true, has_invited_second_user: true });
    expect(body.group_ids).toEqual([1, 2, first?.number, second?.number]);
  });

  test('in the enterprise edition the current person has permissions', async () => {
    const permissions = async (role: 'crowberto' | 'rasta') =>
      (await enterprise.as(role).get('/api/user/current')).body.permissions;
    expect(await permissions('crowberto')).toMatchObject({ can_access_setting: true, is_group_manager: true });
    expect(await permissions('rasta')).toMatchObject({ can_access_setting: false, is_group_manager: false });
  });
});

describe('one user', () => {
  const path = (role: keyof Metabase['cast']) => `/api/user/${metabase.cast[role].number}`;

  test('case 41: an ordinary person reads himself', async () => {
    const { status, body } = await metabase.as('lucky').get(path('lucky'));
    expect([status, Object.keys(body)]).toEqual([200, [...ownKeys, 'user_group_memberships']]);
    expect(body).toMatchObject({ common_name: 'Lucky Pigeon', user_group_memberships: [{ id: 1 }] });
  });

  test('case 42: an ordinary person reads nobody else, whether he is there or not', async () => {
    expect(brief(await metabase.as('rasta').get(path('trash')))).toEqual(forbidden);
    expect(brief(await metabase.as('rasta').get('/api/user/2147483647'))).toEqual(forbidden);
  });

  test('case 43: a superuser reads anybody', async () => {
    const { body } = await metabase.as('crowberto').get(path('rasta'));
    expect(body).toMatchObject({ id: metabase.cast.rasta.number, common_name: 'Rasta Toucan' });
    expect(body.user_group_memberships).toEqual([{ id: 1 }, { id: first?.number }, { id: second?.number }]);
  });

  test('case 44: a deactivated person is there, or missing where the operator wants it as it was', async () => {
    const { status, body } = await metabase.as('crowberto').get(path('trash'));
    expect([status, body.is_active]).toEqual([200, false]);
    const old = await metabase.beside({ deactivated: 'missing' });
    expect(brief(await old.as('crowberto').get(path('trash')))).toEqual([404, 'Not found.']);
  });

  test('case 45: in the enterprise edition a manager reads others', async () => {
    const manager = await makeGroup(metabase, [], [metabase.cast.lucky]);
    expect(brief(await enterprise.as('rasta').get(path('lucky')))).toEqual(forbidden);
    expect(brief(await metabase.as('lucky').get(path('rasta')))).toEqual(forbidden);
    const { status, body } = await enterprise.as('lucky').get(path('trash'));
    expect([status, body.user_group_memberships]).toEqual([200, [{ id: 1, is_group_manager: false }]]);
    const own = (await enterprise.as('lucky').get(path('lucky'))).body;
    expect(own.user_group_memberships).toContainEqual({ id: manager.number, is_group_manager: true });
  });

  test('an id that nobody has is 404, and 0 is no id', async () => {
    expect(brief(await metabase.as('crowberto').get('/api/user/2147483647'))).toEqual([404, 'Not found.']);
    expect(brief(await metabase.as('crowberto').get('/api/user/0'))).toEqual([
      400,
      {
        errors: { id: 'value must be an integer greater than zero.' },
        'specific-errors': { id: ['value must be an integer greater than zero., received: "0"'] },
      },
    ]);
  });
});

describe('credentials', () => {
  test('a session of a deactivated person is nobody’s', async () => {
    expect(brief(await metabase.as('trash').get('/api/user/current'))).toEqual([401, 'Unauthenticated']);
  });

  test('the cookie of an embedded session counts only beside a header that no other page can send', async () => {
    const { crowberto, lucky, rasta } = metabase.cast;
    const embedded = `metabase.EMBEDDED_SESSION=${await tokenFor(metabase, lucky)}`;
    const current = async (headers: Record<string, string>) => {
      const { status, body } = await metabase.with(headers).get('/api/user/current');
      return [status, body.id];
    };
    const proof = { 'X-Metabase-Anti-CSRF-Token': 'any' };
    expect(await current({ Cookie: embedded })).toEqual([401, undefined]);
    expect(await current({ Cookie: embedded, 'X-Metabase-Anti-CSRF-Token': '' })).toEqual([401, undefined]);
    expect(await current({ Cookie: embedded, ...proof })).toEqual([200, lucky.number]);
    // It is tried before the other cookie, which is tried before the header.
    const both = `${embedded}; metabase.SESSION=${await tokenFor(metabase, rasta)}`;
    const header = { 'X-Metabase-Session': await tokenFor(metabase, crowberto) };
    expect(await current({ Cookie: both, ...header, ...proof })).toEqual([200, lucky.number]);
    expect(await current({ Cookie: both, ...header })).toEqual([200, rasta.number]);
    expect(await current({ Cookie: embedded, ...header })).toEqual([200, crowberto.number]);
  });

  test('a key is good in any case of its header, and is tried when a session is nobody’s', async () => {
    const token = await metabase.muster.connect({ dialect: 'metabase', name: 'A script' });
    for (const header of ['X-API-Key', 'x-api-key', 'X-API-KEY']) {
      expect((await metabase.with({ [header]: token }).get('/api/user')).status).toBe(200);
    }
    const dead = { 'X-Metabase-Session': '00000000-0000-4000-8000-000000000000', 'X-API-Key': token };
    expect((await metabase.with(dead).get('/api/user')).status).toBe(200);
    expect((await metabase.with({ 'X-Metabase-Session': token }).get('/api/user')).status).toBe(401);
    expect((await metabase.with({ Authorization: `Bearer ${token}` }).get('/api/user')).status).toBe(401);
  });
});
