import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Muster, startMuster } from '#test/support/muster.ts';

let muster: Muster;
let token: string;

beforeAll(async () => {
  muster = await startMuster();
  token = await muster.connect();
});
afterAll(() => muster.stop());

test('a user that was created is found by userName in any case', async () => {
  const created = await muster.send(token, 'POST', '/Users', { userName: 'Ada@Example.org' });
  expect(created.status).toBe(201);
  const found = await muster.send(token, 'GET', `/Users?filter=${encodeURIComponent('userName eq "ADA@example.ORG"')}`);
  expect(found.body.Resources).toEqual([created.body]);
});
