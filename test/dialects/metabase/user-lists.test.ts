import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Answer } from '#test/support/muster.ts';
import { type Metabase, makeGroup, startMetabase } from './cast.ts';

let metabase: Metabase;
let enterprise: Metabase;
/** Crowberto and Rasta, managed by Lucky. */
let managed: { readonly number: number };
/** Lucky and Rasta, managed by Crowberto. */
let other: { readonly number: number };

beforeAll(async () => {
  metabase = await startMetabase();
  enterprise = await metabase.beside({ edition: 'enterprise' });
  const { crowberto, rasta, lucky } = metabase.cast;
  managed = await makeGroup(metabase, [rasta], [lucky], 'A team');
  other = await makeGroup(metabase, [lucky, rasta], [crowberto], 'B team');
});
afterAll(() => metabase.stop());

const forbidden = [403, "You don't have permissions to do that."];
const brief = ({ status, body }: Answer) => [status, body];
const firstNames = ({ body }: Answer) => body.data.map((row: { first_name: string }) => row.first_name);
const adminKeys = [
  ...['id', 'email', 'date_joined', 'first_name', 'last_name', 'last_login', 'is_superuser', 'is_qbnewb'],
  ...['sso_source', 'is_active', 'updated_at', 'login_attributes', 'locale', 'common_name'],
];

describe('listing', () => {
  test('case 1: nobody lists without signing in', async () => {
    const answer = await metabase.with().get('/api/user');
    expect(brief(answer)).toEqual([401, 'Unauthenticated']);
    expect(answer.headers.get('content-type')).toBe('text/plain');
  });

  test('case 3: a superuser sees the columns of superusers and nothing else', async () => {
    const answer = await metabase.as('crowberto').get('/api/user/');
    expect(answer.headers.get('content-type')).toBe('application/json;charset=utf-8');
    expect(Object.keys(answer.body)).toEqual(['data', 'total', 'limit', 'offset']);
    for (const row of answer.body.data) {
      expect(Object.keys(row)).toEqual([...adminKeys, 'group_ids', 'personal_collection_id']);
    }
  });

  test('case 4: the active people are there, and the deactivated one is not', async () => {
    const answer = await metabase.as('crowberto').get('/api/user');
    expect(firstNames(answer)).toEqual(['Crowberto', 'Lucky', 'Rasta']);
    expect(answer.body).toMatchObject({ total: 3, limit: null, offset: null });
  });

  test('case 5: a query finds a part of a name in any case', async () => {
    expect(firstNames(await metabase.as('crowberto').get('/api/user?query=lUck'))).toEqual(['Lucky']);
  });

  test('a query finds a last name and an e-mail, and % and _ are wildcards', async () => {
    const found = async (query: string) =>
      firstNames(await metabase.as('crowberto').get(`/api/user?query=${encodeURIComponent(query)}`));
    expect(await found('TOUC')).toEqual(['Rasta']);
    expect(await found('lucky@metabase')).toEqual(['Lucky']);
    expect(await found('R_sta')).toEqual(['Rasta']);
    expect(await found('c%o')).toEqual(['Crowberto', 'Lucky', 'Rasta']);
    expect(await found('ю')).toEqual([]);
  });

  test('case 6: who is no superuser does not list, with a query neither', async () => {
    expect(brief(await metabase.as('lucky').get('/api/user'))).toEqual(forbidden);
    expect(brief(await metabase.as('lucky').get('/api/user?query=lUck'))).toEqual(forbidden);
  });

  test('case 7: in the enterprise edition a superuser lists any group, wherever he is a manager', async () => {
    const { number } = managed;
    expect(firstNames(await enterprise.as('crowberto').get(`/api/user?group_id=${number}`))).toEqual([
      'Lucky',
      'Rasta',
    ]);
    expect(firstNames(await enterprise.as('crowberto').get('/api/user'))).toEqual(['Crowberto', 'Lucky', 'Rasta']);
  });

  test('case 8: a member who does not manage the group does not list it', async () => {
    expect(brief(await enterprise.as('rasta').get(`/api/user?group_id=${managed.number}`))).toEqual(forbidden);
  });

  test('case 9: the manager of another group does not list it', async () => {
    expect(brief(await enterprise.as('lucky').get(`/api/user?group_id=${other.number}`))).toEqual(forbidden);
  });

  test('case 10: a manager lists the members of his group', async () => {
    const answer = await enterprise.as('lucky').get(`/api/user?group_id=${managed.number}`);
    expect(firstNames(answer)).toEqual(['Lucky', 'Rasta']);
    const keys = ['id', 'email', 'first_name', 'last_name', 'is_superuser', 'last_login', 'common_name', 'group_ids'];
    expect(Object.keys(answer.body.data[0])).toEqual(keys);
  });

  test('case 11: a manager who names no group lists all active people', async () => {
    expect(firstNames(await enterprise.as('lucky').get('/api/user'))).toEqual(['Crowberto', 'Lucky', 'Rasta']);
  });

  test('case 12: in the free edition managers list no more than members', async () => {
    for (const role of ['lucky', 'rasta'] as const) {
      expect(brief(await metabase.as(role).get(`/api/user?group_id=${managed.number}`))).toEqual(forbidden);
      expect(brief(await metabase.as(role).get('/api/user'))).toEqual(forbidden);
    }
  });

  test('case 13: every field of every row is right', async () => {
    const { body } = await metabase.as('crowberto').get('/api/user');
    const moment = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    const { crowberto, lucky, rasta } = metabase.cast;
    const usual = {
      ...{ date_joined: moment, last_login: null, is_superuser: false, is_qbnewb: true, sso_source: null },
      ...{ is_active: true, updated_at: moment, login_attributes: null, locale: null },
    };
    const row = (number: number, email: string, first: string, last: string, more: object) => ({
      ...{ id: number, email, ...usual, first_name: first, last_name: last, common_name: `${first} ${last}` },
      ...{ personal_collection_id: number, ...more },
    });
    expect(body.data).toEqual([
      row(crowberto.number, 'crowberto@metabase.com', 'Crowberto', 'Corv', {
        ...{ is_superuser: true, group_ids: [1, 2, other.number] },
      }),
      row(lucky.number, 'lucky@metabase.com', 'Lucky', 'Pigeon', { group_ids: [1, managed.number, other.number] }),
      row(rasta.number, 'rasta@metabase.com', 'Rasta', 'Toucan', { group_ids: [1, managed.number, other.number] }),
    ]);
  });

  test('case 14: the group of administrators has the superuser', async () => {
    expect(firstNames(await metabase.as('crowberto').get('/api/user?group_id=2'))).toEqual(['Crowberto']);
  });

  test('the group of all users has everybody, and one that is not there has nobody', async () => {
    const found = async (group: number) =>
      firstNames(await metabase.as('crowberto').get(`/api/user?group_id=${group}`));
    expect(await found(1)).toEqual(['Crowberto', 'Lucky', 'Rasta']);
    expect(await found(999_999)).toEqual([]);
  });

  test.each(['abc', '', '0', '1.5'])('a group_id of "%s" is refused with the words for numbers', async (text) => {
    const answer = await metabase.as('crowberto').get(`/api/user?group_id=${text}`);
    expect(brief(answer)).toEqual([
      400,
      {
        errors: { group_id: 'nullable value must be an integer greater than zero.' },
        'specific-errors': { group_id: [`value must be an integer greater than zero., received: "${text}"`] },
      },
    ]);
  });

  test('case 15: who is no superuser does not list deactivated people', async () => {
    expect(brief(await metabase.as('rasta').get('/api/user?include_deactivated=true'))).toEqual(forbidden);
    expect(brief(await metabase.as('rasta').get('/api/user?status=all'))).toEqual(forbidden);
  });

  test('case 16: all people are counted, and no hidden one', async () => {
    expect((await metabase.as('crowberto').get('/api/user?status=all')).body.total).toBe(4);
  });

  test('case 17: include_deactivated lists the deactivated one too', async () => {
    const answer = await metabase.as('crowberto').get('/api/user?include_deactivated=true');
    expect(firstNames(answer)).toEqual(['Crowberto', 'Lucky', 'Rasta', 'Trash']);
    expect(answer.body.data[3].is_active).toBe(false);
  });

  test('case 18: status=all lists the same', async () => {
    const [one, two] = await Promise.all(
      ['status=all', 'include_deactivated=true'].map((query) => metabase.as('crowberto').get(`/api/user?${query}`)),
    );
    expect(one?.body).toEqual(two?.body);
  });

  test('case 19: include_deactivated=false lists the active ones', async () => {
    const answer = await metabase.as('crowberto').get('/api/user?include_deactivated=false');
    expect(firstNames(answer)).toEqual(['Crowberto', 'Lucky', 'Rasta']);
  });

  test.each([
    ['status=deactivated', ['Trash']],
    ['status=whatever', ['Crowberto', 'Lucky', 'Rasta']],
    ['status=deactivated&include_deactivated=True', ['Crowberto', 'Lucky', 'Rasta', 'Trash']],
    ['include_deactivated=yes', ['Crowberto', 'Lucky', 'Rasta']],
  ])('%s lists the right ones', async (query, names) => {
    expect(firstNames(await metabase.as('crowberto').get(`/api/user?${query}`))).toEqual(names);
  });

  const page = async (query: string) => (await metabase.as('crowberto').get(`/api/user?${query}`)).body;

  test('case 20: a limit alone begins at the beginning', async () => {
    expect(await page('limit=1')).toEqual(await page('limit=1&offset=0'));
    expect(await page('limit=1')).toMatchObject({ limit: 1, offset: 0 });
  });

  test('case 21: an offset alone has a limit of 50', async () => {
    expect(await page('offset=1')).toEqual(await page('limit=50&offset=1'));
    expect(await page('offset=1')).toMatchObject({ limit: 50, offset: 1 });
  });

  test('case 22: a page counts all active people', async () => {
    expect(await page('limit=1&offset=1')).toMatchObject({ total: 3, data: [{ first_name: 'Lucky' }] });
  });

  test('case 23: pages fit together', async () => {
    expect((await page('limit=2&offset=1')).data).toEqual((await page('limit=3&offset=0')).data.slice(1));
  });

  test('a limit that is no number is ignored', async () => {
    expect(await page('limit=abc&offset=-1')).toMatchObject({ limit: null, offset: null, total: 3 });
  });

  test('case 25: in the enterprise edition a manager lists everybody, an ordinary person nobody', async () => {
    expect(brief(await enterprise.as('rasta').get('/api/user?status=all'))).toEqual(forbidden);
    const answer = await enterprise.as('lucky').get('/api/user?status=all');
    expect([answer.status, answer.body.total]).toEqual([200, 4]);
    expect((await metabase.as('lucky').get('/api/user?status=all')).status).toBe(403);
    expect((await metabase.as('crowberto').get('/api/user?status=all')).status).toBe(200);
  });

  test('a sandboxed manager lists himself alone', async () => {
    const sandboxed = await metabase.beside({ edition: 'enterprise', sandboxedGroups: ['A team'] });
    expect(firstNames(await sandboxed.as('lucky').get('/api/user'))).toEqual(['Lucky']);
    expect(firstNames(await sandboxed.as('crowberto').get('/api/user'))).toEqual(['Crowberto', 'Lucky', 'Rasta']);
  });
});
