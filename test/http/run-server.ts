import { Hono } from 'hono';
import { defaultLimits } from '#http/limits.ts';
import { openMetrics } from '#http/metrics.ts';
import { observeRequests, type RequestVariables } from '#http/observe-requests.ts';
import { openLog } from '#http/request-log.ts';
import { startServer } from '#http/server.ts';
import { exitInOrder } from '#http/shutdown.ts';

// A process of its own for the tests of signals and of a log whose reader goes away. It says its port on stderr.
const { log, flush, close } = openLog({ level: 'info' });
const app = new Hono<{ Variables: RequestVariables }>();
app.use(observeRequests({ log, metrics: openMetrics(), readAddress: () => undefined }));
app.get('/plain', (context) => context.text('plain'));
app.get('/flush', async (context) => {
  await flush();
  return context.text('flushed');
});
app.get('/chatter', (context) => {
  for (let line = 0; line < 20_000; line += 1) log.info({ filler: 'x'.repeat(1_000) }, 'chatter');
  return context.text('logged');
});
app.get('/reject', (context) => {
  void Promise.reject(new Error('nobody waits for this'));
  return context.text('answered');
});
const server = await startServer({ fetch: app.fetch, host: '127.0.0.1', port: 0, limits: defaultLimits, log });
exitInOrder({
  process,
  log,
  steps: [
    { name: 'server', run: () => server.drain(Number(process.argv[2])) },
    { name: 'log', run: close },
  ],
});
process.stderr.write(`${server.port}\n`);
