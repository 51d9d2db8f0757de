import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Answer } from '#test/support/muster.ts';
import { waitUntil } from '#test/support/wait-until.ts';
import { withClient } from '#test/support/with-client.ts';
import { type Client, type Metabase, makeSomebody, startMetabase } from '../dialects/metabase/cast.ts';

const personal = 'Persephone-7f3a';
const first = 'a-Staple-7f3a-of-horses';
const second = 'a-Bundle-7f3b-of-straws';
/** One that is wrong wherever it is sent. */
const wrong = 'no-Password-7f3c-at-all';

let metabase: Metabase;
/** Whatever nobody may read afterwards, by what it is. */
const secrets = new Map<string, string>(Object.entries({ first, second, wrong }));
/** Answers that may tell nothing of it. */
const silent: Answer[] = [];

beforeAll(async () => {
  metabase = await startMetabase();
});
afterAll(() => metabase.stop());

/** Keeps what an answer tells its reader alone. */
function keep(what: string, secret: unknown): string {
  expect(secret, what).toEqual(expect.any(String));
  expect(secret, what).not.toBe('');
  secrets.set(what, secret as string);
  return secret as string;
}

/** A request whose answer tells nothing. */
async function ask(doing: Promise<Answer>, status: number): Promise<Answer> {
  const answer = await doing;
  expect(answer.status, JSON.stringify(answer.body)).toBe(status);
  silent.push(answer);
  return answer;
}

async function makeKeys(superuser: Client): Promise<void> {
  const { body: made } = await superuser.post('/api/api-key', { name: 'a key', group_id: 2 });
  const key = keep('a key', made.unmasked_key);
  await ask(superuser.get('/api/api-key'), 200);
  await ask(metabase.with({ 'X-API-Key': key }).get(`/api/user?query=${key}&limit=1`), 200);
  await ask(metabase.with({ Authorization: `Bearer ${key}` }).get(`/api/${key}`), 404);
  const { body: anew } = await superuser.put(`/api/api-key/${made.id}/regenerate`);
  await ask(metabase.with({ 'X-API-Key': keep('a key made anew', anew.unmasked_key) }).get('/api/user/current'), 200);
}

/** From an invitation to a new password, with every wrong turn on the way. */
async function comeIn(superuser: Client): Promise<string> {
  const nobody = metabase.with();
  const { email } = await makeSomebody(metabase, { name: { givenName: personal } });
  await ask(nobody.post('/api/session/forgot_password', { email }), 204);
  await waitUntil(() => metabase.mails.length > 0, 'a mail');
  const token = keep('the token of a reset', /^\d+_\S+$/m.exec(metabase.mails.at(-1)?.text ?? '')?.[0]);
  // The page of the link is not ours: the request is refused, and must not be kept as it came.
  await ask(nobody.get(`/auth/reset_password/${token}`), 404);
  await ask(nobody.get(`/api/session/password_reset_token_valid?token=${token}`), 200);
  await ask(nobody.get(`/api/session/password_reset_token_valid?code=${token}&token=`), 400);
  await ask(nobody.post('/api/session/reset_password', { token, password: 'short' }), 400);
  const reset = await nobody.post('/api/session/reset_password', { token, password: first });
  keep('the session of a reset', reset.body.session_id);
  await ask(nobody.post('/api/session/reset_password', { token, password: wrong }), 400);
  await ask(nobody.post('/api/session', { username: email, password: wrong }), 401);
  await ask(nobody.post('/api/session', `{"username":"${email}","password":"${wrong}"`), 400);
  await ask(nobody.post('/api/session', { username: email, password: { is: wrong } }), 400);
  await ask(nobody.post('/api/util/password_check', { password: first }), 200);
  const { body } = await nobody.post('/api/session', { username: email, password: first });
  const session = keep('a session', body.id);
  const self = metabase.with({ Cookie: `metabase.SESSION=${session}` });
  const { id } = (await ask(self.get('/api/user/current'), 200)).body;
  await ask(self.get(`/api/user/${session}?id=${session}`), 404);
  await ask(self.put(`/api/user/${id}/password`, { password: second, old_password: wrong }), 400);
  const changed = await self.put(`/api/user/${id}/password`, { password: second, old_password: first });
  keep('the session of a change', changed.body.session_id);
  await ask(superuser.put(`/api/user/${id}/password`, { password: first }), 204);
  await ask(superuser.post('/api/user', { email: 'made@example.org', password: second }), 200);
  return id;
}

async function staff(id: string): Promise<void> {
  const token = keep('a token of CallBox', await metabase.muster.connect({ dialect: 'callbox' }));
  const client = metabase.with({ Authorization: `Bearer ${token}` });
  const { body: made } = await client.post('/api/v1/staff/users', { email: 'staff@example.org', password: wrong });
  keep('a temporary password', made.temporary_password);
  const reset = await client.post(`/api/v1/staff/users/${id}/reset-password`);
  keep('the temporary password of a reset', reset.body.temporary_password);
  await ask(client.get(`/api/v1/staff/users/${id}`), 200);
  await ask(client.get(`/api/v1/staff/users?token=${token}`), 200);
}

/** Everything in the database as text, by table. */
const dump = () =>
  withClient(metabase.muster.database.connection, async (db) => {
    const tables = await db.query(
      `select format('%I', table_name) as name from information_schema.tables where table_schema = 'public'`,
    );
    const texts: [string, string][] = [];
    for (const { name } of tables.rows) {
      const { rows } = await db.query(`select t::text from ${name} t`);
      texts.push([name, JSON.stringify(rows)]);
    }
    return texts;
  });

test('T-19, T-20, S-22: what CallBox and Metabase keep secret is in no answer but its own, in no log and in no table', async () => {
  const superuser = metabase.as('crowberto');
  await makeKeys(superuser);
  await staff(await comeIn(superuser));
  await metabase.muster.keepRequests();
  expect(secrets.size).toBe(12);
  const found = (text: string) => [...secrets].flatMap(([what, secret]) => (text.includes(secret) ? [what] : []));
  for (const { headers, body } of silent) {
    expect(found(JSON.stringify([...headers]) + JSON.stringify(body))).toEqual([]);
  }
  expect(found(metabase.muster.logged())).toEqual([]);
  expect(metabase.muster.logged()).not.toContain(personal);
  const tables = await dump();
  expect(tables.filter(([, text]) => text.includes('reset_password')).map(([name]) => name)).not.toEqual([]);
  expect(tables.flatMap(([name, text]) => found(text).map((what) => `${what} in ${name}`))).toEqual([]);
});
