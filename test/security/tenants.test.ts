import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTenant } from '#operations/create-tenant.ts';
import { withClient } from '#test/support/with-client.ts';
import { type Client, type Scim, startScim } from '../dialects/scim/scim-client.ts';
import { enterprise, muster } from '../dialects/scim/urns.ts';

/** Ids of one tenant, or ids that never were. */
interface Ids {
  readonly user: string;
  readonly group: string;
  readonly unit: string;
  readonly externalId: string;
  readonly connection: string;
  readonly tenant: string;
}

const never: Ids = {
  user: '01890000-0000-7000-8000-00000000000a',
  group: '01890000-0000-7000-8000-00000000000b',
  unit: '01890000-0000-7000-8000-00000000000c',
  externalId: 'label that never was given',
  connection: '01890000-0000-7000-8000-00000000000d',
  tenant: 'nevermore',
};

let scim: Scim;
let foreign: Ids;
let own: Ids;
const clients: Record<string, Client> = {};
let adminToken: string;
const label = 'label of the first alone!!';

/** Puts the same people, groups and org units on a roll. */
async function fill(client: Client, tenant: string): Promise<Ids> {
  const made = async (path: string, body: object) => (await client.post(path, body)).body;
  const externalId = 'label';
  const unit = await made('/OrgUnits', { kind: 'DIVISION', displayName: 'North', externalId });
  const boss = await made('/Users', { userName: 'boss', externalId });
  const user = await made('/Users', {
    userName: 'ada',
    [enterprise]: { manager: { value: boss.id } },
    [muster]: { divisions: [{ value: unit.id }] },
  });
  const group = await made('/Groups', { displayName: 'all', externalId, members: [{ value: user.id }] });
  const { rows } = await withClient(scim.muster.database.connection, (db) =>
    db.query('select n.id from connection n join tenant t using (tenant) where t.name = $1 limit 1', [tenant]),
  );
  return { user: user.id, group: group.id, unit: unit.id, externalId, connection: rows[0].id, tenant };
}

beforeAll(async () => {
  scim = await startScim();
  await createTenant(await scim.muster.admin(), scim.muster.db, 'second');
  const first = await scim.connect();
  foreign = { ...(await fill(first, 'default')), externalId: label };
  await first.patch(`/Users/${foreign.user}`, [{ op: 'add', path: 'externalId', value: label }]);
  for (const profile of ['lenient', 'rfc']) {
    clients[profile] = await scim.connect({ tenant: 'second', profile, rights: ['read', 'write', 'superuser'] });
  }
  own = await fill(clients.lenient as Client, 'second');
  adminToken = await scim.muster.connect({ tenant: 'second', dialect: 'admin' });
});
afterAll(() => scim.stop());

type Request = readonly [what: string, method: string, path: (ids: Ids) => string, body?: (ids: Ids) => object];

const kinds = [
  ['/Users', 'user'],
  ['/Groups', 'group'],
  ['/OrgUnits', 'unit'],
] as const;

const operation = (op: string, path: string, value?: unknown) => ({
  Operations: [{ op, path, ...(value !== undefined && { value }) }],
});
const one = (value: string) => [{ value }];
const required = { userName: 'sent', displayName: 'sent', kind: 'SHOP' };
const filtered = (endpoint: string, filter: string) => `${endpoint}?filter=${encodeURIComponent(filter)}`;

const inPaths: readonly Request[] = kinds.flatMap(([endpoint, key]): Request[] => [
  [`GET ${endpoint}`, 'GET', (ids) => `${endpoint}/${ids[key]}`],
  [`PUT ${endpoint}`, 'PUT', (ids) => `${endpoint}/${ids[key]}`, () => required],
  [`PATCH ${endpoint}`, 'PATCH', (ids) => `${endpoint}/${ids[key]}`, () => operation('add', 'displayName', 'x')],
  [`DELETE ${endpoint}`, 'DELETE', (ids) => `${endpoint}/${ids[key]}`],
]);

/** Each way to name somebody else in a body; the resource that is changed is one's own. */
const inBodies: readonly Request[] = [
  ['a member in a create', 'POST', () => '/Groups', (ids) => ({ displayName: 'g', members: one(ids.user) })],
  ['a nested group in a create', 'POST', () => '/Groups', (ids) => ({ displayName: 'g', members: one(ids.group) })],
  ['members in a PUT', 'PUT', () => `/Groups/${own.group}`, (ids) => ({ displayName: 'all', members: one(ids.user) })],
  ['a member to add', 'PATCH', () => `/Groups/${own.group}`, (ids) => operation('add', 'members', one(ids.user))],
  ['a group to nest', 'PATCH', () => `/Groups/${own.group}`, (ids) => operation('add', 'members', one(ids.group))],
  ['a member to remove', 'PATCH', () => `/Groups/${own.group}`, (ids) => operation('remove', 'members', one(ids.user))],
  ...(['user', 'group'] as const).map(
    (key): Request => [
      `a member to remove by a filter on a ${key}`,
      'PATCH',
      () => `/Groups/${own.group}`,
      (ids) => operation('remove', `members[value eq "${ids[key]}" and type pr]`),
    ],
  ),
  [
    'a manager of a group',
    'PATCH',
    () => `/Groups/${own.group}`,
    (ids) => operation('add', 'urn:ietf:params:scim:schemas:extension:muster:2.0:Group:managers', one(ids.user)),
  ],
  [
    'a manager in a create',
    'POST',
    () => '/Users',
    (ids) => ({ userName: 'u', [enterprise]: { manager: { value: ids.user } } }),
  ],
  [
    'a manager',
    'PATCH',
    () => `/Users/${own.user}`,
    (ids) => operation('add', `${enterprise}:manager`, { value: ids.user }),
  ],
  ...['businessDirection', 'franchisee'].map(
    (name): Request => [
      name,
      'PATCH',
      () => `/Users/${own.user}`,
      (ids) => operation('add', `${muster}:${name}`, { value: ids.unit }),
    ],
  ),
  ...['divisions', 'regions', 'shops'].map(
    (name): Request => [
      name,
      'PATCH',
      () => `/Users/${own.user}`,
      (ids) => operation('add', `${muster}:${name}`, one(ids.unit)),
    ],
  ),
  [
    'a value filter',
    'PATCH',
    () => `/Users/${own.user}`,
    (ids) => operation('remove', `${muster}:divisions[value eq "${ids.unit}"]`),
  ],
  [
    'the group of a telephone',
    'PATCH',
    () => `/Users/${own.user}`,
    (ids) => operation('add', `${muster}:userGroup`, { value: ids.group }),
  ],
  ['a parent', 'PATCH', () => `/OrgUnits/${own.unit}`, (ids) => operation('add', 'parent', { value: ids.unit })],
  ['an external id in a create', 'POST', () => '/Users', (ids) => ({ userName: 'u', externalId: ids.externalId })],
  ['an external id', 'PATCH', () => `/Users/${own.user}`, (ids) => operation('replace', 'externalId', ids.externalId)],
];

const inFilters: readonly Request[] = (
  [
    ...kinds.map(([endpoint, key]) => [endpoint, 'id eq', key] as const),
    ...kinds.map(([endpoint]) => [endpoint, 'externalId eq', 'externalId'] as const),
    ['/Users', `${enterprise}:manager.value eq`, 'user'],
    ['/Users', 'groups.value eq', 'group'],
    ['/Users', `${muster}:divisions.value eq`, 'unit'],
    ['/Users', 'title pr or id eq', 'user'],
    ['/Groups', 'members.value eq', 'user'],
    ['/Groups', 'members eq', 'group'],
    ['/OrgUnits', 'parent.value eq', 'unit'],
  ] as const
).map(([endpoint, test, key]) => [`${endpoint} ${test}`, 'GET', (ids) => filtered(endpoint, `${test} "${ids[key]}"`)]);

/** USER, CONNECTION and TENANT stand for those of the other tenant. */
const adminPaths: readonly (readonly [method: string, path: string])[] = [
  ...['', '/sessions', '/timeline', '/state?at=2026-01-31T09:00:00Z'].map(
    (more) => ['GET', `/users/USER${more}`] as const,
  ),
  ['GET', '/users?userName=USER'],
  ['DELETE', '/users/USER/sessions'],
  ['DELETE', '/users/USER/sessions/0123456789abcdef'],
  ['POST', '/users/USER/unlock'],
  ['PUT', '/users/USER/password'],
  ['GET', '/journal?resource=USER'],
  ['GET', '/journal?connection=CONNECTION'],
  ['GET', '/requests?person=USER'],
  ...['', '/tokens'].map((more) => ['GET', `/connections/CONNECTION${more}`] as const),
  ...['/tokens', '/secrets', '/allowance'].map((more) => ['POST', `/connections/CONNECTION${more}`] as const),
  ['PATCH', '/connections/CONNECTION'],
  ['DELETE', '/connections/CONNECTION'],
  ['DELETE', '/connections/CONNECTION/tokens/mst_1234'],
  ...['/users', '/connections', '/journal', '/requests', '/guard'].map(
    (path) => ['GET', `${path}?tenant=TENANT`] as const,
  ),
];

const ofAdmin = adminPaths.map(([method, path]): Request => {
  const filled = ({ user, connection, tenant }: Ids) =>
    `/admin/v1${path.replace('USER', user).replace('CONNECTION', connection).replace('TENANT', tenant)}`;
  const what = `${method} ${path}`;
  return /^P(UT|OST|ATCH)/.test(method) ? [what, method, filled, () => ({})] : [what, method, filled];
});

const uuid = /[0-9a-f]{8}-[0-9a-f-]{27}/g;
const time = /\d{4}-\d\d-\d\dT[\d:.]+Z/g;

/** An answer byte for byte, but for ids, times and versions, which count the changes of one's own. */
async function answerTo(token: string, [, method, path, body]: Request, ids: Ids): Promise<string> {
  const sent = body && JSON.stringify(body(ids));
  const response = await fetch(`${scim.muster.server.url}${path(ids).replace(/^\/(?!admin)/, '/scim/v2/')}`, {
    method,
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    ...(sent !== undefined && { body: sent }),
  });
  const { date: _date, 'x-request-id': _id, ...headers } = Object.fromEntries(response.headers);
  const text = [response.status, JSON.stringify(headers), await response.text()].join('\n');
  const plain = text.replaceAll(uuid, '<id>').replaceAll(time, '<time>').replaceAll(ids.externalId, '<label>');
  return plain.replaceAll(/W\/\\*"\d+\\*"/g, '<version>');
}

/** What was made is taken away again, so that every request meets the same roll. */
async function undo(client: Client): Promise<void> {
  for (const name of ['u', 'sent']) {
    const { body } = await client.find('/Users', `userName eq "${name}"`);
    for (const { id } of body.Resources) await client.delete(`/Users/${id}`);
  }
  const { body } = await client.find('/Groups', 'displayName eq "g"');
  for (const { id } of body.Resources) await client.delete(`/Groups/${id}`);
  await client.put(`/Groups/${own.group}`, { displayName: 'all', members: one(own.user) });
  await client.patch(`/Users/${own.user}`, [{ op: 'remove', path: 'externalId' }]);
}

const cases = [
  ...[...inPaths, ...inBodies, ...inFilters].map((request) => ['lenient', request] as const),
  ...inBodies.map((request) => ['rfc', request] as const),
].map(([profile, request]) => [`${request[0]}, by the profile ${profile}`, profile, request] as const);

describe('S-06, T-02: to a connection of another tenant ids of this one are ids that never were', () => {
  test.each(cases)('%s', async (_what, profile, request) => {
    const client = clients[profile] as Client;
    const answers = [];
    for (const ids of [foreign, never]) {
      answers.push(await answerTo(client.token, request, ids));
      if (request[1] === 'POST' || request[0] === 'an external id') await undo(client);
    }
    expect(answers[0]).toBe(answers[1]);
    expect(answers[0]).not.toMatch(/^5/);
  });

  test.each(ofAdmin.map((request) => [request[0], request] as const))('%s of our own API', async (_what, request) => {
    const [known, unknown] = [await answerTo(adminToken, request, foreign), await answerTo(adminToken, request, never)];
    expect(known).toBe(unknown);
    expect(known).toMatch(/^(404|200)/);
  });

  test('ids of its own are others: the comparison would tell', async () => {
    const { token } = clients.lenient as Client;
    for (const [by, request] of [
      [token, inPaths[0]],
      [token, inFilters[0]],
      [adminToken, ofAdmin[0]],
    ] as const) {
      expect(await answerTo(by, request as Request, own)).not.toBe(await answerTo(by, request as Request, never));
    }
  });
});

test('what is asked of its own roll is the same on both, whatever the other holds', async () => {
  const before = await clients.rfc?.get('/Users');
  expect(before?.body.totalResults).toBe(2);
  expect((await scim.lenient.get(`/Groups/${foreign.group}`)).body.members).toHaveLength(1);
});
