import { addRoutes, refuseOtherMethods } from '#dialects/add-routes.ts';
import { changePerson } from '#dialects/change-person.ts';
import type {
  Dialect,
  DialectContext,
  DialectParts,
  DialectRoute,
  ErrorAnswer,
  ErrorShape,
} from '#dialects/dialect.ts';
import { openDialectApp, requireBearer } from '#dialects/dialect-app.ts';
import { readBody } from '#dialects/read-body.ts';
import { type Representation, readOnly, same, toChanges, toWire } from '#dialects/representation.ts';
import { Fault, type FaultKind } from '#domain/fault.ts';
import type { Person } from '#domain/person.ts';
import type { WriteRules } from '#domain/write-rules.ts';

/*
 * An API that nobody has: what docs/how-to/add-a-dialect.md says, in one file. The laws hold for it, so what they ask of a
 * dialect can be had with the shared parts alone.
 */

const namespace = { dialect: 'toy', keys: 'number' } as const;
const mediaType = 'application/json';
const rules: WriteRules = {
  ...{ unknownReference: 'refuse', groupNames: 'free', createOfDeactivated: 'refuse' },
  ...{ emails: 'free', ownAccount: 'free', passwords: 'checked' },
};
const text = { type: ['string', 'null'] } as const;

const user = {
  id: readOnly('The number of the person.', { type: 'integer' }, ({ key }) => Number(key)),
  login: same('userName', 'The name to sign in with.', { shape: text, examples: ['ada', null] }),
  nickname: same('nickName', 'What friends say.', { shape: text, examples: ['Countess', 'Жук', null] }),
} satisfies Representation;

const { id: _id, ...sent } = user;
const one = { type: 'object', required: Object.keys(user) } as const;
const collection = '/people';
const item = '/people/:id';

const routes: readonly DialectRoute[] = [
  {
    ...{ method: 'GET', path: collection, about: 'List the people' },
    answers: { 200: { about: 'Everybody.', shape: { type: 'array', items: one } } },
    handle: async (context, { operations }) => {
      const wish = { namespace, order: 'key', groups: false } as const;
      const { chunks } = await operations.listPeople(context.var.caller, wish);
      return context.json((await Array.fromAsync(chunks)).flat().map((person) => toWire(user, person)));
    },
  },
  {
    ...{ method: 'POST', path: collection, about: 'Create a person', body: sent },
    answers: { 201: { about: 'The person.', shape: one } },
    handle: async (context, { operations, limits }) => {
      const { caller, record } = context.var;
      const body = await readBody(context.req.raw, { ...limits, mediaTypes: [mediaType] });
      record.body = body;
      const id = await operations.createPerson(caller, { changes: readChanges(body), rules });
      record.resource = id;
      return context.json({ id }, 201);
    },
  },
  {
    ...{ method: 'GET', path: item, about: 'Read a person', answers: { 200: { about: 'The person.', shape: one } } },
    handle: async (context, { operations }) => {
      const person = await operations.getPerson(context.var.caller, namespace, keyOf(context));
      return context.json(toWire(user, person));
    },
  },
  {
    ...{ method: 'PATCH', path: item, about: 'Change a person', body: sent },
    answers: { 200: { about: 'The person.', shape: one } },
    handle: async (context, parts) => {
      const body = await readBody(context.req.raw, { ...parts.limits, mediaTypes: [mediaType] });
      context.var.record.body = body;
      const readBack = await changePerson(parts, context.var, namespace, keyOf(context), ({ values }) => ({
        changes: readChanges(body, values),
        rules,
      }));
      return context.json(toWire(user, await readBack()));
    },
  },
];

const statuses: Record<FaultKind, number> = {
  ...{ unauthenticated: 401, forbidden: 403, not_found: 404, already_exists: 409, invalid_syntax: 400 },
  ...{ invalid_value: 400, invalid_path: 400, invalid_filter: 400, no_target: 400, read_only: 400, sensitive: 403 },
  ...{ precondition_failed: 412, too_large: 413, too_many: 400, rate_limited: 429, held: 503 },
  ...{ method_not_allowed: 405, unsupported_media_type: 415, unavailable: 503 },
};
const problem: ErrorShape = {
  ...{ mediaType, about: 'What is wrong.' },
  shape: { type: 'object', properties: { problem: { type: 'string' } }, required: ['problem'] },
};
const write = (status: number, problem: string): ErrorAnswer => ({
  ...{ status, headers: {}, body: JSON.stringify({ problem }) },
});

export const toy: Dialect = {
  ...{ name: 'toy', about: 'A phone book that nobody has', prefixes: ['/phonebook'], slashes: 'merge', mediaType },
  ...{ keys: 'number', people: collection, credential: { header: 'Authorization', scheme: 'Bearer' }, user, routes },
  ...{ tokenForm: 'mst', profiles: [], usualRights: ['read', 'write'], errorShapes: [problem], build },
  writeFault: ({ kind, message }) => write(statuses[kind], message),
  writeUnexpected: ({ id }) => write(500, `see ${id} in the log`),
  writeMalformed: (status, detail) => write(status, detail).body,
};

function build(parts: DialectParts) {
  const app = openDialectApp(toy, parts.publicUrl);
  requireBearer(app, parts, toy.name);
  addRoutes(app, routes, parts, { namespace, people: collection });
  refuseOtherMethods(app, routes);
  app.all('*', () => {
    throw new Fault('not_found', 'there is nothing here');
  });
  return app;
}

function keyOf(context: DialectContext): string {
  return context.req.param('id') ?? '';
}

function readChanges(body: Parameters<typeof toChanges>[1], before: Person['values'] = {}) {
  for (const name of Object.keys(sent)) {
    const value = body[name];
    if (value !== undefined && value !== null && typeof value !== 'string') {
      throw new Fault('invalid_value', `${name} must be text`, { attribute: name });
    }
  }
  return toChanges(user, body, before);
}
