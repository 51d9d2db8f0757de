import type { Registry } from '@prometheus-io/client';
import { type Context, Hono } from 'hono';

/** True, or why the server cannot do its work now, in words that anybody may read. */
export type Readiness = () => Promise<true | string>;

export interface HealthOptions {
  readonly ready: Readiness;
  readonly readyMs: number;
  readonly registry: Registry;
  /** Who may read the metrics; without it everybody may. */
  readonly mayReadMetrics?: (context: Context) => boolean;
}

/**
 * The routes for whoever runs the server. `/livez`: the process answers. `/readyz`: `ready` says true, else 503 and
 * the reason; the answer comes within `readyMs` even when the database hangs. `/metrics`: Prometheus text, or 403 for who
 * may not read it: routes, rates and memory say much about an installation.
 */
export function healthRoutes({ ready, readyMs, registry, mayReadMetrics = () => true }: HealthOptions): Hono {
  const app = new Hono();
  const check = onceAtATime(ready);
  app.use(async (context, next) => {
    await next();
    context.res.headers.set('Cache-Control', 'no-store');
  });
  app.get('/livez', (context) => context.text('ok\n'));
  app.get('/readyz', async (context) => {
    const state = await within(readyMs, check());
    return state === true ? context.text('ok\n') : context.text(`${state}\n`, 503);
  });
  app.get('/metrics', async (context) => {
    if (!mayReadMetrics(context)) return context.text(refusal, 403);
    return context.body(await registry.metrics(), 200, { 'Content-Type': registry.contentType });
  });
  return app;
}

const refusal =
  'metrics are not shown here; whoever runs the server allows it with METRICS_TOKEN or METRICS_ADDRESSES\n';

/** Questions that come while one is being answered share its answer, so they cannot use up the database's connections. */
function onceAtATime(ready: Readiness): Readiness {
  let pending: Promise<true | string> | undefined;
  return () => {
    pending ??= Promise.try(ready)
      .catch(() => 'the readiness check failed; see the log')
      .finally(() => {
        pending = undefined;
      });
    return pending;
  };
}

async function within(limitMs: number, answer: Promise<true | string>): Promise<true | string> {
  const late = Promise.withResolvers<string>();
  const timer = setTimeout(() => late.resolve('the readiness check takes too long'), limitMs);
  const first = await Promise.race([answer, late.promise]);
  clearTimeout(timer);
  return first;
}
