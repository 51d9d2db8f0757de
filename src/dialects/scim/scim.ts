import { Hono } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { readBearer } from '#access/authenticate.ts';
import { resourceTypes } from '#attributes/resource-type.ts';
import { Fault } from '#domain/fault.ts';
import { checkRequest } from '#http/check-request.ts';
import { requestTarget } from '#http/normalise-path.ts';
import { wrapThrown } from '#http/wrap-thrown.ts';
import type { Dialect, DialectApp, DialectParts } from '../dialect.ts';
import { basePath } from './base-path.ts';
import { addDiscoveryRoutes, addOpenRoutes } from './discovery-routes.ts';
import { type ErrorAnswer, writeError, writeFault, writeUnexpected } from './errors.ts';
import type { ScimContext } from './request-parts.ts';
import { addResourceRoutes } from './resource-routes.ts';
import { mediaType } from './schemas.ts';

/** SCIM 2.0: RFC 7643 and RFC 7644. The unversioned path is the same server. */
export const scim: Dialect = {
  name: 'scim',
  prefixes: [basePath, '/scim'],
  mediaType,
  build,
  writeMalformed: writeError,
};

/** Everything below `addOpenRoutes` needs a token; what is added later is behind it too. */
function build(parts: DialectParts): DialectApp {
  const app: DialectApp = new Hono();
  app.onError((error, context) => answerError(error, context));
  app.use(wrapThrown);
  app.use(async (context, next) => {
    context.var.record.dialect = scim.name;
    refuseOddRequest(context);
    await next();
  });
  app.options('*', (context) => context.body(null, 204));
  addOpenRoutes(app, parts);
  app.use(async (context, next) => {
    const { record } = context.var;
    const token = readBearer(context.req.header('authorization'));
    const { id: requestId, address } = record;
    const caller = await parts.authenticate({ token, dialect: scim.name, requestId, address });
    record.connection = caller.connection;
    context.set('caller', caller);
    await next();
  });
  addDiscoveryRoutes(app, parts);
  for (const type of resourceTypes) addResourceRoutes(app, type, parts);
  app.get('/', () => {
    throw new Fault('forbidden', 'a search over all types is not offered; ask one endpoint, such as /Users');
  });
  app.all('*', () => {
    throw new Fault('not_found', 'there is nothing at this path; see /ResourceTypes for the endpoints');
  });
  return app;
}

function refuseOddRequest(context: ScimContext): void {
  const problem = checkRequest(context.req.raw.headers, requestTarget(context.req.raw, context.env));
  if (problem === undefined) return;
  const { problem: kind, detail } = problem;
  if (kind === 'several_credentials') throw new Fault('unauthenticated', detail, { wrongCredential: true });
  throw new Fault('invalid_syntax', detail);
}

function answerError(error: Error, context: ScimContext): Response {
  const { record } = context.var;
  if (!(error instanceof Fault)) return send(context, writeUnexpected(record.id));
  record.fault = error.kind;
  record.cause = error.details.cause;
  return send(context, writeFault(error));
}

function send(context: ScimContext, { status, headers, body }: ErrorAnswer): Response {
  return context.body(body, status as ContentfulStatusCode, { ...headers, 'Content-Type': mediaType });
}
