import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Muster, startMuster } from '#test/support/muster.ts';

const token = 'metrics-token-of-this-test';
let muster: Muster;
beforeAll(async () => {
  const metrics = { addresses: ['203.0.113.0/24'], token };
  muster = await startMuster({ trustedProxies: ['127.0.0.1'], metrics });
});
afterAll(() => muster.stop());

const ask = async (headers: Record<string, string> = {}) => {
  const answer = await fetch(`${muster.server.url}/metrics`, { headers });
  return { status: answer.status, text: await answer.text() };
};

test('who sends the token reads the metrics from anywhere', async () => {
  for (const scheme of ['Bearer', 'bearer']) {
    const { status, text } = await ask({ Authorization: `${scheme} ${token}`, 'X-Forwarded-For': '198.51.100.1' });
    expect(status).toBe(200);
    expect(text).toContain('process_resident_memory_bytes');
  }
});

test('who sends another token does not, also from an address that may', async () => {
  for (const wrong of [`${token}x`, token.slice(1), '', `${token}, Bearer ${token}`]) {
    expect((await ask({ Authorization: `Bearer ${wrong}`, 'X-Forwarded-For': '203.0.113.9' })).status).toBe(403);
  }
  expect((await ask({ Authorization: `Basic ${token}` })).status).toBe(403);
  const people = await muster.connect();
  expect((await ask({ Authorization: `Bearer ${people}` })).status).toBe(403);
});

test('behind a trusted proxy the address of the client decides', async () => {
  expect((await ask({ 'X-Forwarded-For': '203.0.113.9' })).status).toBe(200);
  expect((await ask({ 'X-Forwarded-For': '203.0.113.9, 198.51.100.1' })).status).toBe(403);
});

test('who has neither token nor address is told how it is allowed, and sees no metric', async () => {
  const { status, text } = await ask();
  expect(status).toBe(403);
  expect(text).toContain('METRICS_TOKEN');
  expect(text).not.toContain('process_');
});

test('an address does not count when somebody who is not trusted passes the request on', async () => {
  const near = await startMuster({ metrics: { addresses: ['127.0.0.1'] } });
  const statuses = [];
  for (const header of ['Accept', 'X-Forwarded-For', 'Forwarded', 'X-Real-IP', 'Via']) {
    const answer = await fetch(`${near.server.url}/metrics`, { headers: { [header]: '127.0.0.1' } });
    statuses.push(answer.status);
  }
  await near.stop();
  expect(statuses).toEqual([200, 403, 403, 403, 403]);
});

test('an address does not count when a trusted proxy does not say whose it is', async () => {
  const near = await startMuster({
    trustedProxies: ['127.0.0.1', '10.0.0.1'],
    metrics: { addresses: ['127.0.0.1', '10.0.0.1'] },
  });
  const statuses = [];
  for (const sent of [undefined, '', 'unknown', 'unknown, 10.0.0.1', '127.0.0.1', '203.0.113.9']) {
    const headers = sent === undefined ? {} : { 'X-Forwarded-For': sent };
    statuses.push((await fetch(`${near.server.url}/metrics`, { headers })).status);
  }
  await near.stop();
  expect(statuses).toEqual([403, 403, 403, 403, 200, 403]);
});

test('H-15, R-013: forwarded host and scheme change no location, sent by a trusted proxy or not', async () => {
  const bearer = await muster.connect();
  const headers = { 'X-Forwarded-Host': 'evil.example', 'X-Forwarded-Proto': 'https', Host: 'evil.example' };
  const made = await muster.send(bearer, 'POST', '/Users', { userName: 'ada' }, headers);
  expect(made.status).toBe(201);
  expect(made.headers.get('location')).toBe(`${muster.server.url}/scim/v2/Users/${made.body.id}`);
  expect(JSON.stringify(made.body)).not.toContain('evil');
});

test('the journal has the address of the client behind a trusted proxy', async () => {
  const bearer = await muster.connect();
  const made = await muster.send(bearer, 'POST', '/Users', { userName: 'eve' }, { 'X-Forwarded-For': '203.0.113.77' });
  const rows = await muster.db.list({
    text: 'select address from journal where tenant = 1 and resource = $1',
    values: [made.body.id],
  });
  expect(rows).toEqual([{ address: '203.0.113.77' }]);
});
