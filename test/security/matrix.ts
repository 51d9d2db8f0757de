import { generateKeyPairSync } from 'node:crypto';
import { callboxRows } from './matrix-callbox.ts';
import { metabaseRows } from './matrix-metabase.ts';
import {
  type Asked,
  admins,
  but,
  cells,
  everybody,
  foreign,
  known,
  people,
  type Row,
  readers,
  row,
  strange,
  writers,
} from './matrix-row.ts';

/** Let through the door, as far as it goes. */
const past = cells({ ok: known });
const nowhere = cells({ missing: known });
const ordinary = ['person', 'group manager'] as const;
const newKey = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });
const moment = '2026-01-31T09:00:00Z';
const muster = 'urn:ietf:params:scim:schemas:extension:muster:2.0:User';
const patch = (op: string, path: string, value: unknown) => ({ Operations: [{ op, path, value }] });

function userRows(at: string): Row[] {
  const [all, one] = [`${at}/Users`, `${at}/Users/:id`];
  const fill = { id: ({ subjects }: Asked) => subjects.user };
  const body = ({ fresh }: Asked) => ({ userName: fresh });
  const changers = [...writers, 'users only'] as const;
  return [
    row(`GET ${all}`, cells({ ok: [...readers, 'franchise', ...foreign] })),
    row(`POST ${all}`, cells({ ok: [...changers, 'franchise', ...foreign] }), { body }),
    row(`POST ${all}`, cells({ ok: ['superuser', ...foreign] }), {
      what: 'who are superusers',
      body: ({ fresh }) => ({ userName: fresh, [muster]: { superuser: true } }),
    }),
    ...(['otherFranchisee', 'shop'] as const).map((name) =>
      row(`POST ${all}`, cells({ ok: [...changers, ...foreign] }), {
        what: name === 'shop' ? 'of a shop of the franchisee' : 'of another franchisee',
        body: ({ fresh, subjects }) => ({ userName: fresh, [muster]: { franchisee: { value: subjects[name] } } }),
      }),
    ),
    row(`GET ${one}`, cells({ ok: readers, missing: strange }), { fill }),
    row(`GET ${one}`, cells({ ok: [...readers, 'franchise'], missing: foreign }), {
      what: 'of the franchisee',
      fill: { id: ({ subjects }) => subjects.mine },
    }),
    row(`PUT ${one}`, cells({ ok: changers, missing: strange }), { fill, body }),
    row(`PATCH ${one}`, cells({ ok: changers, missing: strange }), { fill, body: () => patch('add', 'title', 'x') }),
    ...['title', 'name.givenName'].map((path) =>
      row(`PATCH ${one}`, cells({ ok: [...changers, ...(path === 'title' ? [] : ordinary)], missing: strange }), {
        what: `to give oneself a ${path}`,
        fill: { id: ({ subjects, column }) => subjects.selfIds[column] ?? subjects.user },
        body: () => patch('add', path, 'x'),
      }),
    ),
    row(`DELETE ${one}`, cells({ ok: changers, missing: strange }), { fill }),
  ];
}

function groupRows(at: string): Row[] {
  const [all, one] = [`${at}/Groups`, `${at}/Groups/:id`];
  const fill = { id: ({ subjects }: Asked) => subjects.group };
  const body = ({ fresh }: Asked) => ({ displayName: fresh });
  const written = cells({ ok: writers, missing: foreign });
  return [
    row(`GET ${all}`, cells({ ok: [...readers, 'franchise', ...foreign] })),
    row(`POST ${all}`, cells({ ok: [...writers, ...foreign] }), { body }),
    row(`GET ${one}`, cells({ ok: [...readers, 'franchise'], missing: foreign }), { fill }),
    row(`PUT ${one}`, written, { fill, body, happens: true }),
    row(`PATCH ${one}`, written, { fill, body: ({ fresh }) => patch('replace', 'displayName', fresh), happens: true }),
    row(`PATCH ${one}`, cells({ ok: [...writers, 'group manager', 'franchise'], missing: foreign }), {
      what: 'to add a member',
      fill: { id: ({ subjects }) => subjects.managed },
      body: ({ subjects }) => patch('add', 'members', [{ value: subjects.mine }]),
      happens: true,
    }),
    row(`DELETE ${one}`, written, { fill }),
  ];
}

function orgUnitRows(at: string): Row[] {
  const [all, one] = [`${at}/OrgUnits`, `${at}/OrgUnits/:id`];
  const fill = { id: ({ subjects }: Asked) => subjects.orgUnit };
  const body = ({ fresh }: Asked) => ({ kind: 'SHOP', displayName: fresh });
  const written = cells({ ok: writers, missing: foreign });
  return [
    row(`GET ${all}`, cells({ ok: [...readers, 'franchise', ...foreign] })),
    row(`POST ${all}`, cells({ ok: [...writers, ...foreign] }), { body }),
    row(`GET ${one}`, cells({ ok: readers, missing: strange }), { fill }),
    row(`PUT ${one}`, written, { fill, body }),
    row(`PATCH ${one}`, written, { fill, body: () => patch('replace', 'displayName', 'x') }),
    row(`DELETE ${one}`, written, { fill }),
  ];
}

function scimRows(at: string): Row[] {
  return [
    row(`OPTIONS ${at}/*`, everybody('ok')),
    row(`GET ${at}/ServiceProviderConfig`, everybody('ok')),
    row(`GET ${at}/ResourceTypes`, past),
    row(`GET ${at}/ResourceTypes/:id`, past, { fill: { id: () => 'User' } }),
    row(`GET ${at}/Schemas`, past),
    row(`GET ${at}/Schemas/:id`, past, { fill: { id: () => 'urn:ietf:params:scim:schemas:core:2.0:User' } }),
    ...userRows(at),
    ...groupRows(at),
    ...orgUnitRows(at),
    row(`GET ${at}`, cells({})),
    row(`ALL ${at}/*`, nowhere),
  ];
}

/** What an admin of the tenant may do to something of the tenant, and to the tenant as such. */
const administered = cells({ ok: admins, missing: foreign });
const inTenant = cells({ ok: [...admins, ...foreign] });

function connectionRows(at: string): Row[] {
  const fill = { connection: ({ subjects }: Asked) => subjects.connection };
  const spare = {
    connection: ({ subjects, column }: Asked) => subjects.spare[column].id,
    prefix: ({ subjects, column }: Asked) => subjects.spare[column].prefix,
  };
  const wish = (...rights: string[]) => ({ body: ({ fresh }: Asked) => ({ name: fresh, dialect: 'scim', rights }) });
  const one = `${at}/:connection`;
  return [
    row(`GET ${at}`, inTenant),
    row(`POST ${at}`, cells({ ok: ['superuser', 'tenant admin', ...foreign] }), wish('read', 'users')),
    row(`POST ${at}`, cells({ ok: ['superuser', ...foreign] }), {
      what: 'who may more than most',
      ...wish('superuser'),
    }),
    row(`GET ${at}`, but(['operator', 'other tenant'], 'ok', cells({ missing: admins })), {
      what: 'in the second tenant',
      query: '?tenant=second',
    }),
    row(`GET ${one}`, administered, { fill }),
    row(`PATCH ${one}`, administered, { fill, body: () => ({}) }),
    row(`GET ${one}/tokens`, administered, { fill }),
    row(`POST ${one}/tokens`, administered, { fill, body: () => ({}) }),
    row(`POST ${one}/secrets`, administered, { fill, body: () => ({}) }),
    ...['tokens', 'secrets'].map((name) =>
      row(`POST ${one}/${name}`, cells({ ok: ['superuser'], missing: foreign }), {
        what: 'of one that may more than most',
        fill: { connection: ({ subjects }) => subjects.strongConnection },
        body: () => ({}),
      }),
    ),
    row(`POST ${one}/keys`, administered, { fill: spare, body: () => ({ jwk: newKey() }) }),
    row(`DELETE ${one}/keys/:key`, cells({ missing: [...admins, ...foreign] }), { fill: spare }),
    row(`PUT ${one}/entra`, cells({ ok: ['operator'] }), { fill, body: ({ fresh }) => ({ entraTenant: fresh }) }),
    row(`DELETE ${one}/entra`, cells({ ok: ['operator'] }), { fill }),
    row(`DELETE ${one}/tokens/:prefix`, administered, { fill: spare }),
    row(`POST ${one}/allowance`, administered, { fill, body: () => ({ more: 1 }) }),
    row(`DELETE ${one}`, administered, { fill: spare }),
  ];
}

function sessionRows(at: string): Row[] {
  const fill = { user: ({ subjects }: Asked) => subjects.user };
  const others = known.filter((column) => !people.some((one) => one === column));
  const body = () => ({});
  const passwords = { ok: ['superuser', 'tenant admin'], missing: foreign } as const;
  return [
    row(`POST ${at}/sessions`, everybody(400), { body }),
    row(`POST ${at}/sessions`, everybody(400), {
      what: 'for an API to which people sign in by itself',
      body: ({ fresh }) => ({ name: fresh, password: fresh, api: 'metabase' }),
    }),
    row(`POST ${at}/password-resets`, everybody('ok'), { body: ({ fresh }) => ({ email: `${fresh}@example.org` }) }),
    row(`POST ${at}/password-resets/complete`, everybody(400), {
      body: ({ fresh }) => ({ token: fresh, password: fresh }),
    }),
    row(`DELETE ${at}/sessions/current`, cells({ ok: people, missing: others }), { tokens: 'leaving' }),
    row(`PUT ${at}/password`, but(people, 400, cells({})), {
      body: () => ({ oldPassword: 'not this one', password: 'nor this one' }),
    }),
    row(`GET ${at}/users/:user/sessions`, administered, { fill }),
    row(`DELETE ${at}/users/:user/sessions`, administered, { fill }),
    row(`DELETE ${at}/users/:user/sessions/:session`, cells({ missing: [...admins, ...foreign] }), { fill }),
    row(`POST ${at}/users/:user/unlock`, administered, { fill }),
    row(`POST ${at}/users/:user/verified-emails`, cells({ ok: ['superuser'], missing: foreign }), { fill }),
    row(`PUT ${at}/users/:user/password`, cells(passwords), { fill, body }),
    row(`PUT ${at}/users/:user/password`, cells({ ok: ['superuser'], missing: foreign }), {
      what: 'of a superuser',
      fill: { user: ({ subjects }) => subjects.superuser },
      body,
    }),
  ];
}

function adminRows(at: string): Row[] {
  const fill = { user: ({ subjects }: Asked) => subjects.user };
  const described = cells({ ok: admins, missing: strange });
  return [
    row(`GET ${at}/tenants`, inTenant),
    row(`POST ${at}/tenants`, cells({ ok: ['operator'] }), { body: ({ fresh }) => ({ name: fresh }) }),
    ...connectionRows(`${at}/connections`),
    row(`GET ${at}/guard`, inTenant),
    row(`GET ${at}/users`, cells({ ok: [...readers, 'franchise', ...foreign] })),
    row(`GET ${at}/users/:user`, described, { fill }),
    row(`GET ${at}/users/:user/timeline`, administered, { fill }),
    row(`GET ${at}/users/:user/state`, administered, { fill, query: `?at=${moment}` }),
    row(`GET ${at}/journal`, inTenant),
    row(`GET ${at}/requests`, inTenant),
    ...sessionRows(at),
    row(`GET ${at}/openapi.json`, past),
    row(`ALL ${at}/*`, nowhere),
  ];
}

/** A bearer token gets nobody another one; what does is tried where the tokens are. */
function oauthRows(at: string, known: string): Row[] {
  const metadata = [
    'oauth-authorization-server',
    ...['', '/scim', '/scim/v2', '/api/v1/staff'].map((of) => `oauth-protected-resource${of}`),
  ];
  return [
    ...metadata.map((name) => row(`GET ${known}/${name}`, everybody('ok'))),
    row(`POST ${at}/token`, everybody(401), { form: 'grant_type=client_credentials' }),
    row(`ALL ${at}/token`, everybody('ok')),
    row(`ALL ${at}/*`, everybody(404)),
  ];
}

/** A path refuses the methods that it does not have, and nobody hears which those are without a credential. */
function withOtherMethods(rows: readonly Row[]): Row[] {
  const paths = rows.map(({ route }) => route.split(' ')[1] ?? '').filter((path) => !path.endsWith('*'));
  const named = new Set(paths.filter((path) => !/^(\/scim(\/v2)?)$/.test(path)));
  return [...rows, ...[...named].map((path) => row(`ALL ${path}`, past))];
}

/** Every route of the running server; one with several kinds of request has several rows. */
export const matrix: readonly Row[] = [
  ...withOtherMethods([...['/scim/v2', '/scim'].flatMap(scimRows), ...adminRows('/admin/v1')]),
  ...callboxRows,
  ...metabaseRows,
  ...['callbox', 'metabase'].map((name) => row(`GET /openapi/${name}.json`, everybody('ok'))),
  ...oauthRows('/oauth', '/.well-known'),
  row('GET /livez', everybody('ok')),
  row('GET /readyz', everybody('ok')),
  row('GET /metrics', everybody(403)),
  row('ALL /*', everybody(404)),
];
