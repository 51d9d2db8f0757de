import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectError } from '#test/dialects/scim/scim-client.ts';
import { type Answer, type Muster, startMuster } from '#test/support/muster.ts';
import { withClient } from '#test/support/with-client.ts';

let muster: Muster;

beforeAll(async () => {
  muster = await startMuster();
});
afterAll(() => muster.stop());

const run = (text: string, values: readonly unknown[] = []) =>
  withClient(muster.database.connection, (client) => client.query(text, [...values]));

async function flood(tokens: readonly string[], times: number): Promise<readonly Answer[]> {
  const sent = Array.from({ length: times }, (_, index) => {
    const address = `203.0.113.${index}`;
    const headers = { 'X-Forwarded-For': address, Forwarded: `for=${address}`, 'X-Real-IP': address };
    return muster.send(tokens[index % tokens.length], 'GET', '/Users?count=0', undefined, headers);
  });
  return Promise.all(sent);
}

test('R-020, S-29: beyond its limit a connection gets 429 with whole seconds, whatever token and address it shows', async () => {
  const token = await muster.connect({ name: 'busy' });
  const other = await muster.connect({ name: 'other' });
  const { rows } = await run("update connection set rate_per_second = 25 where name = 'busy' returning id");
  await run('update credential set connection = $1', [rows[0].id]);
  const answers = await flood([token, other], 80);
  const refused = answers.filter(({ status }) => status === 429);
  expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(25);
  expect(refused.length).toBeGreaterThan(20);
  for (const answer of refused) {
    expectError(answer, 429);
    expect(answer.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
  }
});
