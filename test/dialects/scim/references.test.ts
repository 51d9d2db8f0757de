import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Client, coreGroup, expectError, newName, orgUnit, type Scim, startScim } from './scim-client.ts';
import { core, enterprise, muster } from './urns.ts';

let scim: Scim;
let client: Client;

beforeAll(async () => {
  scim = await startScim();
  client = scim.lenient;
});
afterAll(() => scim.stop());

const base = () => `${scim.muster.server.url}/scim/v2`;
const withManager = (value: string) => ({ [enterprise]: { manager: { value } } });

test('R-109, R-129: a user shows the groups he is in, directly and through others, and their ids', async () => {
  const user = await client.makeUser();
  const inner = await client.makeGroup([user.id]);
  const outer = await client.makeGroup([inner.id]);
  const shown = ({ id, displayName }: { id: string; displayName: string }, type: string) => ({
    value: id,
    $ref: `${base()}/Groups/${id}`,
    display: displayName,
    type,
  });
  const expected = [shown(inner, 'direct'), shown(outer, 'indirect')];
  expect((await client.get(`/Users/${user.id}`)).body.groups).toEqual(expected);
  expect((await client.find('/Users', `id eq "${user.id}"`)).body.Resources[0].groups).toEqual(expected);
});

test('R-110: two groups of one name are 409 under lenient, in any case, and allowed under rfc', async () => {
  const { displayName } = await client.makeGroup([], { displayName: `Sales ${newName()}` });
  const other = await client.makeGroup();
  const again = { schemas: [coreGroup], displayName: displayName.toUpperCase() };
  expectError(await client.post('/Groups', again), 409, 'uniqueness');
  expectError(await client.put(`/Groups/${other.id}`, again), 409, 'uniqueness');
  const rename = [{ op: 'replace', path: 'displayName', value: again.displayName }];
  expectError(await client.patch(`/Groups/${other.id}`, rename), 409, 'uniqueness');
  expect((await client.get(`/Groups/${other.id}`)).body).toEqual(other);
  expect((await scim.rfc.post('/Groups', again)).status).toBe(201);
});

test('R-110: a group can be written again under its own name', async () => {
  const group = await client.makeGroup();
  expect((await client.put(`/Groups/${group.id}`, group)).status).toBe(200);
});

test('R-111: members show what they are, where, and how they are called; their type comes from the id', async () => {
  const user = await client.makeUser({ displayName: 'Ada' });
  const nested = await client.makeGroup();
  const { body } = await client.post('/Groups', {
    displayName: newName(),
    members: [{ value: user.id, type: 'Group', display: 'Bob', $ref: 'http://nowhere' }, { value: nested.id }],
  });
  expect(body.members).toEqual([
    { value: user.id, $ref: `${base()}/Users/${user.id}`, type: 'User', display: 'Ada' },
    { value: nested.id, $ref: `${base()}/Groups/${nested.id}`, type: 'Group', display: nested.displayName },
  ]);
});

test('R-112: groups in a circle are kept, and each is counted once', async () => {
  const user = await client.makeUser();
  const one = await client.makeGroup([user.id]);
  const other = await client.makeGroup([one.id]);
  await client.patch(`/Groups/${one.id}`, [{ op: 'add', path: 'members', value: [{ value: other.id }] }]);
  await client.patch(`/Groups/${one.id}`, [{ op: 'add', path: 'members', value: [{ value: one.id }] }]);
  const { groups } = (await client.get(`/Users/${user.id}`)).body;
  expect(groups.map(({ value, type }: { value: string; type: string }) => [value, type])).toEqual([
    [one.id, 'direct'],
    [other.id, 'indirect'],
  ]);
  expect((await client.get(`/Groups/${one.id}`)).body.members).toHaveLength(3);
  expect((await client.find('/Users', `groups.value eq "${other.id}"`)).body.totalResults).toBe(0);
});

test('R-113: a manager has a location and a name that the server fills in, and nobody else', async () => {
  const boss = await client.makeUser({ displayName: 'Grace' });
  const sent = { manager: { value: boss.id, displayName: 'Mallory', $ref: 'http://nowhere' } };
  const user = await client.makeUser({ [enterprise]: sent });
  const shown = { value: boss.id, $ref: `${base()}/Users/${boss.id}`, displayName: 'Grace' };
  expect(user[enterprise].manager).toEqual(shown);
  await client.patch(`/Users/${boss.id}`, [{ op: 'replace', path: 'displayName', value: 'Hopper' }]);
  const renamed = (await client.get(`/Users/${user.id}`)).body;
  expect(renamed[enterprise].manager).toEqual({ ...shown, displayName: 'Hopper' });
  expect(renamed.meta.version).toBe(user.meta.version);
});

test('R-114, R-346: a deleted user is nobody’s manager and no group’s member, and versions rise', async () => {
  const gone = await client.makeUser();
  const stays = await client.makeUser();
  const report = await client.makeUser(withManager(gone.id));
  const group = await client.makeGroup([gone.id, stays.id]);
  const managed = await client.makeGroup([], {
    'urn:ietf:params:scim:schemas:extension:muster:2.0:Group': { managers: [{ value: gone.id }] },
  });
  expect((await client.delete(`/Users/${gone.id}`)).status).toBe(204);
  const now = (await client.get(`/Users/${report.id}`)).body;
  expect(now.schemas).toEqual([core]);
  expect(now.meta.version).toBe('W/"2"');
  const left = (await client.get(`/Groups/${group.id}`)).body;
  expect(left.members.map(({ value }: { value: string }) => value)).toEqual([stays.id]);
  expect([left.meta.version, left.meta.lastModified > group.meta.lastModified]).toEqual(['W/"2"', true]);
  expect((await client.get(`/Groups/${managed.id}`)).body.schemas).toEqual([coreGroup]);
  expect((await client.find('/Users', `manager.value eq "${gone.id}"`)).body.totalResults).toBe(0);
});

test('R-346: a deleted group is in no other group and on no user', async () => {
  const user = await client.makeUser();
  const inner = await client.makeGroup([user.id]);
  const outer = await client.makeGroup([inner.id]);
  await client.delete(`/Groups/${inner.id}`);
  expect((await client.get(`/Users/${user.id}`)).body).toEqual(user);
  expect((await client.get(`/Groups/${outer.id}`)).body).not.toHaveProperty('members');
});

test('R-346: a deleted org unit is on nobody and above none', async () => {
  const make = async (attributes: object) =>
    (await client.post('/OrgUnits', { schemas: [orgUnit], displayName: newName(), kind: 'SHOP', ...attributes })).body;
  const unit = await make({});
  const below = await make({ parent: { value: unit.id } });
  const user = await client.makeUser({
    [muster]: { shops: [{ value: unit.id }, { value: below.id }], supervisor: true },
  });
  expect((await client.delete(`/OrgUnits/${unit.id}`)).status).toBe(204);
  expect((await client.get(`/OrgUnits/${below.id}`)).body).not.toHaveProperty('parent');
  const left = (await client.get(`/Users/${user.id}`)).body[muster];
  expect(left.shops.map(({ value }: { value: string }) => value)).toEqual([below.id]);
  expect(left.supervisor).toBe(true);
});

test('R-346: somebody who is his own manager can be deleted', async () => {
  const user = await client.makeUser();
  await client.patch(`/Users/${user.id}`, [{ op: 'add', path: `${enterprise}:manager`, value: { value: user.id } }]);
  expect((await client.delete(`/Users/${user.id}`)).status).toBe(204);
});
