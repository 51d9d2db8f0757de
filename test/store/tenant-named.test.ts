import pg from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { userType } from '#attributes/resource-type.ts';
import { scim } from '#dialects/scim/scim.ts';
import { createConnection } from '#operations/create-connection.ts';
import { createResource } from '#operations/create-resource.ts';
import { getConnection } from '#operations/get-connection.ts';
import { listRequestLog } from '#operations/list-request-log.ts';
import { revokeConnection } from '#operations/revoke-connection.ts';
import { revokeToken } from '#operations/revoke-token.ts';
import { rotateConnection } from '#operations/rotate-connection.ts';
import { updateConnection } from '#operations/update-connection.ts';
import { type Muster, startMuster } from '#test/support/muster.ts';
import { withClient } from '#test/support/with-client.ts';
import { buildWorkers } from '#workers/workers.ts';
import { changesOf, rules } from '../operations/open-roll.ts';
import { askEveryRoute } from './ask-every-route.ts';
import { bringAlong } from './bring-along.ts';
import { setUpAnother } from './set-up.ts';
import { signInAndOut } from './sign-in-and-out.ts';

/** Tables that are asked before the tenant is known: architecture.md. */
const withoutTenant = new Set([
  'tenant',
  'credential',
  'migration',
  'retention',
  'limiter',
  'client_key',
  'trusted_issuer',
]);

interface Sent {
  readonly text: string;
  readonly values: readonly unknown[];
}

const sent: Sent[] = [];
const tables = new Set<string>();
let muster: Muster;

beforeAll(async () => {
  const { query } = pg.Client.prototype;
  // Every statement of the product goes through here; it is looked at and goes on as it is.
  vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (this: pg.Client, ...given: unknown[]) {
    const [first] = given as [string | Sent];
    if (typeof first === 'string') sent.push({ text: first, values: [] });
    else if (typeof first?.text === 'string') sent.push({ text: first.text, values: first.values ?? [] });
    return Reflect.apply(query, this, given) as never;
  });
  muster = await startMuster();
  const { rows } = await withClient(muster.database.connection, (client) =>
    client.query(
      "select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')",
    ),
  );
  for (const { name } of rows) tables.add(name);
  sent.length = 0;
  await everyday(muster);
  await administer(muster);
  const nothing = async () => undefined;
  const log = { info: () => undefined, warn: () => undefined };
  await withClient(muster.database.connection, (client) => client.query('update retention set journal_days = 30'));
  const workers = buildWorkers({ db: muster.db, log, flushUses: nothing, flushRequests: nothing });
  for (const { run } of workers) await run();
  // What the test itself sends past the product has a connection of its own, and no statement that is looked at.
  await withClient(muster.database.connection, (client) =>
    askEveryRoute(muster.db, (text, values) => Reflect.apply(query, client, [text, values])),
  );
});
afterAll(async () => {
  vi.restoreAllMocks();
  await muster.stop();
});

/** What clients do all day, so that every kind of statement is sent. */
async function everyday({ connect, send }: Muster): Promise<void> {
  const token = await connect({ rights: ['read', 'write', 'superuser'] });
  const ask = async (method: string, path: string, body?: unknown) => {
    const answer = await send(token, method, path, body);
    expect(answer.status, `${method} ${path} ${JSON.stringify(answer.body)}`).toBeLessThan(300);
    return answer.body;
  };
  const unit = await ask('POST', '/OrgUnits', { kind: 'SHOP', displayName: 'Shop', externalId: 's' });
  const boss = await ask('POST', '/Users', { userName: 'boss', externalId: 'b', active: true });
  const ada = await ask('POST', '/Users', {
    ...{ userName: 'ada', externalId: 'a', name: { givenName: 'Ada' }, emails: [{ value: 'a@b', type: 'work' }] },
    'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': { manager: { value: boss.id } },
    'urn:ietf:params:scim:schemas:extension:muster:2.0:User': { shops: [{ value: unit.id }] },
  });
  const inner = await ask('POST', '/Groups', { displayName: 'inner', members: [{ value: ada.id }] });
  const outer = await ask('POST', '/Groups', { displayName: 'outer', members: [{ value: inner.id }] });
  const patch = (path: string, ...Operations: object[]) => ask('PATCH', path, { Operations });
  await patch(`/Users/${ada.id}`, { op: 'replace', path: 'title', value: 'Dr.' });
  await patch(`/Users/${ada.id}`, { op: 'replace', path: 'externalId', value: 'other' });
  await patch(`/Users/${ada.id}`, { op: 'remove', path: 'externalId' });
  await patch(`/Groups/${inner.id}`, { op: 'add', path: 'members', value: [{ value: boss.id }] });
  await patch(`/Groups/${inner.id}`, { op: 'remove', path: `members[value eq "${boss.id}"]` });
  await patch(`/Groups/${inner.id}`, { op: 'remove', path: 'members[type eq "User"]' });
  await patch(`/Groups/${inner.id}`, { op: 'replace', path: 'members', value: [{ value: ada.id }] });
  await ask('PUT', `/OrgUnits/${unit.id}`, { kind: 'SHOP', displayName: 'Shop two', active: false });
  const filters = [
    ...['userName eq "ada"', 'userName sw "a"', 'userName co "ada"', 'title pr', 'emails.value eq "a@b"', 'emails pr'],
    ...['not (title pr)', 'externalId eq "b"', 'externalId pr', `id eq "${ada.id}"`, `groups.value eq "${inner.id}"`],
    ...['meta.lastModified gt "2020-01-01T00:00:00Z" and active eq true', 'emails[type eq "work" and value co "a"]'],
    ...['userName eq "ada" or title eq "Dr."', 'groups pr', 'schemas eq "urn:x"', 'title co "r"', 'active eq false'],
  ];
  for (const filter of filters) await ask('GET', `/Users?filter=${encodeURIComponent(filter)}`);
  for (const filter of [`members eq "${ada.id}"`, 'members pr', 'members.type eq "Group"', 'displayName eq "inner"'])
    await ask('GET', `/Groups?filter=${encodeURIComponent(filter)}`);
  for (const path of [
    '/Users',
    '/Groups',
    '/OrgUnits',
    '/Users?startIndex=2&count=1',
    '/Users?excludedAttributes=groups',
  ])
    await ask('GET', path);
  for (const path of [`/Users/${ada.id}`, `/Groups/${outer.id}`, `/OrgUnits/${unit.id}`]) await ask('GET', path);
  for (const path of [`/Groups/${inner.id}`, `/Users/${boss.id}`, `/OrgUnits/${unit.id}`]) await ask('DELETE', path);
}

/** What is done about connections, so that its statements are sent too. */
async function administer({ db, admin, keepUses, keepRequests }: Muster): Promise<void> {
  const caller = await admin();
  const wish = { name: 'old', spoken: scim, tokenLifetimeDays: 1 };
  await createConnection(caller, db, wish);
  await createConnection(caller, db, { ...wish, replaces: 'old' });
  await updateConnection(caller, db, 'old', { name: 'new' }, []);
  const { prefix } = await rotateConnection(caller, db, 'new', 1);
  await revokeToken(caller, db, 'new', prefix);
  await getConnection(caller, db, 'new');
  await revokeConnection(caller, db, 'new');
  await keepUses();
  await keepRequests();
  const person = '01890000-0000-7000-8000-000000000000';
  await listRequestLog(caller, db, { count: 10, person, requestId: person, failed: true });
  await listRequestLog(caller, db, { count: 10 });
  const email = 'ida@example.org';
  const values = { userName: 'ida', emails: [{ value: email, primary: true }] };
  const ida = await createResource(caller, db, userType, { changes: changesOf(values), rules });
  await signInAndOut(caller, db, ida.resource.id, 'ida', email);
  await bringAlong(db, caller.tenant, email);
  await setUpAnother(db);
}

test('every table that a statement names is narrowed to a tenant, but for those of all tenants', () => {
  const texts = [...new Set(sent.map(({ text }) => text))];
  expect(texts.length).toBeGreaterThan(150);
  expect(tables.size).toBeGreaterThan(10);
  expect(texts.flatMap(unnarrowed)).toEqual([]);
});

/** The tables of a statement that are named without their tenant. Every name in FROM, JOIN, INTO and UPDATE counts. */
function unnarrowed(text: string): string[] {
  const flat = text.replaceAll('"', '').replace(/\s+/g, ' ').toLowerCase();
  const named = flat.matchAll(/\b(from|join|into|update) (\w+)(?: as)?(?: (\w+))?/g);
  return [...named].flatMap(([, verb, table = '', word = '']) => {
    if (!tables.has(table) || withoutTenant.has(table)) return [];
    if (verb === 'into') return /insert into \w+ \(tenant,/.test(flat) ? [] : [`${table} in ${flat}`];
    const alias = ['where', 'set', 'left', 'join', 'order', 'on', 'limit', 'for', 'cross'].includes(word) ? '' : word;
    const narrowed = alias === '' ? /\btenant = / : new RegExp(`\\b${alias}\\.tenant = `);
    return narrowed.test(flat) ? [] : [`${table} ${alias} in ${flat}`];
  });
}

test('the check would notice a statement that forgets the tenant', () => {
  expect(unnarrowed('select id from app_user where id = $1')).toHaveLength(1);
  expect(unnarrowed('select 1 from app_user u join app_group g on g.tenant = u.tenant')).toHaveLength(1);
  expect(unnarrowed('select 1 from app_user u where u.tenant = $1')).toEqual([]);
});

test('NUL reaches no statement, wherever a client puts it (K-11)', async () => {
  const token = await muster.connect();
  const from = sent.length;
  const nul = 'a\0b';
  const asked: [string, string, unknown?][] = [
    ['POST', '/Users', { userName: nul }],
    ['POST', '/Users', { userName: 'x', externalId: nul }],
    ['POST', '/Users', { userName: 'x', name: { givenName: nul } }],
    ['POST', '/Users', { userName: 'x', emails: [{ value: nul }] }],
    ['POST', '/Groups', { displayName: nul }],
    ['POST', '/Groups', { displayName: 'g', members: [{ value: nul }] }],
    ['GET', `/Users?filter=${encodeURIComponent('title eq "a\\u0000b"')}`],
    ['GET', `/Users?filter=${encodeURIComponent(`externalId sw "${nul}"`)}`],
    ['GET', '/Users/a%00b'],
    ['PATCH', '/Users/a%00b', { Operations: [{ op: 'replace', path: 'title', value: nul }] }],
  ];
  for (const [method, path, body] of asked) {
    const { status } = await muster.send(token, method, path, body);
    expect([400, 404], `${method} ${path} ${JSON.stringify(body)}`).toContain(status);
  }
  const values = sent.slice(from).flatMap(({ text, values }) => [text, ...values.map(String)]);
  expect(values.filter((value) => value.includes('\0') || value.includes('\\u0000'))).toEqual([]);
});
