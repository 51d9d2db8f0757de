import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Client, expectError, listResponse, nobody, type Scim, startScim } from './scim-client.ts';

let scim: Scim;
let client: Client;
const ids: string[] = [];

beforeAll(async () => {
  scim = await startScim();
  client = scim.lenient;
  for (let n = 0; n < 7; n += 1) ids.push((await client.makeUser({ title: `t${n}` })).id);
});
afterAll(() => scim.stop());

const idsOf = ({ body }: { body: { Resources: { id: string }[] } }) => body.Resources.map(({ id }) => id);

test('R-140: a resource is answered with its version and its location', async () => {
  const { status, headers, body } = await client.get(`/Users/${ids[0]}`);
  expect(status).toBe(200);
  expect(headers.get('etag')).toBe(body.meta.version);
  expect(headers.get('location')).toBe(body.meta.location);
});

test('R-140: HEAD is GET without a body', async () => {
  const path = `${scim.muster.server.url}/scim/v2/Users/${ids[0]}`;
  const answer = await fetch(path, { method: 'HEAD', headers: { Authorization: `Bearer ${client.token}` } });
  expect([answer.status, answer.headers.get('etag'), await answer.text()]).toEqual([200, 'W/"1"', '']);
});

test.each([
  nobody,
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
  '010101010101010101010101',
  '1',
  '0',
  '-1',
  'NaN',
  'null',
  '__proto__',
  '%23',
  '%20',
  '%27%20or%20%271%27=%271',
  '%F0%9F%92%A9',
  '..%2f..%2fmetrics',
  'x'.repeat(2000),
])('R-141: the id %s is 404 for every method and type', async (id) => {
  for (const endpoint of ['/Users', '/Groups', '/OrgUnits']) {
    expectError(await client.get(`${endpoint}/${id}`), 404);
    expectError(await client.put(`${endpoint}/${id}`, { userName: 'x', displayName: 'x', kind: 'SHOP' }), 404);
    expectError(await client.patch(`${endpoint}/${id}`, [{ op: 'replace', path: 'displayName', value: 'x' }]), 404);
    expectError(await client.delete(`${endpoint}/${id}`), 404);
  }
  expectError(await client.patch(`/Groups/${id}`, [{ op: 'remove', path: 'members' }]), 404);
});

test('R-141: the id of a group is not that of a user, and the other way round', async () => {
  const group = await client.makeGroup();
  expectError(await client.get(`/Users/${group.id}`), 404);
  expectError(await client.get(`/Groups/${ids[0]}`), 404);
  expectError(await client.delete(`/Users/${group.id}`), 404);
});

test('R-142: a list has its five members, the numbers as numbers', async () => {
  const { status, body } = await client.get('/Users');
  expect(status).toBe(200);
  expect(body).toEqual({
    schemas: [listResponse],
    totalResults: 7,
    startIndex: 1,
    itemsPerPage: 7,
    Resources: body.Resources,
  });
  expect(body.Resources[3]).toEqual((await client.get(`/Users/${body.Resources[3].id}`)).body);
});

test('R-142, R-143: an empty list has them too', async () => {
  const empty = { schemas: [listResponse], totalResults: 0, startIndex: 1, itemsPerPage: 0, Resources: [] };
  expect((await client.find('/Users', 'userName eq "nobody"')).body).toEqual(empty);
  expect((await client.get('/OrgUnits')).body).toEqual(empty);
});

test.each(['', '?filter=title%20eq%20%22t1%22'])('R-144: a search over all types (%s) is 403', async (query) => {
  expectError(await client.get(`/${query}`), 403);
  expectError(await client.get(query), 403);
  expectError(await scim.muster.send(undefined, 'GET', `/${query}`), 401);
});

test('R-146: a filter on one resource is ignored', async () => {
  const { status, body } = await client.find(`/Users/${ids[0]}`, 'userName eq "nobody"');
  expect([status, body.id]).toEqual([200, ids[0]]);
});

test('R-147: a new resource is on the first page', async () => {
  expect(idsOf(await client.get('/Users'))).toContain(ids.at(-1));
});

describe('paging', () => {
  test.each([
    ['startIndex=0', 1],
    ['startIndex=-5', 1],
    ['startIndex=', 1],
    ['startIndex=3', 3],
    ['startindex=3', 3],
    ['STARTINDEX=3&Count=2', 3],
  ])('R-210, R-215: %s starts at %d', async (query, startIndex) => {
    const answer = await client.get(`/Users?${query}`);
    expect(answer.body.startIndex).toBe(startIndex);
    expect(idsOf(answer)[0]).toBe(ids[startIndex - 1]);
  });

  test.each([
    ['count=-1', 0],
    ['count=0', 0],
    ['count=2', 2],
    ['COUNT=2', 2],
    ['count=100000', 7],
    ['count=999999999999', 7],
  ])('R-211, R-212: %s gives %d and the total', async (query, length) => {
    const { body } = await client.get(`/Users?${query}`);
    expect(body).toMatchObject({ totalResults: 7, itemsPerPage: length });
    expect(body.Resources).toHaveLength(length);
  });

  test('R-214: a start beyond the end gives an empty page with the total and the start', async () => {
    for (const startIndex of [8, 1_000_000_000]) {
      const { status, body } = await client.get(`/Users?startIndex=${startIndex}&count=5`);
      expect(status).toBe(200);
      expect(body).toMatchObject({ totalResults: 7, startIndex, itemsPerPage: 0, Resources: [] });
    }
  });

  test.each(['startIndex=a', 'count=1.5', 'count=1e3', 'startIndex=0x10', 'count=9999999999999999', 'count=%20'])(
    'R-216: %s is 400',
    async (query) => expectError(await client.get(`/Users?${query}`), 400, 'invalidValue'),
  );

  test.each(['startIndex=1&startIndex=2', 'filter=a&FILTER=b', 'count=1&Count=1'])(
    'H-17: %s is 400, since two programs would read it differently',
    async (query) => expectError(await client.get(`/Users?${query}`), 400, 'invalidValue'),
  );

  test('R-217: a walk over the pages meets everybody once, in one order', async () => {
    const walked: string[] = [];
    for (let start = 1; start <= 7; start += 3) {
      walked.push(...idsOf(await client.get(`/Users?startIndex=${start}&count=3`)));
    }
    expect(walked).toEqual(ids);
    const filter = encodeURIComponent('title sw "t"');
    expect(idsOf(await client.get(`/Users?startIndex=3&count=2&filter=${filter}`))).toEqual(ids.slice(2, 4));
  });
});

test('R-213: a page has 100 resources unless somebody asks for more, and never more than 1,000', async () => {
  const many = await scim.muster.connect();
  const total = 101;
  for (let left = total; left > 0; left -= 25) {
    await Promise.all(
      Array.from({ length: Math.min(25, left) }, (_, n) =>
        scim.muster.send(many, 'POST', '/Groups', { displayName: `g${left}-${n}` }),
      ),
    );
  }
  const count = async (query: string) => (await client.get(`/Groups${query}`)).body.itemsPerPage;
  const all = (await client.get('/Groups')).body.totalResults;
  expect(all).toBeGreaterThanOrEqual(total);
  expect([await count(''), await count('?count=1000'), await count('?count=5000')]).toEqual([100, all, all]);
  const { body } = await client.get('/ServiceProviderConfig');
  expect(body.filter.maxResults).toBe(1000);
});
