import * as v from 'valibot';
import { spoken } from '#dialects/index.ts';
import { rights } from '#domain/caller.ts';
import { Fault } from '#domain/fault.ts';
import { domainLimits } from '#domain/limits.ts';
import type { Operations } from '#operations/operations.ts';
import { pageWithin } from './page.ts';
import { route } from './route.ts';
import { choice, count, id, inTenant, lifetime, ofPage, pageOf, text, time } from './values.ts';

const dialectNames = spoken.map(({ name }) => name);
const rightList = v.array(choice(rights), 'must be a list');
const guard = choice(['hold', 'alert', 'off']);
const connection = {
  id,
  name: v.string(),
  dialect: choice(dialectNames),
  profile: v.string(),
  rights: rightList,
  franchisee: v.exactOptional(id),
  ratePerSecond: v.exactOptional(v.number()),
  guard,
  createdAt: time,
  revokedAt: v.exactOptional(time),
  replacedBy: v.exactOptional(id),
};

const token = v.strictObject({
  kind: choice(['token', 'secret', 'access']),
  prefix: v.pipe(v.string(), v.description('How it begins; the rest is known to nobody here.')),
  createdAt: time,
  expiresAt: time,
  lastUsedAt: v.exactOptional(time),
  lastUsedAddress: v.exactOptional(v.string()),
  revokedAt: v.exactOptional(time),
  live: v.boolean(),
});

const issued = v.strictObject({
  connection: id,
  token: v.pipe(v.string(), v.description('Shown this once.')),
  prefix: v.string(),
});

const wish = v.strictObject({
  name: text(256),
  dialect: choice(dialectNames),
  profile: v.exactOptional(v.pipe(text(64), v.description('What kind of client it is; the usual one when absent.'))),
  rights: v.exactOptional(rightList),
  franchisee: v.exactOptional(v.pipe(id, v.description('The org unit of the only franchisee whose people it sees.'))),
  ratePerSecond: v.exactOptional(count(1, domainLimits.ratePerSecond)),
  guard: v.exactOptional(guard),
  lifetimeDays: lifetime,
  replaces: v.exactOptional(
    v.pipe(text(256), v.description('The name or id of a live connection that ends, and leaves it its external ids.')),
  ),
});

const update = v.strictObject({
  name: v.exactOptional(text(256)),
  profile: v.exactOptional(text(64)),
  rights: v.exactOptional(rightList),
  franchisee: v.exactOptional(v.nullable(id)),
  ratePerSecond: v.exactOptional(v.nullable(count(1, domainLimits.ratePerSecond))),
  guard: v.exactOptional(guard),
});

const inTenantOnly = v.strictObject(inTenant);

/** Connections and their tokens. `:connection` is its id, or the name of a live one. */
export const connectionRoutes = [
  route(
    {
      ...{ method: 'GET', path: '/connections', operationId: 'listConnections', status: 200 },
      summary: 'All connections, revoked ones too, oldest first',
      query: v.strictObject({ ...inTenant, ...ofPage }),
      answer: pageOf(v.strictObject(connection)),
    },
    async ({ operations, caller, query }) => {
      const all = await operations.listConnections(caller);
      return pageWithin(all.map(shown), query, (one) => one.id);
    },
  ),
  route(
    {
      ...{ method: 'POST', path: '/connections', operationId: 'createConnection', status: 201 },
      summary: 'Make a connection; the answer has its first token, which is shown this once',
      query: inTenantOnly,
      body: wish,
      answer: issued,
    },
    async ({ operations, caller, body: { dialect, lifetimeDays, ...rest }, tokenLifetimeDays }) => {
      const days = lifetimeDays ?? tokenLifetimeDays;
      return operations.createConnection(caller, { ...rest, tokenLifetimeDays: days, spoken: spokenBy(dialect) });
    },
  ),
  route(
    {
      ...{ method: 'GET', path: '/connections/:connection', operationId: 'getConnection', status: 200 },
      summary: 'One connection with its newest tokens, its keys and the Entra tenant whose tokens are taken for it',
      query: inTenantOnly,
      answer: v.strictObject({
        ...connection,
        tokens: v.array(token),
        keys: v.pipe(v.array(v.string()), v.description('The thumbprints of the keys that it signs with.')),
        entra: v.array(v.strictObject({ entraTenant: id, audience: v.string() })),
      }),
    },
    async ({ operations, caller, param }) => shown(await operations.getConnection(caller, param('connection'))),
  ),
  route(
    {
      ...{ method: 'PATCH', path: '/connections/:connection', operationId: 'updateConnection', status: 200 },
      summary: 'Change a connection; what is absent stays, null takes a bound away',
      query: inTenantOnly,
      body: update,
      answer: v.strictObject(connection),
    },
    async ({ operations, caller, param, body }) =>
      shown(await operations.updateConnection(caller, param('connection'), body, spoken)),
  ),
  route(
    {
      ...{ method: 'DELETE', path: '/connections/:connection', operationId: 'revokeConnection', status: 204 },
      summary: 'End a connection: its tokens, access tokens too, are refused from the next request on',
      query: inTenantOnly,
    },
    async ({ operations, caller, param }) => void (await operations.revokeConnection(caller, param('connection'))),
  ),
  route(
    {
      ...{ method: 'GET', path: '/connections/:connection/tokens', operationId: 'listTokens', status: 200 },
      summary: 'The newest tokens of a connection, with when and from where each was last used',
      query: inTenantOnly,
      answer: pageOf(token),
    },
    async ({ operations, caller, param }) => {
      const { tokens } = await operations.getConnection(caller, param('connection'));
      return { items: tokens };
    },
  ),
  route(
    {
      ...{ method: 'POST', path: '/connections/:connection/tokens', operationId: 'rotateConnection', status: 201 },
      summary: 'Make a new token; the one before it goes on working, older ones end',
      query: inTenantOnly,
      body: v.strictObject({ lifetimeDays: lifetime }),
      answer: issued,
    },
    async ({ operations, caller, param, body, tokenLifetimeDays }) =>
      operations.rotateConnection(caller, param('connection'), body.lifetimeDays ?? tokenLifetimeDays),
  ),
  route(
    {
      ...{ method: 'DELETE', path: '/connections/:connection/tokens/:prefix', operationId: 'revokeToken', status: 204 },
      summary:
        'End the live tokens and secrets that begin so; others go on working, but with a secret all access tokens end',
      query: inTenantOnly,
    },
    async ({ operations, caller, param }) => operations.revokeToken(caller, param('connection'), param('prefix')),
  ),
];

type Connection = Awaited<ReturnType<Operations['listConnections']>>[number];

/** What people need of a connection; the form of its tokens follows from the dialect. */
function shown<One extends Connection>({ tokenForm: _, ...rest }: One) {
  return rest;
}

function spokenBy(dialect: string) {
  const found = spoken.find(({ name }) => name === dialect);
  if (found === undefined) throw new Fault('invalid_value', 'there is no such dialect', { attribute: 'dialect' });
  return found;
}
