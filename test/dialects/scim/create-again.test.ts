import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Muster, startMuster } from '#test/support/muster.ts';

let muster: Muster;

beforeAll(async () => {
  muster = await startMuster();
});
afterAll(() => muster.stop());

const deactivate = {
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations: [{ op: 'replace', path: 'active', value: false }],
};

const groupBody = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'], displayName: 'Crew', externalId: 'g-1' };

test('F-34: a create that is sent again, its answer lost, gets the resource that it made', async () => {
  const token = await muster.connect();
  const body = { userName: 'again@example.org', externalId: 'again' };
  const first = await muster.send(token, 'POST', '/Users', body);
  const second = await muster.send(token, 'POST', '/Users', body);
  expect([second.status, second.body.id]).toEqual([201, first.body.id]);
});

test('F-34: so does a group, also where names are free', async () => {
  const token = await muster.connect({ profile: 'rfc' });
  const first = await muster.send(token, 'POST', '/Groups', groupBody);
  const second = await muster.send(token, 'POST', '/Groups', groupBody);
  expect([second.status, second.body.id]).toEqual([201, first.body.id]);
});

test('the same create from another connection is refused, since the name is taken', async () => {
  const body = { userName: 'two@example.org', externalId: 'two' };
  await muster.send(await muster.connect(), 'POST', '/Users', body);
  const second = await muster.send(await muster.connect(), 'POST', '/Users', body);
  expect([second.status, second.body.scimType]).toEqual([409, 'uniqueness']);
});

test.each([
  ['the same name', 'back@example.org'],
  ['a new name', 'renamed@example.org'],
])('a deactivated person who is created again with %s is taken back', async (_how, userName) => {
  const token = await muster.connect();
  const externalId = `back-${userName}`;
  const first = await muster.send(token, 'POST', '/Users', { userName: 'back@example.org', externalId });
  await muster.send(token, 'PATCH', `/Users/${first.body.id}`, deactivate);
  const second = await muster.send(token, 'POST', '/Users', { userName, externalId });
  expect([second.status, second.body.id]).toEqual([201, first.body.id]);
  expect([second.body.active, second.body.userName]).toEqual([true, userName]);
  await muster.send(token, 'DELETE', `/Users/${first.body.id}`);
});

test('under the profile rfc such a create is refused', async () => {
  const token = await muster.connect({ profile: 'rfc' });
  const body = {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
    userName: 'strict@example.org',
    externalId: 's',
  };
  const first = await muster.send(token, 'POST', '/Users', body);
  await muster.send(token, 'PATCH', `/Users/${first.body.id}`, deactivate);
  const second = await muster.send(token, 'POST', '/Users', { ...body, userName: 'other@example.org' });
  expect([second.status, second.body.scimType]).toEqual([409, 'uniqueness']);
});
