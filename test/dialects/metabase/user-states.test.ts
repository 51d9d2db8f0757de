import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Values } from '#attributes/attribute.ts';
import { readTimeline } from '#operations/read-timeline.ts';
import type { Answer } from '#test/support/muster.ts';
import { withClient } from '#test/support/with-client.ts';
import {
  type Client,
  clientFor,
  type Member,
  type Metabase,
  makeSomebody,
  meetSomebody,
  startMetabase,
} from './cast.ts';
import { makeSignable, password } from './passwords.ts';

let metabase: Metabase;
let admin: Client;

beforeAll(async () => {
  metabase = await startMetabase();
  admin = metabase.as('crowberto');
});
afterAll(() => metabase.stop());

const forbidden = [403, "You don't have permissions to do that."];
const notFound = [404, 'Not found.'];
const success = [200, { success: true }];
const lastAdmin = [400, "You cannot remove the last member of the 'Admin' group!"];
const tooCommon = [400, { errors: { password: 'password is too common.' } }];
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const brief = ({ status, body }: Answer) => [status, body];
const pathOf = ({ number }: Member) => `/api/user/${number}`;
const somebody = (values: Values = {}) => meetSomebody(metabase, values);

/** What is said as an exception of a Clojure program. */
const exception = (message: string) => {
  const data = { message, 'status-code': 400 };
  const via = [{ type: 'clojure.lang.ExceptionInfo', message, data, at: [] }];
  return [400, { via, trace: [], cause: message, data, message }];
};

describe('reactivating', () => {
  test('case 91: a deactivated person comes back as no superuser, whatever is sent', async () => {
    const { member } = await somebody({ active: false, muster: { superuser: true } });
    const { status, body } = await admin.put(`${pathOf(member)}/reactivate`, { is_active: false });
    expect([status, body.is_active, body.is_superuser]).toEqual([200, true, false]);
    expect(Object.keys(body)).not.toContain('user_group_memberships');
    const sentNothing = await makeSomebody(metabase, { active: false });
    const json = { 'Content-Type': 'application/json' };
    expect((await admin.put(`${pathOf(sentNothing)}/reactivate`, undefined, json)).status).toBe(200);
  });

  test('case 92: nobody unknown is reactivated', async () => {
    expect(brief(await admin.put('/api/user/2147483647/reactivate'))).toEqual(notFound);
  });

  test('case 93: nobody active is reactivated', async () => {
    const answer = await admin.put(`${pathOf(metabase.cast.rasta)}/reactivate`);
    expect(brief(answer)).toEqual(exception('Not able to reactivate an active user'));
    expect(answer.headers.get('content-type')).toBe('application/json;charset=utf-8');
  });

  test('case 94: who came through Google comes back with a password', async () => {
    const { member } = await somebody({ active: false, muster: { ssoSource: 'google' } });
    expect((await admin.put(`${pathOf(member)}/reactivate`)).body.sso_source).toBeNull();
    const { member: other } = await somebody({ active: false, muster: { ssoSource: 'jwt' } });
    expect((await admin.put(`${pathOf(other)}/reactivate`)).body.sso_source).toBe('jwt');
  });

  test('only a superuser reactivates', async () => {
    expect(brief(await metabase.as('rasta').put(`${pathOf(metabase.cast.trash)}/reactivate`))).toEqual(forbidden);
  });
});

describe('passwords', () => {
  const old = password;
  const fresh = 'a new one 2';
  const signIn = async ({ email }: Member, password: string) =>
    (await metabase.with().post('/api/session', { username: email, password })).status;

  /** Somebody with a password. */
  async function known(values: Values = {}) {
    const member = await makeSignable(metabase, values);
    return { member, self: await clientFor(metabase, member), path: `${pathOf(member)}/password` };
  }

  /** He has to choose another password. */
  const letChoose = ({ id }: Member) =>
    withClient(metabase.muster.database.connection, (client) =>
      client.query('update app_user set must_change_password = true where id = $1', [id]),
    );

  test('case 95: a superuser chooses his own password without the old one', async () => {
    const { member, self, path } = await known({ muster: { superuser: true } });
    expect((await self.put(path, { password: fresh })).status).toBe(200);
    expect([await signIn(member, old), await signIn(member, fresh)]).toEqual([401, 200]);
  });

  test('cases 96 and 100: an ordinary person chooses his own with the old one, and has a new session', async () => {
    const { member, self, path } = await known();
    const answer = await self.put(path, { password: fresh, old_password: old });
    expect(brief(answer)).toEqual([200, { success: true, session_id: expect.stringMatching(uuid) }]);
    const { session_id } = answer.body;
    expect(answer.headers.getSetCookie().join()).toContain(`metabase.SESSION=${session_id}; HttpOnly`);
    expect((await self.get('/api/user/current')).status).toBe(401);
    expect((await metabase.with({ Cookie: `metabase.SESSION=${session_id}` }).get('/api/user/current')).status).toBe(
      200,
    );
    expect([await signIn(member, old), await signIn(member, fresh)]).toEqual([401, 200]);
  });

  test('the old password may be chosen again, but not by who has to choose another', async () => {
    const { member, self, path } = await known();
    expect((await self.put(path, { password: old, old_password: old })).status).toBe(200);
    await letChoose(member);
    const again = await clientFor(metabase, member);
    expect((await again.put(path, { password: old, old_password: old })).status).toBe(400);
    expect((await again.put(path, { password: fresh, old_password: old })).status).toBe(200);
  });

  test('who gets a password from a superuser need not choose another', async () => {
    const { member, path } = await known();
    await letChoose(member);
    expect((await admin.put(path, { password: fresh })).status).toBe(204);
    expect((await (await clientFor(metabase, member)).get('/api/user/current')).status).toBe(200);
  });

  test('case 97: an ordinary person chooses nobody else’s', async () => {
    const { member } = await somebody();
    const sent = { password: fresh, old_password: old };
    expect(brief(await metabase.as('rasta').put(`${pathOf(member)}/password`, sent))).toEqual(forbidden);
  });

  test('case 98: a password that is missing, short or common is refused', async () => {
    const { member, self } = await somebody();
    const path = `${pathOf(member)}/password`;
    for (const sent of [{}, { password: 'abc1' }, { password: 'password1' }, { password: 7 }]) {
      expect(brief(await self.put(path, sent))).toEqual(tooCommon);
    }
  });

  test('case 99: a wrong old password is refused', async () => {
    const { member, self, path } = await known();
    const wrong = [400, { errors: { old_password: 'Invalid password' } }];
    expect(brief(await self.put(path, { password: fresh, old_password: 'mistaken 3' }))).toEqual(wrong);
    expect(brief(await self.put(path, { password: fresh }))).toEqual(wrong);
    expect(await signIn(member, old)).toBe(200);
  });

  test('case 101: a superuser chooses somebody else’s, which ends his sessions', async () => {
    const { member, self, path } = await known();
    expect(brief(await admin.put(path, { password: fresh }))).toEqual([204, '']);
    expect((await self.get('/api/user/current')).status).toBe(401);
    expect(await signIn(member, fresh)).toBe(200);
  });

  test('nobody deactivated or unknown gets a password', async () => {
    const path = `${pathOf(metabase.cast.trash)}/password`;
    expect(brief(await admin.put(path, { password: fresh }))).toEqual(notFound);
    expect(brief(await admin.put('/api/user/2147483647/password', { password: fresh }))).toEqual(notFound);
  });

  test('who has to choose a new password first does this and nothing else', async () => {
    const { member, path } = await known({ muster: { superuser: true } });
    await letChoose(member);
    const self = await clientFor(metabase, member);
    expect((await self.get('/api/user')).status).toBe(403);
    const { member: other } = await somebody();
    expect((await self.put(`${pathOf(other)}/password`, { password: fresh })).status).toBe(403);
    expect((await self.put(path, { password: fresh })).status).toBe(200);
  });

  test('a new person’s password may be any', async () => {
    const email = 'weak@metabase.com';
    const { body } = await admin.post('/api/user', { email, password: 'abc' });
    expect(await signIn({ id: '', number: body.id, email }, 'abc')).toBe(200);
  });
});

describe('deactivating', () => {
  test('case 102: a superuser deactivates a person, and may do it again', async () => {
    const { member } = await somebody();
    expect(brief(await admin.delete(pathOf(member)))).toEqual(success);
    expect((await admin.get(pathOf(member))).body.is_active).toBe(false);
    expect(brief(await admin.delete(pathOf(member)))).toEqual(success);
    expect(brief(await admin.delete('/api/user/2147483647'))).toEqual(notFound);
  });

  test('cases 103 and 104: the last superuser stays, also where another one is deactivated', async () => {
    const alone = await startMetabase();
    const path = pathOf(alone.cast.crowberto);
    expect(brief(await alone.as('crowberto').delete(path))).toEqual(lastAdmin);
    await makeSomebody(alone, { active: false, muster: { superuser: true } });
    expect(brief(await alone.as('crowberto').delete(path))).toEqual(lastAdmin);
    for (const sent of [{ is_superuser: false }, { user_group_memberships: [{ id: 1 }] }]) {
      expect(brief(await alone.as('crowberto').put(path, sent))).toEqual(lastAdmin);
    }
    expect((await alone.as('crowberto').get(path)).body).toMatchObject({ is_active: true, is_superuser: true });
    await alone.stop();
  });

  test('case 105: an ordinary person deactivates nobody, himself neither', async () => {
    const { member, self } = await somebody();
    expect(brief(await self.delete(pathOf(member)))).toEqual(forbidden);
    expect(brief(await self.delete('/api/user/2147483647'))).toEqual(forbidden);
  });
});

describe('hints', () => {
  test.each(['qbnewb', 'datasetnewb'])('cases 106 and 107: a person has seen %s', async (modal) => {
    const { member, self } = await somebody();
    const isNew = async () => (await self.get('/api/user/current')).body.is_qbnewb;
    expect(await isNew()).toBe(true);
    for (let times = 0; times < 2; times += 1) {
      expect(brief(await self.put(`${pathOf(member)}/modal/${modal}`))).toEqual(success);
    }
    expect(await isNew()).toBe(modal !== 'qbnewb');
  });

  test('case 108: an ordinary person has seen nothing for others', async () => {
    const path = `${pathOf(metabase.cast.trash)}/modal/qbnewb`;
    expect(brief(await metabase.as('rasta').put(path))).toEqual(forbidden);
    expect(brief(await admin.put(path))).toEqual(success);
  });

  test('a hint that there is not is refused', async () => {
    const answer = await admin.put(`${pathOf(metabase.cast.rasta)}/modal/other`);
    expect(brief(answer)).toEqual(exception('Unrecognized modal: other'));
  });
});

test('cases 109 and 110: the journal says who did what to whom, and only what was different', async () => {
  const { member } = await somebody({ name: { givenName: 'Old', familyName: 'Name' } });
  await admin.put(pathOf(member), { first_name: 'New', last_name: 'Name' });
  await admin.delete(pathOf(member));
  await admin.put(`${pathOf(member)}/reactivate`);
  const { moments } = await readTimeline(metabase.admin, metabase.muster.db, member.id, { count: 3 });
  expect(moments).toMatchObject([
    { what: 'activated', changes: [{ path: 'active', from: false, to: true }] },
    { what: 'deactivated', changes: [{ path: 'active', from: true, to: false }] },
    { what: 'updated', changes: [{ path: 'name', from: { givenName: 'Old' }, to: { givenName: 'New' } }] },
  ]);
  for (const { changes, by } of moments) {
    expect(changes).toHaveLength(1);
    expect(by).toMatchObject({ dialect: 'metabase', person: { id: metabase.cast.crowberto.id } });
  }
});

test('case 111: an ordinary person sends no invitation, since that route is gone', async () => {
  const answer = await metabase.as('rasta').post(`${pathOf(metabase.cast.lucky)}/send_invite`);
  expect(brief(answer)).toEqual([404, 'API endpoint does not exist.']);
});
