import { expect, test } from 'vitest';
import { healthRoutes, type Readiness } from '#http/health.ts';
import { openMetrics } from '#http/metrics.ts';

const { registry } = openMetrics();
const routes = (ready: Readiness, readyMs = 900) => healthRoutes({ ready, readyMs, registry });
const never = new Promise<true>(() => undefined);

test('a live process says so whatever the database does', async () => {
  const answer = await routes(() => never).request('/livez');
  expect(answer.status).toBe(200);
  expect(answer.headers.get('Cache-Control')).toBe('no-store');
});

test('ready is 200, and a reason is 503 with the reason', async () => {
  expect((await routes(async () => true).request('/readyz')).status).toBe(200);
  const answer = await routes(async () => 'the database is away').request('/readyz');
  expect(answer.status).toBe(503);
  expect(await answer.text()).toBe('the database is away\n');
});

test('a check that fails shows nothing of its error', async () => {
  const answer = await routes(async () => {
    throw new Error('password hunter2 is wrong');
  }).request('/readyz');
  expect(answer.status).toBe(503);
  expect(await answer.text()).not.toContain('hunter2');
});

test('a check that throws at once is an answer too', async () => {
  const answer = await routes(() => {
    throw new Error('hunter2');
  }).request('/readyz');
  expect(answer.status).toBe(503);
});

test('a check that hangs is answered in time and asked once only', async () => {
  let asked = 0;
  const app = routes(() => {
    asked += 1;
    return never;
  }, 20);
  const answers = await Promise.all([app.request('/readyz'), app.request('/readyz'), app.request('/readyz')]);
  expect(answers.map((answer) => answer.status)).toEqual([503, 503, 503]);
  await app.request('/readyz');
  expect(asked).toBe(1);
});

test('a check that has answered is asked again at the next request', async () => {
  let asked = 0;
  const app = routes(async () => (asked++ === 0 ? 'starting' : true));
  expect((await app.request('/readyz')).status).toBe(503);
  expect((await app.request('/readyz')).status).toBe(200);
});

test('metrics come as Prometheus text', async () => {
  const answer = await routes(async () => true).request('/metrics');
  expect(answer.headers.get('Content-Type')).toContain('text/plain; version=0.0.4');
  expect(await answer.text()).toContain('process_resident_memory_bytes');
});
