import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import * as v from 'valibot';
import { readBearer } from '#access/authenticate.ts';
import type { DialectVariables } from '#dialects/dialect.ts';
import type { Caller } from '#domain/caller.ts';
import type { Limits } from '#http/limits.ts';
import type { Mailer } from '#operations/mailer.ts';
import type { Operations } from '#operations/operations.ts';
import { check, type ObjectSchema, readObject, readQuery } from './read-request.ts';

/** What the routes work with. */
export interface AdminParts {
  readonly operations: Operations;
  readonly limits: Limits;
  readonly mailer: Mailer;
  /** How long a token lives when nobody says. */
  readonly tokenLifetimeDays: number;
  /** The OpenAPI document of all routes. */
  readonly describe: () => Promise<object>;
}

export type AdminContext = Context<{ Variables: DialectVariables }>;

/** One route as data: OpenAPI and the reference docs read everything but `handle`. */
export interface AdminRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: `/${string}`;
  readonly operationId: string;
  /** What it does, in a few words. */
  readonly summary: string;
  /** Whether it needs no credential. */
  readonly isOpen: boolean;
  /** Whether somebody may call it who has to choose a new password first. */
  readonly allowMustChange?: true;
  readonly query: ObjectSchema;
  readonly body?: ObjectSchema;
  readonly status: 200 | 201 | 202 | 204;
  /** What the answer holds; absent where it has no body. */
  readonly answer?: v.GenericSchema;
  readonly handle: (context: AdminContext, parts: AdminParts) => Promise<Response>;
}

type Facts = Pick<AdminRoute, 'method' | 'path' | 'operationId' | 'summary' | 'status' | 'allowMustChange'>;

/** What a route expects and gives; without a query, nothing but what is in the path. */
interface Schemas<Query extends ObjectSchema, Body extends ObjectSchema, Answer extends v.GenericSchema> {
  readonly query?: Query;
  readonly body?: Body;
  readonly answer?: Answer;
}

/** What a route is asked. */
interface Asked<Query, Body> extends AdminParts {
  /** The value of a parameter of the path. */
  readonly param: (name: string) => string;
  readonly query: Query;
  readonly body: Body;
}

/** Who shows a credential. */
interface Shown {
  readonly caller: Caller;
  readonly token: string;
}

/** Where a request comes from that needs none. */
interface Origin {
  readonly requestId: string;
  readonly address?: string;
}

type Frozen<T> = T extends readonly (infer Item)[]
  ? readonly Frozen<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Frozen<T[Key]> }
    : T;

type Run<Query extends ObjectSchema, Body extends ObjectSchema, Answer extends v.GenericSchema, More> = (
  asked: Asked<v.InferOutput<Query>, v.InferOutput<Body>> & More,
) => Promise<Frozen<v.InferOutput<Answer>>>;

const nothing = v.strictObject({});
const noAnswer = v.void();

/**
 * A route for who has shown a credential. Where it takes the parameter `tenant`, its caller has entered that tenant.
 */
export function route<
  Query extends ObjectSchema = typeof nothing,
  Body extends ObjectSchema = typeof nothing,
  Answer extends v.GenericSchema = typeof noAnswer,
>(facts: Facts & Schemas<Query, Body, Answer>, run: Run<Query, Body, Answer, Shown>): AdminRoute {
  const handle = async (context: AdminContext, parts: AdminParts) => {
    const query = readQuery(context.req.url, facts.query ?? nothing) as v.InferOutput<Query>;
    const caller = await callerIn(context.var.caller, query, parts);
    const token = readBearer(context.req.header('authorization')) ?? '';
    const asked = { ...(await askedOf(context, parts, facts.body)), query, caller, token };
    return answerWith(context, facts.status, await run(asked));
  };
  return { ...facts, query: facts.query ?? nothing, isOpen: false, handle };
}

/** A route for everybody, such as who is about to get a credential. */
export function openRoute<Body extends ObjectSchema = typeof nothing, Answer extends v.GenericSchema = typeof noAnswer>(
  facts: Facts & Omit<Schemas<never, Body, Answer>, 'query'>,
  run: Run<typeof nothing, Body, Answer, { readonly origin: Origin }>,
): AdminRoute {
  const handle = async (context: AdminContext, parts: AdminParts) => {
    const query = readQuery(context.req.url, nothing);
    const { id: requestId, address } = context.var.record;
    const origin = { requestId, ...(address !== undefined && { address }) };
    const asked = { ...(await askedOf(context, parts, facts.body)), query, origin };
    return answerWith(context, facts.status, await run(asked));
  };
  return { ...facts, query: nothing, isOpen: true, handle };
}

async function askedOf<Body extends ObjectSchema>(context: AdminContext, parts: AdminParts, schema: Body | undefined) {
  const sent = schema && (await readObject(context.req.raw, parts.limits, schema));
  context.var.record.body = sent;
  const body = check(schema ?? nothing, sent ?? {}) as v.InferOutput<Body>;
  return { ...parts, body, param: (name: string) => context.req.param(name) ?? '' };
}

async function callerIn(caller: Caller, query: object, { operations }: AdminParts): Promise<Caller> {
  const { tenant } = query as { readonly tenant?: string };
  return tenant === undefined ? caller : operations.enterTenant(caller, tenant);
}

function answerWith(context: AdminContext, status: AdminRoute['status'], answer: unknown): Response {
  return answer === undefined ? context.body(null, status) : context.json(answer, status as ContentfulStatusCode);
}
