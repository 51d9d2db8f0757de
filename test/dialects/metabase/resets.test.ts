import { afterAll, beforeAll, expect, test } from 'vitest';
import { waitUntil } from '#test/support/wait-until.ts';
import { withClient } from '#test/support/with-client.ts';
import { changePerson, type Metabase, startMetabase } from './cast.ts';
import { cookiesOf, makeSignable, password, sendFrom } from './passwords.ts';

const newPassword = 'another p@ssword1';
const tooMany = (seconds: number | string) =>
  `Too many attempts! You must wait ${seconds} seconds before trying again.`;
let metabase: Metabase;

beforeAll(async () => {
  metabase = await startMetabase();
});
afterAll(() => metabase.stop());

const mailsTo = (email: string) => metabase.mails.filter(({ to }) => to === email);
const run = (text: string) => withClient(metabase.muster.database.connection, (client) => client.query(text));

let networks = 0;
/** Asks for a mail, each time from another network. */
function ask(body: unknown) {
  networks += 1;
  return sendFrom(metabase, `198.51.100.${networks}`, '/api/session/forgot_password', body);
}

/** Asks for a mail and gives its code. */
async function codeFor(email: string): Promise<string> {
  expect((await ask({ email })).status).toBe(204);
  await waitUntil(() => mailsTo(email).length > 0, 'the mail');
  return /\/auth\/reset_password\/(\S+)/.exec(mailsTo(email).at(-1)?.text ?? '')?.[1] ?? '';
}

const reset = (body: unknown, address = '203.0.113.50') =>
  sendFrom(metabase, address, '/api/session/reset_password', body);
const isValid = async (token: string) =>
  (await metabase.with().get(`/api/session/password_reset_token_valid?token=${token}`)).body;
const signIn = async (username: string, secret: string) =>
  (await metabase.with().post('/api/session', { username, password: secret })).status;

test('case 139: a forgotten password is 204 for everybody, with a mail that leads to the site for whoever is there', async () => {
  const { email, number } = await makeSignable(metabase);
  const missing = await ask({});
  expect([missing.status, missing.body.errors]).toEqual([400, { email: 'value must be a valid email address.' }]);
  const answer = await ask({ email: email.toUpperCase() });
  expect([answer.status, answer.body]).toEqual([204, '']);
  expect((await ask({ email: 'nobody@metabase.com' })).status).toBe(204);
  await waitUntil(() => mailsTo(email).length === 1, 'the mail');
  const page = `${metabase.muster.server.url}/auth/reset_password/${number}_`;
  expect(mailsTo(email)[0]?.text).toMatch(new RegExp(`^${page}[0-9a-f-]{36}$`, 'm'));
  expect(metabase.mails.filter(({ to }) => to.startsWith('nobody'))).toEqual([]);
});

test('case 139: the fourth in a row has to wait 15 seconds, and no mailbox gets more than three in 15 minutes', async () => {
  const { email } = await makeSignable(metabase);
  for (const _ of [1, 2, 3]) expect((await ask({ email })).status).toBe(204);
  for (const _ of [4, 5]) {
    const answer = await ask({ email });
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual({
      errors: { email: expect.stringMatching(/^Too many attempts! You must wait 1\d sec/) },
    });
  }
  await run("update limiter set expire = 1 where key like 'reset-metabase:%'");
  expect((await ask({ email })).status).toBe(204);
  // The mail of another, asked for later, has been sent.
  const { email: other } = await makeSignable(metabase);
  await codeFor(other);
  expect(mailsTo(email)).toHaveLength(3);
});

test('case 139: the fourth hears of exactly 15 seconds', async () => {
  const bodies = [];
  for (const _ of [1, 2, 3, 4]) bodies.push((await ask({ email: 'exactly@metabase.com' })).body);
  expect(bodies.at(-1)).toEqual({ errors: { email: tooMany(15) } });
});

test('case 140: a code gives its person a new password once, and a session with its cookies', async () => {
  const { email, number } = await makeSignable(metabase);
  const token = await codeFor(email);
  const common = await reset({ token, password: 'password1' });
  expect([common.status, common.body]).toEqual([400, { errors: { password: 'password is too common.' } }]);
  const answer = await reset({ token, password: newPassword });
  expect([answer.status, answer.body]).toEqual([200, { success: true, session_id: expect.any(String) }]);
  expect(cookiesOf(answer)[0]).toBe(`metabase.SESSION=${answer.body.session_id}; HttpOnly; SameSite=Lax; Path=/`);
  const client = metabase.with({ 'X-Metabase-Session': answer.body.session_id });
  expect((await client.get('/api/user/current')).body.id).toBe(number);
  expect([await signIn(email, password), await signIn(email, newPassword)]).toEqual([401, 200]);
  const again = await reset({ token, password: newPassword });
  expect([again.status, again.body]).toEqual([400, { errors: { password: 'Invalid reset token' } }]);
});

test('case 141: who sends bad codes again and again hears that he has to wait; a good code is taken still', async () => {
  const { email } = await makeSignable(metabase);
  const token = await codeFor(email);
  const address = '203.0.113.51';
  const bad = (tries: number) => reset({ token: `1_${tries}`, password: newPassword }, address);
  const answers = await Promise.all(Array.from({ length: 10 }, (_, tries) => bad(tries)));
  for (const { status, body } of answers) {
    expect([status, body]).toEqual([400, { errors: { password: 'Invalid reset token' } }]);
  }
  const { status, body } = await bad(11);
  expect([status, body]).toEqual([400, { errors: { password: expect.stringMatching(/^Too many attempts! /) } }]);
  expect((await reset({ token, password: newPassword }, address)).status).toBe(200);
});

test('case 142: what is missing is told first, and a code that is malformed, unknown or too old is not good', async () => {
  const noToken = await reset({ password: newPassword });
  expect([noToken.status, noToken.body.errors]).toEqual([400, { token: 'value must be a non-blank string.' }]);
  const noPassword = await reset({ token: 'x' });
  expect([noPassword.status, noPassword.body]).toEqual([400, { errors: { password: 'password is too common.' } }]);
  const { email } = await makeSignable(metabase);
  const late = await codeFor(email);
  await run("update reset_token set expires_at = now() - interval '1 s'");
  for (const token of ['not a token', '1_00000000-0000-4000-8000-000000000000', late]) {
    const answer = await reset({ token, password: newPassword }, '203.0.113.52');
    expect([answer.status, answer.body]).toEqual([400, { errors: { password: 'Invalid reset token' } }]);
  }
});

test('case 143: a code is valid until it is used, expires, or its person is deactivated', async () => {
  const member = await makeSignable(metabase);
  const token = await codeFor(member.email);
  expect([await isValid(token), await isValid('1_x')]).toEqual([{ valid: true }, { valid: false }]);
  await run("update reset_token set expires_at = now() - interval '1 s'");
  expect(await isValid(token)).toEqual({ valid: false });
  const fresh = await codeFor(member.email);
  await changePerson(metabase, member, { active: false });
  expect(await isValid(fresh)).toEqual({ valid: false });
  const missing = await metabase.with().get('/api/session/password_reset_token_valid');
  expect([missing.status, Object.keys(missing.body.errors)]).toEqual([400, ['token']]);
});

test('a person who was created gets a mail with which he chooses his first password', async () => {
  const email = 'invited@metabase.com';
  expect(
    (await metabase.as('crowberto').post('/api/user', { email, first_name: 'In', last_name: 'Vited' })).status,
  ).toBe(200);
  await waitUntil(() => mailsTo(email).length === 1, 'the invitation');
  const [, token = ''] = /^\S+\/auth\/reset_password\/(\S+)#new$/m.exec(mailsTo(email)[0]?.text ?? '') ?? [];
  expect((await reset({ token, password: newPassword })).status).toBe(200);
  expect(await signIn(email, newPassword)).toBe(200);
});
