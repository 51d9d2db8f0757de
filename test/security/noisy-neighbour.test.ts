import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTenant } from '#operations/create-tenant.ts';
import { type Muster, startMuster } from '#test/support/muster.ts';

let muster: Muster;

beforeAll(async () => {
  muster = await startMuster();
  await createTenant(await muster.admin(), muster.db, 'quiet');
});
afterAll(() => muster.stop());

const read = async (token: string) => (await muster.send(token, 'GET', '/Users?count=0')).status;

test('T-30: a connection at full speed is held to its rate, and one of another tenant is answered meanwhile', async () => {
  const rate = 25;
  const busy = await muster.connect({ ratePerSecond: rate });
  const quiet = await muster.connect({ tenant: 'quiet', ratePerSecond: rate });
  const began = performance.now();
  const flood = Promise.all(Array.from({ length: 300 }, () => read(busy)));
  const heard = [];
  for (let asked = 0; asked < rate; asked += 1) heard.push(await read(quiet));
  const flooded = await flood;
  const seconds = (performance.now() - began) / 1_000;
  expect(heard).toEqual(Array(rate).fill(200));
  const passed = flooded.filter((status) => status === 200).length;
  expect(flooded.filter((status) => status === 429)).toHaveLength(300 - passed);
  // A second’s worth at once, and what comes back while it lasts.
  expect(passed).toBeLessThanOrEqual(Math.ceil(rate * (1 + seconds)));
  expect(passed).toBeLessThan(300);
});
