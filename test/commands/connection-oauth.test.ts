import path from 'node:path';
import { exportJWK, generateKeyPair } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeFolder } from '#test/support/make-folder.ts';
import { type Muster, startMuster } from '#test/support/muster.ts';
import { command } from '#test/support/run-command.ts';
import { askToken, grant } from '../admin/oauth-client.ts';

let muster: Muster;

beforeAll(async () => {
  muster = await startMuster();
  await muster.connect({ name: 'entra' });
});
afterAll(() => muster.stop());

async function run(...args: readonly string[]) {
  const settings = { DATABASE_URL: muster.database.url, PUBLIC_URL: muster.server.url };
  const { stdout, stderr } = await command(['connection', ...args, '--json'], settings);
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

test('a connection gets a secret and a key from the command line, and loses the key', async () => {
  const { publicKey } = await generateKeyPair('ES256', { extractable: true });
  const folder = await makeFolder({ 'key.json': JSON.stringify(await exportJWK(publicKey)) });
  const made = await run('secret', 'entra');
  const added = await run('add-key', 'entra', '--jwk', path.join(folder, 'key.json'));
  const { clientId, clientSecret, tokenUrl } = made;
  expect(tokenUrl).toBe(`${muster.server.url}/oauth/token`);
  const answer = await askToken(muster, { ...grant, client_id: clientId, client_secret: clientSecret });
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  expect(added).toEqual({ tenant: 'default', clientId, key: expect.stringMatching(/^[\w-]{43}$/), tokenUrl });
  expect(await run('remove-key', 'entra', '--key', added.key)).toMatchObject({ removed: true });
});

test('the tokens of an Entra tenant are taken for a connection and then no more', async () => {
  const entraTenant = '3f0b6c2e-7f0e-4a55-9a52-0d5a7c1d2e3f';
  const trusted = await run('trust-entra', 'entra', '--entra-tenant', entraTenant);
  expect(trusted).toMatchObject({ tenant: 'default', entraTenant });
  expect(await run('distrust-entra', 'entra')).toMatchObject({ trusted: false });
});
