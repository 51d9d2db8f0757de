import { randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addConnectionKey } from '#operations/add-connection-key.ts';
import { waitForWaiting } from '#test/operations/wait-for-waiting.ts';
import { connectTo } from '#test/support/database.ts';
import { type Muster, startMuster } from '#test/support/muster.ts';
import { waitUntil } from '#test/support/wait-until.ts';
import { askToken, expectError, grant, newClient, type TokenAnswer } from './oauth-client.ts';

let muster: Muster;
let db: Client;

beforeAll(async () => {
  muster = await startMuster();
  db = await connectTo(muster.database);
});
afterAll(async () => {
  await db.end();
  await muster.stop();
});

/** A client with a key, and what makes an assertion of it. */
async function newSigner(name: string) {
  await muster.connect({ name });
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk = JSON.stringify(await exportJWK(publicKey));
  const { connection } = await addConnectionKey(await muster.admin(), muster.db, name, jwk);
  const form = async () => ({
    ...grant,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: await new SignJWT({ iss: connection, sub: connection, jti: randomUUID() })
      .setProtectedHeader({ alg: 'ES256' })
      .setAudience(muster.server.url)
      .setExpirationTime('1m')
      .sign(privateKey),
  });
  return { connection, form };
}

async function newSecret(name: string) {
  const { connection, secret } = await newClient(muster, name);
  return { connection, form: async () => ({ ...grant, client_id: connection, client_secret: secret }) };
}

describe('an assertion with which no token was had', () => {
  test('for too many requests can be sent again, once', async () => {
    const { connection, form } = await newSigner('hurried');
    await db.query('update connection set rate_per_second = 25 where id = $1', [connection]);
    const forms = await Promise.all(Array.from({ length: 100 }, form));
    const answers = await Promise.all(forms.map((sent) => askToken(muster, sent)));
    const refused = forms[answers.findIndex(({ status }) => status === 429)];
    if (refused === undefined) throw new Error('no request was refused');
    await db.query('update connection set rate_per_second = null where id = $1', [connection]);
    expect((await askUnlimited(refused)).status).toBe(200);
    expectError(await askUnlimited(refused), 401, 'invalid_client');
  });

  test('for want of the database, or for its scope, can be sent again, once', async () => {
    const { form } = await newSigner('unlucky');
    const sent = await form();
    const server = muster.database.serverConnection.user;
    await db.query(`revoke insert on credential from ${server}`);
    expectError(await askToken(muster, sent), 503, 'temporarily_unavailable');
    await db.query(`grant insert on credential to ${server}`);
    expectError(await askToken(muster, { ...sent, scope: 'admin' }), 400, 'invalid_scope');
    expect((await askToken(muster, sent)).status).toBe(200);
    expectError(await askToken(muster, sent), 401, 'invalid_client');
  });
});

/** Asks until the requests that were too many are paid back. */
async function askUnlimited(form: Readonly<Record<string, string>>): Promise<TokenAnswer> {
  let answer = await askToken(muster, form);
  await waitUntil(async () => {
    if (answer.status !== 429) return true;
    answer = await askToken(muster, form);
    return false;
  }, 'the limit to be over');
  return answer;
}

const clients = { 'a secret': newSecret, 'a key': newSigner };

describe.each<[keyof typeof clients, string]>([
  ['a secret', `update credential set revoked_at = now() where kind = 'secret' and connection = $1`],
  ['a key', 'delete from client_key where connection = $1'],
])('%s that goes while a token is made for it', (kind, revoke) => {
  test.each<[string, string]>([
    ['gets none', revoke],
    ['gets none with its connection', 'update connection set revoked_at = now() where id = $1'],
  ])('%s', async (what, text) => {
    const { connection, form } = await clients[kind](`${kind} ${what}`);
    await db.query('begin');
    await db.query('select from connection where id = $1 for no key update', [connection]);
    const asked = askToken(muster, await form());
    await waitForWaiting(db, 1);
    await db.query(text, [connection]);
    await db.query('commit');
    expectError(await asked, 401, 'invalid_client');
    const { rowCount } = await db.query(`select from credential where kind = 'access' and connection = $1`, [
      connection,
    ]);
    expect(rowCount).toBe(0);
  });
});
