import { Hono, type MiddlewareHandler } from 'hono';
import { describeRoute, generateSpecs, resolver, uniqueSymbol } from 'hono-openapi';
import * as v from 'valibot';
import { problem } from './problem.ts';
import type { AdminRoute } from './route.ts';

const security = [{ token: [] }];

/** The OpenAPI document of routes below a base: OpenAPI 3.1. */
export async function describeRoutes(routes: readonly AdminRoute[], base: string): Promise<object> {
  const app = new Hono();
  for (const each of routes) app.on(each.method, each.path, queryOf(each), restOf(each));
  return generateSpecs(app, {
    documentation: {
      info: {
        title: 'Muster admin API',
        version: '1',
        description: 'Administers tenants, connections, people, sessions, the journal and the request log.',
      },
      servers: [{ url: base }],
      security,
      components: {
        securitySchemes: {
          token: {
            type: 'http',
            scheme: 'bearer',
            description: 'The token of a connection that speaks `admin`, or of a session of a superuser.',
          },
        },
        responses: {
          Problem: {
            description: 'Why the request failed: RFC 9457.',
            content: { 'application/problem+json': { schema: resolver(problem) } },
          },
        },
      },
    },
    excludeStaticFile: false,
    defaultValidationErrorResponse: false,
  });
}

/** What the library's own reader of parameters leaves for the document; ours reads them elsewhere. */
function queryOf({ query }: AdminRoute): MiddlewareHandler {
  const skip: MiddlewareHandler = (_context, next) => next();
  return Object.assign(skip, { [uniqueSymbol]: { target: 'query', ...resolver(query) } });
}

function restOf({ operationId, summary, status, answer, body, isOpen }: AdminRoute): MiddlewareHandler {
  const content = answer && { 'application/json': { schema: resolver(answer) } };
  return describeRoute({
    operationId,
    summary,
    ...(isOpen && { security: [] }),
    ...(body && {
      requestBody: { required: !v.is(body, {}), content: { 'application/json': { schema: resolver(body) } } },
    }),
    responses: {
      [status]: { description: content === undefined ? 'Done.' : 'What was asked for.', ...(content && { content }) },
      default: { $ref: '#/components/responses/Problem' },
    },
  });
}
