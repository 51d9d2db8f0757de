import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Values } from '#attributes/attribute.ts';
import type { Answer } from '#test/support/muster.ts';
import { type Client, clientFor, type Member, type Metabase, makeGroup, meetSomebody, startMetabase } from './cast.ts';

let metabase: Metabase;
let enterprise: Metabase;
let admin: Client;

beforeAll(async () => {
  metabase = await startMetabase();
  enterprise = await metabase.beside({ edition: 'enterprise' });
  admin = metabase.as('crowberto');
});
afterAll(() => metabase.stop());

const forbidden = [403, "You don't have permissions to do that."];
const allUsersText = "You cannot add or remove users to/from the 'All Users' group.";
const brief = ({ status, body }: Answer) => [status, body];
const idsOf = ({ body }: Answer) => body.user_group_memberships.map(({ id }: { id: number }) => id);
const somebody = (values: Values = {}) => meetSomebody(metabase, values);
const named = (givenName: string, familyName: string) => ({ name: { givenName, familyName } });
const pathOf = ({ number }: Member) => `/api/user/${number}`;

describe('changing groups', () => {
  test('case 75: a superuser puts a person into a group, and takes him out again', async () => {
    const { member } = await somebody();
    const { number } = await makeGroup(metabase, []);
    const put = async (...ids: number[]) =>
      idsOf(await admin.put(pathOf(member), { user_group_memberships: ids.map((id) => ({ id })) }));
    expect(await put(1, number)).toEqual([1, number]);
    expect(await put(1)).toEqual([1]);
  });

  test('case 76: an ordinary person does not put himself into a group, and the rest of the call is not kept', async () => {
    const { member, self } = await somebody(named('Old', 'Name'));
    const { number } = await makeGroup(metabase, []);
    const sent = { first_name: 'New', user_group_memberships: [{ id: 1 }, { id: number }] };
    expect(brief(await self.put(pathOf(member), sent))).toEqual(forbidden);
    const after = await self.get(pathOf(member));
    expect([after.body.first_name, idsOf(after)]).toEqual(['Old', [1]]);
  });

  test('case 77: an ordinary person may send his groups as they are', async () => {
    const { member, self } = await somebody();
    const { number } = await makeGroup(metabase, [member]);
    const sent = { first_name: 'New', user_group_memberships: [{ id: 1 }, { id: number }] };
    const answer = await self.put(pathOf(member), sent);
    expect([answer.status, answer.body.first_name, idsOf(answer)]).toEqual([200, 'New', [1, number]]);
  });

  test('only a superuser learns whether there is a group', async () => {
    const { member, self } = await somebody();
    const { member: manager } = await somebody();
    const { number } = await makeGroup(metabase, [], [manager]);
    const ids = [1, number, 999_999].map((id) => ({ id }));
    const sent = { user_group_memberships: ids };
    expect(brief(await self.put(pathOf(member), sent))).toEqual(forbidden);
    const managing = await clientFor(enterprise, manager);
    expect(brief(await managing.put(pathOf(member), sent))).toEqual(forbidden);
    expect(idsOf(await admin.get(pathOf(member)))).toEqual([1]);
    expect(brief(await admin.put(pathOf(member), sent))).toEqual([400, 'Invalid Request.']);
  });

  const contradiction = [
    400,
    { errors: { is_superuser: 'Value of is_superuser must correspond to presence of Admin group ID in group_ids.' } },
  ];
  const standing = (answer: Answer) => [answer.status, answer.body.is_superuser, idsOf(answer)];

  test('case 78: is_superuser and the group of administrators together make a superuser', async () => {
    const { member } = await somebody();
    const sent = { is_superuser: true, user_group_memberships: [{ id: 1 }, { id: 2 }] };
    expect(standing(await admin.put(pathOf(member), sent))).toEqual([200, true, [1, 2]]);
  });

  test('cases 79 and 80: is_superuser and the groups must not contradict each other', async () => {
    const { member } = await somebody(named('Old', 'Name'));
    const sent = { first_name: 'New', is_superuser: false, user_group_memberships: [{ id: 1 }, { id: 2 }] };
    expect(brief(await admin.put(pathOf(member), sent))).toEqual(contradiction);
    const other = { is_superuser: true, user_group_memberships: [{ id: 1 }] };
    expect(brief(await admin.put(pathOf(member), other))).toEqual(contradiction);
    const after = await admin.get(pathOf(member));
    expect([after.body.first_name, ...standing(after)]).toEqual(['Old', 200, false, [1]]);
  });

  test('cases 81 and 82: each of the two alone makes a superuser, and takes it away', async () => {
    const { member } = await somebody();
    expect(standing(await admin.put(pathOf(member), { is_superuser: true }))).toEqual([200, true, [1, 2]]);
    const put = (...ids: number[]) => admin.put(pathOf(member), { user_group_memberships: ids.map((id) => ({ id })) });
    expect(standing(await put(1))).toEqual([200, false, [1]]);
    expect(standing(await put(1, 2))).toEqual([200, true, [1, 2]]);
    expect(standing(await admin.put(pathOf(member), { is_superuser: false }))).toEqual([200, false, [1]]);
  });

  test('nobody leaves the group of all users', async () => {
    const { member } = await somebody();
    expect(brief(await admin.put(pathOf(member), { user_group_memberships: [] }))).toEqual([400, allUsersText]);
  });

  test('case 87: in the free edition members and managers change nobody, a superuser anybody', async () => {
    const [{ member }, { self }] = [await somebody(), await somebody()];
    expect(brief(await self.put(pathOf(member), { first_name: 'New' }))).toEqual(forbidden);
    const { member: manager, self: managing } = await somebody();
    const { number } = await makeGroup(metabase, [], [manager]);
    const sent = { user_group_memberships: [{ id: 1 }, { id: number }] };
    expect(brief(await managing.put(pathOf(member), sent))).toEqual(forbidden);
    expect((await admin.put(pathOf(member), { first_name: 'New' })).body.first_name).toBe('New');
  });

  test('flags and ids may come as texts', async () => {
    const { member } = await somebody();
    const sent = { is_superuser: 'true', user_group_memberships: [{ id: '1' }, { id: '2' }] };
    expect(standing(await admin.put(pathOf(member), sent))).toEqual([200, true, [1, 2]]);
  });

  describe('as a manager in the enterprise edition', () => {
    async function team() {
      const [{ member }, { member: manager }] = [await somebody(named('Old', 'Name')), await somebody()];
      const own = await makeGroup(metabase, [], [manager]);
      const foreign = await makeGroup(metabase, [member]);
      return { member, own, foreign, client: await clientFor(enterprise, manager) };
    }
    const memberships = (...ids: readonly number[]) => ({ user_group_memberships: ids.map((id) => ({ id })) });

    test('case 88: a name in a manager’s call is dropped', async () => {
      const { member, client } = await team();
      const { status, body } = await client.put(pathOf(member), { first_name: 'New', is_superuser: true });
      expect([status, body.first_name, body.is_superuser]).toEqual([200, 'Old', false]);
    });

    test('a manager changes his own name', async () => {
      const { member } = await somebody();
      await makeGroup(metabase, [], [member]);
      const client = await clientFor(enterprise, member);
      const { status, body } = await client.put(pathOf(member), { first_name: 'New', is_superuser: true });
      expect([status, body.first_name, body.is_superuser]).toEqual([200, 'New', false]);
    });

    test('case 89: a manager adds somebody to his group and removes him', async () => {
      const { member, own, foreign, client } = await team();
      const added = await client.put(pathOf(member), memberships(1, own.number, foreign.number));
      const as = (id: number, is_group_manager = false) => ({ id, is_group_manager });
      expect(added.body.user_group_memberships).toEqual([as(1), as(own.number), as(foreign.number)]);
      const promoted = { user_group_memberships: [as(1), as(own.number, true), as(foreign.number)] };
      const { body } = await client.put(pathOf(member), promoted);
      expect(body.user_group_memberships).toEqual(promoted.user_group_memberships);
      expect(idsOf(await client.put(pathOf(member), memberships(1, foreign.number)))).toEqual([1, foreign.number]);
    });

    test('case 90: a manager changes no group of others, nor who is a superuser', async () => {
      const { member, foreign, client } = await team();
      const third = await makeGroup(metabase, []);
      for (const ids of [[1], [1, foreign.number, third.number], [1, 2, foreign.number]]) {
        expect(brief(await client.put(pathOf(member), memberships(...ids)))).toEqual(forbidden);
      }
      const promoted = [{ id: 1 }, { id: foreign.number, is_group_manager: true }];
      expect((await client.put(pathOf(member), { user_group_memberships: promoted })).status).toBe(403);
      expect(idsOf(await admin.get(pathOf(member)))).toEqual([1, foreign.number]);
    });

    test('who manages nothing hears that groups are not his to edit', async () => {
      const { member } = await somebody();
      const { number } = await makeGroup(metabase, []);
      const client = await clientFor(enterprise, member);
      const answer = await client.put(pathOf(member), memberships(1, number));
      expect(brief(answer)).toEqual([403, 'Not allowed to edit group memberships']);
    });
  });

  test('case 24: a group lists superusers, then managers, then the others, each by name', async () => {
    const { member: one } = await somebody({ ...named('C', 'Superuser'), muster: { superuser: true } });
    const [{ member: two }, { member: three }] = [await somebody(named('B', 'M')), await somebody(named('A', 'O'))];
    const { number } = await makeGroup(metabase, [one, three], [two]);
    const { body } = await admin.get(`/api/user?group_id=${number}`);
    expect(body.data.map((row: { first_name: string }) => row.first_name)).toEqual(['C', 'B', 'A']);
  });
});
