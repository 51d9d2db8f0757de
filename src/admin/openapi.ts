import { Hono } from 'hono';
import { dialects } from '#dialects/index.ts';
import { isDescribed, writeOpenapi } from '#dialects/write-openapi.ts';
import type { RequestVariables } from '#http/observe-requests.ts';

/** The OpenAPI documents of the dialects, below `/openapi`; they say nothing about anybody, so they need no credential. */
export function openapiRoutes(publicUrl: string): Hono<{ Variables: RequestVariables }> {
  const app = new Hono<{ Variables: RequestVariables }>();
  for (const dialect of dialects.filter(isDescribed)) {
    const document = writeOpenapi(dialect, publicUrl);
    app.get(`/${dialect.name}.json`, (context) => context.json(document));
  }
  return app;
}
