import { Hono } from 'hono';
import type { Dialect } from '#dialects/dialect.ts';
import { type Mount, urlOfMount } from '#dialects/mount.ts';
import { isDescribed, writeOpenapi } from '#dialects/write-openapi.ts';
import type { RequestVariables } from '#http/observe-requests.ts';

/**
 * The OpenAPI documents of the dialects, below `/openapi`, each for the first place at which it answers; they say nothing
 * about anybody, so they need no credential.
 */
export function openapiRoutes(
  publicUrl: string,
  mounts: readonly Mount<Dialect>[],
): Hono<{ Variables: RequestVariables }> {
  const app = new Hono<{ Variables: RequestVariables }>();
  for (const mount of mounts) {
    if (!isDescribed(mount.api)) continue;
    const document = writeOpenapi(mount.api, urlOfMount(mount, publicUrl));
    app.get(`/${mount.api.name}.json`, (context) => context.json(document));
  }
  return app;
}
