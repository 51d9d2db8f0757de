import { Hono } from 'hono';
import { onTestFinished } from 'vitest';
import { defaultLimits, type Limits } from '#http/limits.ts';
import { openLog } from '#http/request-log.ts';
import { type RunningServer, startServer } from '#http/server.ts';

/** Serves an app on a free port until the test is over. Nothing of it is logged. */
export async function serve(app: Hono, limits: Partial<Limits> = {}): Promise<RunningServer> {
  const { log, close } = openLog({ level: 'silent' });
  onTestFinished(close);
  const server = await startServer({
    fetch: app.fetch,
    host: '127.0.0.1',
    port: 0,
    limits: { ...defaultLimits, ...limits },
    log,
  });
  onTestFinished(() => server.drain(0));
  return server;
}

/** An app that answers every path with its name. */
export function makeApp(): Hono {
  return new Hono().all('*', (context) => context.text(context.req.path));
}
