import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { openMetrics } from '#http/metrics.ts';
import { observeRequests, type RequestVariables } from '#http/observe-requests.ts';
import { wrapThrown } from '#http/wrap-thrown.ts';
import { type LogFile, openLogFile } from './log-file.ts';

const metrics = openMetrics();
const nowhere = () => undefined;

function observedApp({ log }: LogFile): Hono<{ Variables: RequestVariables }> {
  const dialect = new Hono<{ Variables: RequestVariables }>();
  dialect.use(wrapThrown);
  dialect.use(async (context, next) => {
    context.var.record.dialect = 'birds';
    context.var.record.connection = 'c1';
    await next();
  });
  dialect.post('/nests/:id', (context) => context.text('nest', 201));
  dialect.get('/fault', (context) => {
    context.var.record.fault = 'not_found';
    return context.text('none', 404);
  });
  dialect.get('/bug', () => {
    throw Object.assign(new Error('boom', { cause: new Error('deep') }), { detail: 'Key (email)=(ada@example.com)' });
  });
  dialect.get('/thrown', () => {
    throw 'a text';
  });
  dialect.onError((_error, context) => context.text('sorry', 500));
  const app = new Hono<{ Variables: RequestVariables }>();
  app.use(observeRequests({ log, metrics, readAddress: nowhere }), wrapThrown);
  app.route('/birds', dialect);
  app.get('/bare', () => {
    throw 'a text';
  });
  app.onError((_error, context) => context.text('root', 500));
  return app;
}

test('one line tells id, dialect, connection, pattern, status and duration of a request', async () => {
  const log = openLogFile();
  const answer = await observedApp(log).request('/birds/nests/7?token=hunter2', {
    method: 'POST',
    headers: { 'X-Request-Id': 'abc-1', Authorization: 'Bearer hunter2', Cookie: 'hunter2' },
    body: 'hunter2',
  });
  expect(answer.headers.get('X-Request-Id')).toBe('abc-1');
  expect(await log.lines()).toEqual([
    {
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      id: 'abc-1',
      dialect: 'birds',
      connection: 'c1',
      method: 'POST',
      route: '/birds/nests/:id',
      status: 201,
      durationMs: expect.any(Number),
      msg: 'request',
    },
  ]);
  expect(await log.text()).not.toContain('hunter2');
  expect(await log.text()).not.toContain('nests/7');
});

test('a fault is named in the line and is no error', async () => {
  const log = openLogFile();
  await observedApp(log).request('/birds/fault');
  expect(await log.lines()).toMatchObject([{ status: 404, fault: 'not_found' }]);
});

test('a bug is logged with its stack and cause under the id of the request, and without other properties', async () => {
  const log = openLogFile();
  const answer = await observedApp(log).request('/birds/bug');
  expect(await answer.text()).toBe('sorry');
  const id = answer.headers.get('X-Request-Id');
  expect(await log.lines()).toMatchObject([
    { level: 'info', id, status: 500, route: '/birds/bug' },
    {
      level: 'error',
      id,
      err: { message: 'boom', stack: expect.stringContaining('at '), causes: [{ message: 'deep' }] },
    },
  ]);
  expect(await log.text()).not.toContain('ada@example.com');
});

test.each(['/birds/thrown', '/bare'])('a thrown text below %s is answered, logged and counted', async (path) => {
  const log = openLogFile();
  const answer = await observedApp(log).request(path);
  expect(answer.status).toBe(500);
  expect(answer.headers.has('X-Request-Id')).toBe(true);
  expect(await log.lines()).toHaveLength(2);
});

test('an unknown path is logged without repeating it', async () => {
  const log = openLogFile();
  const answer = await observedApp(log).request('/secret-path');
  expect(answer.status).toBe(404);
  expect(await log.lines()).toMatchObject([{ status: 404, dialect: 'none', route: '/*' }]);
});

test('the level error leaves the lines of requests out', async () => {
  const log = openLogFile('error');
  await observedApp(log).request('/birds/fault');
  expect(await log.lines()).toEqual([]);
});

test('requests are counted and timed by dialect, route, method and class of status', async () => {
  const fresh = openMetrics();
  const app = new Hono<{ Variables: RequestVariables }>();
  app.use(observeRequests({ log: openLogFile('error').log, metrics: fresh, readAddress: nowhere }));
  app.get('/a/:id', (context) => context.text('', context.req.param('id') === '0' ? 404 : 200));
  for (const id of [0, 1, 2]) await app.request(`/a/${id}`);
  const text = await fresh.registry.metrics();
  const labels = (status: string) => `dialect="none",route="/a/:id",method="GET",status="${status}"`;
  expect(text).toContain(`http_requests_total{${labels('2xx')}} 2`);
  expect(text).toContain(`http_requests_total{${labels('4xx')}} 1`);
  expect(text).toContain('http_request_duration_seconds_bucket{le="10",');
  expect(text).toMatch(/http_request_duration_seconds_count\{.*4xx"\} 1/);
});

test('two registries know nothing of one another', async () => {
  const one = openMetrics();
  const other = openMetrics();
  one.count({ dialect: 'd', route: '/', method: 'GET', status: 200, durationMs: 1 });
  expect(await one.registry.metrics()).toContain('dialect="d"');
  expect(await other.registry.metrics()).not.toContain('dialect="d"');
  expect(await other.registry.metrics()).toContain('nodejs_eventloop_lag_p99_seconds');
});
