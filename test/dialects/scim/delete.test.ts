import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Answer } from '#test/support/muster.ts';
import { type Client, expectError, newName, nobody, orgUnit, type Scim, startScim } from './scim-client.ts';

let scim: Scim;
let client: Client;

beforeAll(async () => {
  scim = await startScim();
  client = scim.lenient;
});
afterAll(() => scim.stop());

const makers: readonly (readonly [string, (one: Client) => Promise<Answer['body']>])[] = [
  ['/Users', (one) => one.makeUser({ externalId: newName() })],
  ['/Groups', async (one) => one.makeGroup([(await one.makeUser()).id])],
  [
    '/OrgUnits',
    async (one) => (await one.post('/OrgUnits', { schemas: [orgUnit], displayName: newName(), kind: 'SHOP' })).body,
  ],
];

test.each(makers)(
  'R-340, R-341, R-342, R-344: DELETE of one of %s is 204, and then it is gone',
  async (endpoint, make) => {
    const made = await make(client);
    const path = `${endpoint}/${made.id}`;
    const total = (await client.get(endpoint)).body.totalResults;
    const answer = await client.delete(path);
    expect([answer.status, answer.body]).toEqual([204, '']);
    expectError(await client.get(path), 404);
    expectError(await client.put(path, made), 404);
    expectError(await client.patch(path, [{ op: 'replace', path: 'displayName', value: 'x' }]), 404);
    expectError(await client.delete(path), 404);
    expect((await client.get(endpoint)).body.totalResults).toBe(total - 1);
    expect((await client.find(endpoint, `id eq "${made.id}"`)).body.totalResults).toBe(0);
    const name =
      made.userName === undefined ? `displayName eq "${made.displayName}"` : `userName eq "${made.userName}"`;
    expect((await client.find(endpoint, name)).body.totalResults).toBe(0);
  },
);

test('R-342: no filter finds somebody deleted, by whatever he had', async () => {
  const { id } = await client.makeUser({ externalId: 'gone', title: 'gone', emails: [{ value: 'gone@example.org' }] });
  await client.delete(`/Users/${id}`);
  for (const filter of ['externalId eq "gone"', 'title co "gone"', 'emails sw "gone"', 'not (title pr)']) {
    expect((await client.find('/Users', filter)).body.Resources.map((one: Answer['body']) => one.id)).not.toContain(id);
  }
});

test('R-343: a group’s name is free again, for a group with another id', async () => {
  const gone = await client.makeGroup();
  await client.delete(`/Groups/${gone.id}`);
  const again = await client.makeGroup([], { displayName: gone.displayName });
  expect(again.id).not.toBe(gone.id);
});

test('R-344: DELETE of an unknown id is 404', async () => {
  for (const [endpoint] of makers) expectError(await client.delete(`${endpoint}/${nobody}`), 404);
});

test('R-345: DELETE is not a deactivation: a filter for the inactive does not find him', async () => {
  const { id } = await client.makeUser();
  await client.delete(`/Users/${id}`);
  expect((await client.find('/Users', 'active eq false')).body.totalResults).toBe(0);
});

test('R-347: DELETE with a body or a Content-Type is accepted', async () => {
  const bodies: readonly (readonly [unknown, Record<string, string>])[] = [
    [undefined, { 'Content-Type': 'application/scim+json' }],
    [{}, {}],
    ['not JSON', { 'Content-Type': 'text/plain' }],
  ];
  for (const [body, headers] of bodies) {
    const { id } = await client.makeUser();
    expect((await scim.muster.send(client.token, 'DELETE', `/Users/${id}`, body, headers)).status).toBe(204);
  }
});
