import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withClient } from '#test/support/with-client.ts';
import { newName } from '../dialects/scim/scim-client.ts';
import { type Admin, startAdmin } from './admin-client.ts';

const password = 'a staple of correct horses';
const root = { name: 'root@example.org', password, superuser: true };
let admin: Admin;
let rootId: string;
beforeAll(async () => {
  admin = await startAdmin();
  rootId = await admin.makePerson(root);
});
afterAll(() => admin.stop());

/** Somebody new with the password. */
async function makePerson() {
  const who = { name: newName(), password };
  return { who, id: await admin.makePerson(who) };
}

describe('a sign-in', () => {
  test('of a superuser opens what administers his tenant', async () => {
    const session = await admin.signIn(root);
    expect((await session.get('/connections')).status).toBe(200);
    expect((await session.post('/connections', { name: newName(), dialect: 'scim' })).status).toBe(201);
    expect((await session.get('/connections?tenant=other')).status).toBe(404);
    expect((await session.post('/tenants', { name: 'mine' })).status).toBe(403);
  });

  test('of anybody else opens nothing but his own session and password', async () => {
    const { who, id } = await makePerson();
    const session = await admin.signIn(who);
    for (const path of ['/connections', '/users', `/users/${id}`, '/journal', '/requests', '/guard', '/tenants']) {
      expect([path, (await session.get(path)).status]).toEqual([path, 403]);
    }
    expect((await session.get(`/users/${id}/sessions`)).body.items).toHaveLength(1);
    expect((await session.get(`/users/${rootId}/sessions`)).status).toBe(403);
    expect((await session.delete('/sessions/current')).status).toBe(204);
    expect((await session.get('/openapi.json')).status).toBe(401);
  });

  test('with a wrong password, an unknown name or an unknown tenant has one answer', async () => {
    const tries = [
      { ...root, password: 'wrong' },
      { name: newName(), password },
      { ...root, tenant: 'never-was' },
    ];
    const answers = [];
    for (const { name, password, ...more } of tries) {
      const tenant = 'tenant' in more ? { tenant: more.tenant } : {};
      answers.push(await admin.nobody.post('/sessions', { name, password, ...tenant }));
    }
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401]);
    expect(new Set(answers.map(({ body }) => JSON.stringify({ ...body, instance: '' }))).size).toBe(1);
  });

  test('opens nothing in another API', async () => {
    const { token } = await admin.signIn(root);
    expect((await admin.muster.send(token, 'GET', '/Users')).status).toBe(401);
  });
});

describe('a password', () => {
  test('is changed by who knows it; every other session ends', async () => {
    const { who } = await makePerson();
    const [one, other] = [await admin.signIn(who), await admin.signIn(who)];
    const wrong = await one.put('/password', { oldPassword: 'wrong', password: 'another staple of horses' });
    expect([wrong.status, wrong.body.errors[0].name]).toEqual([400, 'oldPassword']);
    const weak = await one.put('/password', { oldPassword: password, password: 'password' });
    expect([weak.status, weak.body.errors[0].name]).toEqual([400, 'password']);
    const { status } = await one.put('/password', { oldPassword: password, password: 'another staple of horses' });
    expect(status).toBe(200);
    expect([(await one.get('/openapi.json')).status, (await other.get('/openapi.json')).status]).toEqual([401, 401]);
    expect((await admin.nobody.post('/sessions', who)).status).toBe(401);
    expect((await admin.nobody.post('/sessions', { ...who, password: 'another staple of horses' })).status).toBe(201);
  });

  test('that is temporary lets somebody in to choose another, and to nothing else', async () => {
    const { who, id } = await makePerson();
    const { body: made } = await admin.admin.put(`/users/${id}/password`, {});
    const { body: begun } = await admin.nobody.post('/sessions', { name: who.name, password: made.password });
    expect(begun).toMatchObject({ person: id, mustChangePassword: true });
    const session = await admin.signIn({ name: who.name, password: made.password });
    expect((await session.get(`/users/${id}/sessions`)).status).toBe(403);
    const change = { oldPassword: made.password, password: 'yet another staple of horses' };
    const { status, body } = await session.put('/password', change);
    expect([status, typeof body.token]).toEqual([200, 'string']);
    await admin.muster.keepRequests();
    const { body: requests } = await admin.admin.get(`/requests?person=${id}`);
    expect(JSON.stringify(requests)).not.toContain(made.password);
    expect(JSON.stringify(requests)).not.toContain(change.password);
    expect(admin.muster.logged()).not.toContain(made.password);
  });

  test('of a superuser is set by nobody who may not make one', async () => {
    expect((await admin.admin.put(`/users/${rootId}/password`, { password: 'mine now, all mine' })).status).toBe(403);
    expect((await admin.nobody.post('/sessions', { name: root.name, password })).status).toBe(201);
  });
});

describe('an admin', () => {
  test('sees and ends the sessions of somebody, one or all', async () => {
    const { who, id } = await makePerson();
    const sessions = [await admin.signIn(who), await admin.signIn(who), await admin.signIn(who)];
    const { body } = await admin.admin.get(`/users/${who.name}/sessions`);
    expect(body.items).toHaveLength(3);
    expect((await admin.admin.delete(`/users/${id}/sessions/${body.items[0].id}`)).status).toBe(204);
    expect((await admin.admin.delete(`/users/${id}/sessions/${body.items[0].id}`)).status).toBe(404);
    expect((await admin.admin.delete(`/users/${id}/sessions`)).body).toEqual({ ended: 2 });
    for (const session of sessions) expect((await session.get('/openapi.json')).status).toBe(401);
  });

  test('unlocks somebody who failed too often', async () => {
    const { who, id } = await makePerson();
    await withClient(admin.muster.database.connection, (db) =>
      db.query(
        `update app_user set failed_login_attempts = 10, failed_since = now(),
        locked_until = now() + interval '15 minutes' where id = $1`,
        [id],
      ),
    );
    expect((await admin.nobody.post('/sessions', who)).status).toBe(401);
    expect((await admin.admin.get(`/users/${id}`)).body.attributes.muster.lockedUntil).toBeDefined();
    expect((await admin.admin.post(`/users/${id}/unlock`)).body).toEqual({ wasLocked: true });
    expect((await admin.nobody.post('/sessions', who)).status).toBe(201);
    expect((await admin.admin.post(`/users/${id}/unlock`)).body).toEqual({ wasLocked: false });
  });
});
