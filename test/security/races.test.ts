import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Answer, request } from '#test/support/muster.ts';
import { withClient } from '#test/support/with-client.ts';
import { type Client, newName, nobody, type Scim, startScim } from '../dialects/scim/scim-client.ts';
import { core, enterprise, muster } from '../dialects/scim/urns.ts';

let scim: Scim;
let client: Client;

beforeAll(async () => {
  scim = await startScim();
  client = scim.lenient;
});
afterAll(() => scim.stop());

const atOnce = <T>(count: number, act: (n: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, n) => act(n)));
const counts = (answers: readonly Answer[]) =>
  Object.fromEntries([...Map.groupBy(answers, ({ status }) => status)].map(([status, some]) => [status, some.length]));
const rows = (text: string, values: readonly unknown[]) =>
  withClient(scim.muster.database.connection, async (db) => (await db.query(text, [...values])).rows);

/** How many changes of a resource the journal has. */
const entriesOf = async (id: string) => (await rows('select 1 from journal where resource = $1', [id])).length;

test('S-13: of 100 creates of one name at once one wins, and the others hear 409', async () => {
  const userName = newName();
  const answers = await atOnce(100, (n) =>
    client.post('/Users', { userName: n % 2 ? userName : userName.toUpperCase() }),
  );
  expect(counts(answers)).toEqual({ 201: 1, 409: 99 });
  const { body } = await client.find('/Users', `userName eq "${userName}"`);
  expect(body.totalResults).toBe(1);
  expect(await entriesOf(body.Resources[0].id)).toBe(1);
});

test('T-12: of 15 creates of one name through three APIs at once one wins, and the others are refused', async () => {
  const address = 'racing@example.org';
  const [staff, key] = await Promise.all(['callbox', 'metabase'].map((dialect) => scim.muster.connect({ dialect })));
  const post = (path: string, headers: Record<string, string>) =>
    request(
      scim.muster.server.url + path,
      undefined,
      'POST',
      { email: address },
      {
        'Content-Type': 'application/json',
        ...headers,
      },
    );
  const ways = [
    () => client.post('/Users', { userName: address.toUpperCase() }),
    () => post('/api/v1/staff/users', { Authorization: `Bearer ${staff}` }),
    () => post('/api/user', { 'X-API-Key': `${key}` }),
  ];
  const answers = await atOnce(15, (n) => ways[n % 3]?.() as Promise<Answer>);
  const { 200: metabase = 0, 201: others = 0, ...refused } = counts(answers);
  expect(metabase + others).toBe(1);
  expect(Object.keys(refused).filter((status) => !['400', '409'].includes(status))).toEqual([]);
  expect(
    (await client.find('/Users', `userName eq "${address}" or emails.value eq "${address}"`)).body.totalResults,
  ).toBe(1);
});

test('S-13: of 100 creates of one group name at once one wins', async () => {
  const displayName = newName();
  const answers = await atOnce(100, () => client.post('/Groups', { displayName }));
  expect(counts(answers)).toEqual({ 201: 1, 409: 99 });
  expect((await client.find('/Groups', `displayName eq "${displayName}"`)).body.totalResults).toBe(1);
});

test('S-13: the same create 100 times at once makes one person and answers all of them with him, or 409', async () => {
  const sent = { userName: newName(), externalId: newName() };
  const answers = await atOnce(100, () => client.post('/Users', sent));
  const made = answers.filter(({ status }) => status === 201);
  expect(new Set(made.map(({ body }) => body.id)).size).toBe(1);
  expect(answers.every(({ status }) => status === 201 || status === 409)).toBe(true);
});

test('S-13: of 50 PUTs and 50 PATCHes to one name one wins, and nobody else has it', async () => {
  const userName = newName();
  const users = await atOnce(100, () => client.makeUser());
  const answers = await atOnce(100, (n) => {
    const path = `/Users/${users[n].id}`;
    if (n % 2) return client.put(path, { schemas: [core], userName });
    return client.patch(path, [{ op: 'replace', path: 'userName', value: userName }]);
  });
  expect(counts(answers)).toEqual({ 200: 1, 409: 99 });
  expect((await client.find('/Users', `userName eq "${userName}"`)).body.totalResults).toBe(1);
});

test('S-13: 100 PUTs of one user at once end in one of them, whole, with as many versions as changes', async () => {
  const user = await client.makeUser();
  const answers = await atOnce(100, (n) =>
    client.put(`/Users/${user.id}`, { userName: user.userName, title: `t${n}`, nickName: `t${n}` }),
  );
  expect(counts(answers)).toEqual({ 200: 100 });
  const { body } = await client.get(`/Users/${user.id}`);
  expect(body.title).toBe(body.nickName);
  expect(body.meta.version).toBe('W/"101"');
  expect(new Set(answers.map(({ headers }) => headers.get('etag'))).size).toBe(100);
  expect(await entriesOf(user.id)).toBe(101);
});

test('T-11: 40 PATCHes of different attributes at once lose none', async () => {
  const { id } = await client.makeUser();
  const paths = [
    ...['title', 'nickName', 'displayName', 'userType', 'locale', 'timezone', 'preferredLanguage', 'profileUrl'],
    ...['formatted', 'familyName', 'givenName', 'middleName', 'honorificPrefix', 'honorificSuffix'].map(
      (part) => `name.${part}`,
    ),
    ...['employeeNumber', 'costCenter', 'organization', 'division', 'department'].map(
      (name) => `${enterprise}:${name}`,
    ),
    ...['ldapLogin', 'ssoSource', 'image'].map((name) => `${muster}:${name}`),
    ...Array.from({ length: 18 }, (_, n) => `emails[type eq "t${n}"].value`),
  ];
  expect(paths).toHaveLength(40);
  const answers = await atOnce(40, (n) =>
    client.patch(`/Users/${id}`, [{ op: 'add', path: paths[n], value: `v${n}` }]),
  );
  expect(counts(answers)).toEqual({ 200: 40 });
  const { body } = await client.get(`/Users/${id}`);
  const text = JSON.stringify(body);
  for (let n = 0; n < 40; n += 1) expect(text, paths[n]).toContain(`"v${n}"`);
  expect(body.emails).toHaveLength(18);
  expect(body.meta.version).toBe('W/"41"');
});

test('S-13: 100 PATCHes at once that each add one member to one group lose none', async () => {
  const users = await atOnce(100, () => client.makeUser());
  const group = await client.makeGroup();
  const path = `/Groups/${group.id}`;
  const added = await atOnce(100, (n) =>
    client.patch(path, [{ op: 'add', path: 'members', value: [{ value: users[n].id }] }]),
  );
  expect(counts(added)).toEqual({ 204: 100 });
  const full = (await client.get(path)).body;
  expect(full.members).toHaveLength(100);
  expect(full.meta.version).toBe('W/"101"');
  const mixed = await atOnce(100, (n) => {
    const filter = `members[value eq "${users[n].id}"]`;
    return n % 2
      ? client.patch(path, [{ op: 'remove', path: filter }])
      : client.patch(path, [{ op: 'add', path: 'members', value: users[n].id }]);
  });
  expect(counts(mixed)).toEqual({ 204: 100 });
  const left = (await client.get(path)).body;
  expect(left.members).toHaveLength(50);
  expect(left.meta.version).toBe('W/"151"');
});

test('S-13: deleting people while others add them to groups leaves no member that is nobody, and no 5xx', async () => {
  const users = await atOnce(20, () => client.makeUser());
  const groups = await atOnce(4, () => client.makeGroup());
  const answers = await atOnce(100, (n) => {
    const user = users[n % 20].id;
    const path = `/Groups/${groups[n % 4].id}`;
    if (n % 5 === 0) return client.delete(`/Users/${user}`);
    return client.patch(path, [{ op: 'add', path: 'members', value: [{ value: user }] }]);
  });
  for (const { status } of answers) expect([204, 404]).toContain(status);
  const dangling = await rows(
    'select 1 from group_member m where not exists (select from app_user u where u.id = m.member)',
    [],
  );
  expect(dangling).toEqual([]);
});

test('S-13: 60 PUTs of whole member lists at once end in one of the lists', async () => {
  const users = await atOnce(6, () => client.makeUser());
  const group = await client.makeGroup();
  const listOf = (n: number) =>
    users.filter((_, at) => (n >> (at % 3)) & 1 || at === n % 6).map(({ id }) => ({ value: id }));
  const answers = await atOnce(60, (n) =>
    client.put(`/Groups/${group.id}`, { displayName: group.displayName, members: listOf(n) }),
  );
  expect(counts(answers)).toEqual({ 200: 60 });
  const { members = [] } = (await client.get(`/Groups/${group.id}`)).body;
  const final = members.map(({ value }: { value: string }) => value).sort();
  const lists = Array.from({ length: 60 }, (_, n) =>
    listOf(n)
      .map(({ value }) => value)
      .sort(),
  );
  expect(lists).toContainEqual(final);
});

test('S-13: groups put into one another from both sides at once neither lock nor fail', async () => {
  const [one, other] = [await client.makeGroup(), await client.makeGroup()];
  const answers = await atOnce(60, (n) => {
    const [into, who] = n % 2 ? [one, other] : [other, one];
    const op = n % 3 ? { op: 'add', path: 'members', value: [{ value: who.id }] } : { op: 'remove', path: 'members' };
    const rename = { op: 'replace', path: 'displayName', value: newName() };
    return client.patch(`/Groups/${into.id}`, n % 4 ? [op] : [rename, op]);
  });
  expect(counts(answers)).toEqual({ 204: 60 });
});

test('afterwards nothing waits in the database', async () => {
  expect((await client.get(`/Users/${nobody}`)).status).toBe(404);
  const open = await rows(
    `select state from pg_stat_activity where datname = current_database() and state like 'idle in%'`,
    [],
  );
  expect(open).toEqual([]);
});
