import { Hono, type MiddlewareHandler } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { type Asker, type Proof, readBearer } from '#access/authenticate.ts';
import type { Caller } from '#domain/caller.ts';
import { Fault } from '#domain/fault.ts';
import { checkRequest } from '#http/check-request.ts';
import { requestTarget } from '#http/normalise-path.ts';
import { wrapThrown } from '#http/wrap-thrown.ts';
import type { Dialect, DialectApp, DialectContext, DialectParts, DialectVariables, ErrorAnswer } from './dialect.ts';

/** What a dialect calls itself, and its words for what goes wrong. */
interface Words {
  readonly name: string;
  readonly mediaType: string;
  /** What every answer says beside its own headers. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Stands around everything, also around the refusal of odd requests. */
  readonly around?: MiddlewareHandler<{ Variables: DialectVariables }>;
  readonly writeFault: Dialect['writeFault'];
  readonly writeUnexpected: Dialect['writeUnexpected'];
}

/** The app of a dialect without routes: whatever goes wrong in it is said in the words of the dialect, odd requests too. */
export function openDialectApp(words: Words, publicUrl: string): DialectApp {
  const app: DialectApp = new Hono();
  app.onError((error, context) => answerError(error, context, words, publicUrl));
  app.use(wrapThrown);
  if (words.headers !== undefined) app.use(sayAlways(words.headers));
  if (words.around !== undefined) app.use(words.around);
  app.use(async (context, next) => {
    context.var.record.dialect = words.name;
    refuseOddRequest(context);
    await next();
  });
  return app;
}

/** Lets nobody pass to the routes that are added later without a token of the dialect in `Authorization`. */
export function requireBearer(app: DialectApp, parts: DialectParts, dialect: string): void {
  app.use(bearerGuard(parts, dialect));
}

/** Finds out who is asking by a token in `Authorization`, also somebody who has to choose a new password first where that is allowed. */
export function bearerGuard(
  parts: DialectParts,
  dialect: string,
  allowMustChange = false,
): MiddlewareHandler<{ Variables: DialectVariables }> {
  return async (context, next) => {
    const token = readBearer(context.req.header('authorization'));
    await identify(context, parts, { token, dialect, allowMustChange });
    await next();
  };
}

/** Finds out who sends a request with this token, for the route and for the request's record. Raises what `authenticate` raises. */
export async function identify(
  context: DialectContext,
  { authenticate }: DialectParts,
  proof: Pick<Proof, 'token' | 'dialect' | 'allowMustChange'>,
): Promise<Caller> {
  const { record } = context.var;
  const { id: requestId, address } = record;
  const caller = await authenticate({ ...proof, requestId, address, noteAsker: (asker) => noteAsker(context, asker) });
  record.tenant = caller.tenant;
  record.connection = caller.connection;
  record.person = caller.person;
  context.set('caller', caller);
  return caller;
}

/**
 * Makes the request log name whom a refused request comes from where nobody had to be known for the refusal, such as that
 * of a path that there is not. The answer stays as it is; who cannot be found is not named. For the routes added later.
 */
export function noteAskers(
  app: DialectApp,
  { findAsker }: DialectParts,
  tokensOf: (context: DialectContext) => readonly string[] = bearersOf,
): void {
  app.use(async (context, next) => {
    await next();
    const { fault, tenant } = context.var.record;
    if (fault === undefined || tenant !== undefined) return;
    // He was looked for, or cannot be.
    if (fault === 'unauthenticated' || fault === 'unavailable') return;
    const found = await Promise.all(tokensOf(context).map(findAsker)).catch(() => []);
    const asker = found.find((each) => each !== undefined);
    if (asker !== undefined) noteAsker(context, asker);
  });
}

/** Writes down whose token a request comes with, for the request's record alone. */
export function noteAsker({ var: { record } }: DialectContext, { tenant, connection, person }: Asker): void {
  if (record.tenant !== undefined) return;
  record.tenant = tenant;
  record.connection = connection;
  record.person = person;
}

function bearersOf(context: DialectContext): readonly string[] {
  const token = readBearer(context.req.header('authorization'));
  return token ? [token] : [];
}

function sayAlways(headers: Readonly<Record<string, string>>): MiddlewareHandler {
  return async (context, next) => {
    await next();
    for (const [name, value] of Object.entries(headers)) context.res.headers.set(name, value);
  };
}

function refuseOddRequest(context: DialectContext): void {
  const problem = checkRequest(context.req.raw.headers, requestTarget(context.req.raw, context.env));
  if (problem === undefined) return;
  const { problem: kind, detail } = problem;
  if (kind === 'several_credentials') throw new Fault('unauthenticated', detail, { wrongCredential: true });
  throw new Fault('invalid_syntax', detail);
}

function answerError(error: Error, context: DialectContext, words: Words, publicUrl: string): Response {
  const { record } = context.var;
  const request = { id: record.id, publicUrl, header: (name: string) => context.req.header(name) };
  if (!(error instanceof Fault)) return send(context, words, words.writeUnexpected(request));
  record.fault = error.kind;
  record.detail = error.message;
  record.cause = error.details.cause;
  return send(context, words, words.writeFault(error, request));
}

function send(context: DialectContext, words: Words, answer: ErrorAnswer): Response {
  const { status, headers, body, mediaType = words.mediaType } = answer;
  return context.body(body, status as ContentfulStatusCode, { ...headers, 'Content-Type': mediaType });
}
