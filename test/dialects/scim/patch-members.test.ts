import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Client, expectError, newName, nobody, type Operation, type Scim, startScim } from './scim-client.ts';

let scim: Scim;
let client: Client;
/** Three members of every group here, and one who is in none. */
let people: { a: string; b: string; c: string; other: string };

type Person = keyof typeof people;

beforeAll(async () => {
  scim = await startScim();
  client = scim.lenient;
  const make = async () => (await client.makeUser()).id;
  people = { a: await make(), b: await make(), c: await make(), other: await make() };
});
afterAll(() => scim.stop());

/** Who is in a group of three after an operation, by both profiles. */
async function after(write: (who: typeof people) => Operation): Promise<string> {
  const results = await Promise.all(
    [client, scim.rfc].map(async (one) => {
      const { id } = await client.makeGroup([people.a, people.b, people.c]);
      const answer = await one.patch(`/Groups/${id}`, [write(people)]);
      expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
      const { members = [] } = (await client.get(`/Groups/${id}`)).body;
      return members.map(({ value }: { value: string }) => nameOf(value)).join(' ');
    }),
  );
  expect(results[0]).toBe(results[1]);
  return results[0] ?? '';
}

function nameOf(id: string): Person | undefined {
  return (Object.keys(people) as Person[]).find((name) => people[name] === id);
}

const value = (id: string) => ({ value: id });

const rows: readonly (readonly [string, string, string, (who: typeof people) => Operation])[] = [
  ['R-308, V-17', 'remove of one by a filter', 'a c', ({ b }) => ({ op: 'remove', path: `members[value eq "${b}"]` })],
  [
    'R-308, V-17',
    'remove of two by a filter',
    'b',
    ({ a, c }) => ({ op: 'remove', path: `members[value eq "${a}" or value eq "${c}"]` }),
  ],
  ['R-308', 'remove of everybody but one', 'b', ({ b }) => ({ op: 'remove', path: `members[not (value eq "${b}")]` })],
  ['R-308', 'remove of nobody', 'a b c', () => ({ op: 'remove', path: `members[value eq "${nobody}"]` })],
  ['R-308', 'remove by their type', '', () => ({ op: 'remove', path: 'members[type eq "User"]' })],
  ['R-308', 'remove by another type', 'a b c', () => ({ op: 'remove', path: 'members[type eq "Group"]' })],
  ['R-310', 'add of objects', 'a b c other', ({ other }) => ({ op: 'add', path: 'members', value: [value(other)] })],
  ['R-310', 'add of one object', 'a b c other', ({ other }) => ({ op: 'add', path: 'members', value: value(other) })],
  ['R-310', 'add of a bare id', 'a b c other', ({ other }) => ({ op: 'add', path: 'members', value: other })],
  ['R-310', 'add of bare ids', 'a b c other', ({ other }) => ({ op: 'add', path: 'members', value: [other] })],
  [
    'R-310',
    'add with what the server knows better',
    'a b c other',
    ({ other }) => ({ op: 'add', path: 'members', value: [{ value: other, display: 'x', type: 'Group', $ref: null }] }),
  ],
  ['R-310', 'add of nothing', 'a b c', () => ({ op: 'add', path: 'members', value: [] })],
  ['R-310', 'add of who is there', 'a b c', ({ a }) => ({ op: 'add', path: 'members', value: [value(a)] })],
  ['R-310', 'add without a path', 'a b c other', ({ other }) => ({ op: 'add', value: { members: [value(other)] } })],
  [
    'R-310',
    'replace',
    'a other',
    ({ a, other }) => ({ op: 'replace', path: 'members', value: [value(a), value(other)] }),
  ],
  ['R-310', 'replace without a path', 'other', ({ other }) => ({ op: 'replace', value: { members: [value(other)] } })],
  [
    'R-308, R-310',
    'replace of one by another',
    'b c other',
    ({ a, other }) => ({ op: 'replace', path: `members[value eq "${a}"]`, value: [value(other)] }),
  ],
  [
    'R-308, R-310',
    'replace of one by himself',
    'a b c',
    ({ a }) => ({ op: 'replace', path: `members[value eq "${a}"]`, value: value(a) }),
  ],
  ['R-310', 'replace by nothing', '', () => ({ op: 'replace', path: 'members', value: [] })],
  ['R-311, V-17', 'remove without a value', '', () => ({ op: 'remove', path: 'members' })],
  [
    'R-312, V-17',
    'remove with a list of one',
    'a c',
    ({ b }) => ({ op: 'remove', path: 'members', value: [value(b)] }),
  ],
  [
    'R-312, V-17',
    'remove with a list of two',
    'b',
    ({ a, c }) => ({ op: 'remove', path: 'members', value: [value(a), value(c)] }),
  ],
  ['R-312, V-17', 'remove with one object', 'a c', ({ b }) => ({ op: 'remove', path: 'members', value: value(b) })],
  ['R-312, V-17', 'remove with a bare id', 'a c', ({ b }) => ({ op: 'remove', path: 'members', value: b })],
  [
    'R-312, V-17',
    'remove with a list of strangers',
    'a b c',
    ({ other }) => ({ op: 'remove', path: 'members', value: [value(other), value('x')] }),
  ],
  ['R-312, V-17', 'remove with an empty list', 'a b c', () => ({ op: 'remove', path: 'members', value: [] })],
  [
    'R-313, V-17',
    'remove with members in an object',
    'a c',
    ({ b }) => ({ op: 'remove', path: 'members', value: { members: [value(b)] } }),
  ],
  [
    'R-308',
    'remove of an id in capitals',
    'a c',
    ({ b }) => ({ op: 'remove', path: 'members', value: [value(b.toUpperCase())] }),
  ],
  [
    'R-308',
    'remove by a filter with an id in capitals',
    'a c',
    ({ b }) => ({ op: 'remove', path: `members[value eq "${b.toUpperCase()}"]` }),
  ],
];

test.each(rows)('%s: %s leaves "%s"', async (_id, _what, expected, write) => {
  expect(await after(write)).toBe(expected);
});

describe('refusals', () => {
  test.each<[string, string, Operation, string]>([
    ['R-309', 'a part of a member', { op: 'replace', path: 'members[value eq "x"].display', value: 'y' }, 'mutability'],
    ['R-309', 'the value of all members', { op: 'replace', path: 'members.value', value: 'x' }, 'mutability'],
    ['R-309', 'a part taken away', { op: 'remove', path: 'members[value eq "x"].value' }, 'mutability'],
    ['R-310', 'a member without an id', { op: 'add', path: 'members', value: [{ display: 'x' }] }, 'invalidValue'],
    ['R-310', 'a number as an id', { op: 'add', path: 'members', value: [7] }, 'invalidValue'],
    ['R-312', 'a remove of what is no id', { op: 'remove', path: 'members', value: [{ id: 'x' }] }, 'invalidValue'],
    ['R-316', 'a broken filter', { op: 'remove', path: 'members[value regex "x"]' }, 'invalidFilter'],
    ['R-322', 'no name for a group', { op: 'remove', path: 'displayName' }, 'mutability'],
  ])('%s: %s', async (_id, _what, operation, type) => {
    const group = await client.makeGroup([people.a, people.b]);
    for (const one of [client, scim.rfc]) expectError(await one.patch(`/Groups/${group.id}`, [operation]), 400, type);
    expect((await client.get(`/Groups/${group.id}`)).body).toEqual(group);
  });
});

test('R-287: a member change raises the version of the group once, and no version of a user', async () => {
  const user = await client.makeUser();
  const group = await client.makeGroup();
  await client.patch(`/Groups/${group.id}`, [{ op: 'add', path: 'members', value: [value(user.id), value(people.a)] }]);
  const { meta } = (await client.get(`/Groups/${group.id}`)).body;
  expect([meta.version, meta.lastModified > group.meta.lastModified]).toEqual(['W/"2"', true]);
  expect((await client.get(`/Users/${user.id}`)).body.meta).toEqual(user.meta);
});

test('Q-OKTA-13: a rename with the group’s own id beside it, together with members', async () => {
  const group = await client.makeGroup([people.a]);
  const displayName = newName();
  const answer = await client.patch(`/Groups/${group.id}`, [
    { op: 'replace', value: { id: group.id, displayName } },
    { op: 'remove', path: `members[value eq "${people.a}"]` },
    { op: 'add', path: 'members', value: [{ value: people.b, display: 'x' }] },
  ]);
  expect(answer.status).toBe(204);
  const { body } = await client.get(`/Groups/${group.id}`);
  expect([body.displayName, body.members.map(({ value: id }: { value: string }) => id)]).toEqual([
    displayName,
    [people.b],
  ]);
});
