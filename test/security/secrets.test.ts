import { afterAll, beforeAll, expect, test } from 'vitest';
import { withClient } from '#test/support/with-client.ts';
import { type Client, newName, type Scim, startScim } from '../dialects/scim/scim-client.ts';
import { core } from '../dialects/scim/urns.ts';

const password = 'correct-horse-7f3a';
/** A password in a place that is none for it: the directory cannot know. */
const stray = 'battery-staple-7f3a';
const personal = 'Persephone-7f3a';

let scim: Scim;
let client: Client;
const answers: string[] = [];

beforeAll(async () => {
  scim = await startScim();
  client = scim.lenient;
});
afterAll(() => scim.stop());

/** Sends every kind of request, good and bad, with a password and a person's name in it. */
async function talk(): Promise<void> {
  const made = await client.makeUser({
    password,
    displayName: personal,
    emails: [{ value: `${personal}@example.org` }],
  });
  const path = `/Users/${made.id}`;
  const asks = [
    client.post('/Users', { schemas: [core], userName: made.userName, password }),
    client.post('/Users', { userName: newName(), password: { value: password } }),
    client.post('/Users', `{"userName":"x","password":"${password}"`),
    client.post('/Users', { userName: newName(), active: stray }),
    client.post('/Users', { userName: newName(), unknown: stray, name: { unknown: stray } }),
    client.put(path, { userName: made.userName, password }),
    client.patch(path, [{ op: 'replace', path: 'password', value: password }]),
    client.patch(path, [{ op: 'replace', value: { password } }]),
    client.patch(path, [{ op: 'remove', path: 'password' }]),
    client.patch(path, [{ op: password, path: 'password', value: password }]),
    client.find('/Users', `password eq "${password}"`),
    client.find('/Users', `displayName eq "${personal}"`, '&attributes=id'),
    client.get(`${path}?attributes=password`),
    client.get(`/Users?attributes=password&access_token=${client.token}`),
    client.get(path, { Cookie: `session=${client.token}` }),
    client.get(`/${encodeURIComponent(client.token)}`),
    client.get(`/Users/${client.token}`),
    scim.muster.send(`${client.token}x`, 'GET', '/Users'),
    scim.muster.send(undefined, 'GET', '/Users', undefined, { Authorization: `Basic ${client.token}` }),
    client.get('/Schemas'),
    client.get('/Nothing'),
    client.delete(path),
  ];
  for (const answer of await Promise.all(asks)) {
    answers.push(JSON.stringify([...answer.headers]) + JSON.stringify(answer.body));
  }
  answers.push(await (await fetch(`${scim.muster.server.url}/metrics`)).text());
  await scim.muster.keepRequests();
}

/** Everything in the database as text, the request log apart. */
const dump = () =>
  withClient(scim.muster.database.connection, async (db) => {
    const tables = await db.query(
      `select format('%I', table_name) as name from information_schema.tables where table_schema = 'public'`,
    );
    const texts = { roll: '', requests: '' };
    for (const { name } of tables.rows) {
      const { rows } = await db.query(`select t::text from ${name} t`);
      texts[name.startsWith('request_log') ? 'requests' : 'roll'] += JSON.stringify(rows);
    }
    return texts;
  });

test('T-19, T-20, S-22: no password and no token that was sent is in an answer, in the log, in metrics or in the database', async () => {
  await talk();
  const secretsIn = (text: string) => [password, client.token, stray].filter((secret) => text.includes(secret));
  expect(answers.length).toBeGreaterThan(20);
  expect(answers.filter((answer) => secretsIn(answer).length > 0)).toEqual([]);
  expect(secretsIn(scim.muster.logged())).toEqual([]);
  const { roll, requests } = await dump();
  expect(secretsIn(roll)).toEqual([]);
  // What a client writes under a name that is no secret's is kept as it came, for an admin to see.
  expect(secretsIn(requests)).toEqual([stray]);
  expect(requests).toContain('[secret]');
  expect(requests).toContain(personal);
});

test('R-009, T-20: what the database keeps of a token is its hash and the beginning that people may see', async () => {
  const rows = await withClient(scim.muster.database.connection, (db) => db.query('select * from credential'));
  expect(rows.rowCount).toBe(2);
  for (const row of rows.rows) {
    expect(row.hash).toHaveLength(32);
    expect(row.prefix).toHaveLength(8);
  }
});

test('S-22: nobody’s name is in the log', () => {
  expect(scim.muster.logged()).not.toContain(personal);
  expect(scim.muster.logged()).toContain('/Users/:id');
});

test('S-22: of a path that no schema has, the log shows the name and not the filter', async () => {
  const path = (name: string) => `${name}[value eq "${personal}"].display`;
  const { id } = await client.makeUser({ [path('monikers')]: personal });
  const asked = { op: 'add', path: path('nicknames'), value: personal };
  const listed = { op: 'add', value: { [path('pseudonyms')]: personal } };
  expect((await client.patch(`/Users/${id}`, [asked, listed])).status).toBe(200);
  for (const name of ['monikers', 'nicknames', 'pseudonyms']) {
    expect(scim.muster.logged()).toContain(`"${name}.display"`);
  }
  expect(scim.muster.logged()).not.toContain(personal);
});

test('S-24: what needs no token says nothing about the tenant, the people or the program’s version', async () => {
  await client.makeUser({ displayName: personal });
  const open = ['/scim/v2/ServiceProviderConfig', '/livez', '/readyz', '/metrics', '/scim/v2/Users'];
  const texts = await Promise.all(
    open.map(async (path) => {
      const answer = await fetch(scim.muster.server.url + path);
      return JSON.stringify([...answer.headers]) + (await answer.text());
    }),
  );
  for (const text of texts) expect(text).not.toMatch(new RegExp(`${personal}|default|hono|muster-scim|test-1`, 'i'));
});
