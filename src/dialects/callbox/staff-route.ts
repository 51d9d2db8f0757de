import { readBearer } from '#access/authenticate.ts';
import { type Caller, checkRight } from '#domain/caller.ts';
import type { Namespace } from '#domain/person.ts';
import type { JsonObject } from '#http/parse-json.ts';
import type { Operations } from '#operations/operations.ts';
import type { DialectContext, DialectParts, DialectRoute, Part } from '../dialect.ts';
import { identify } from '../dialect-app.ts';
import { type Failure, unprocessable } from './failure.ts';
import { checkMembers, type Kind } from './kinds.ts';
import { readKey, readQuery } from './parameters.ts';
import { readSent } from './read-sent.ts';

/** Under which ids the clients know people. */
export const namespace: Namespace = { dialect: 'callbox', keys: 'number' };

/** What a client sends, and what it has to be. */
export interface SentPart extends Part {
  readonly kind: Kind;
}

/** What a route says of itself; what it reads is checked as the rows say. */
interface Facts extends Omit<DialectRoute, 'handle'> {
  readonly query?: Readonly<Record<string, SentPart>>;
  readonly body?: Readonly<Record<string, SentPart>>;
}

/** What a route is asked. */
export interface Asked {
  readonly caller: Caller;
  readonly parts: DialectParts;
  readonly operations: Operations;
  /** The key of the person in the path; empty where there is none. */
  readonly key: string;
  readonly query: JsonObject;
  readonly body: JsonObject;
}

/**
 * A route in the order of FastAPI: a body that is no JSON is refused before anybody asks who sends it; then the caller has
 * to administer people; then everything that is wrong with path, query and body is told at once. Raises `unauthenticated`,
 * `forbidden`, `invalid_value` and what `readSent` raises.
 */
export function staffRoute(
  facts: Facts,
  run: (asked: Asked, context: DialectContext) => Promise<Response>,
): DialectRoute {
  const handle = async (context: DialectContext, parts: DialectParts) => {
    const sent = facts.body === undefined ? undefined : await bodyOf(context, parts);
    // What is no token of a bearer counts as none.
    const token = readBearer(context.req.header('authorization')) || undefined;
    const caller = await identify(context, parts, { token, dialect: namespace.dialect });
    checkRight(caller, 'read');
    const path = facts.path.includes(':user_id') ? readKey(context.req.param('user_id') ?? '') : { key: '' };
    const query = readQuery(context.req.url, facts.query ?? {});
    const body = facts.body === undefined ? noBody : checkMembers(facts.body, sent);
    const failures = [...('key' in path ? [] : path.failures), ...query.failures, ...body.failures];
    if (!('key' in path) || failures.length > 0) throw unprocessable(failures);
    const { operations } = parts;
    return run({ caller, parts, operations, key: path.key, query: query.values, body: body.members }, context);
  };
  return { ...facts, handle };
}

/** The body, which the request log keeps too, but for text: that has no names by which secrets are known. */
async function bodyOf({ req, var: { record } }: DialectContext, { limits }: DialectParts) {
  const sent = await readSent(req.raw, limits);
  if (typeof sent === 'object') record.body = sent;
  return sent;
}

const noBody: { readonly members: JsonObject; readonly failures: readonly Failure[] } = { members: {}, failures: [] };
