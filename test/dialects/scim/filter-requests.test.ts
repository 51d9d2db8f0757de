import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Answer } from '#test/support/muster.ts';
import { withClient } from '#test/support/with-client.ts';
import { type Client, expectError, type Scim, startScim } from './scim-client.ts';
import { core, enterprise, muster } from './urns.ts';

let scim: Scim;
let client: Client;
const people: Record<string, Answer['body']> = {};

beforeAll(async () => {
  scim = await startScim();
  client = scim.lenient;
  people.ada = await client.makeUser({
    userName: 'ada@example.org',
    externalId: 'Ext-1',
    name: { givenName: 'Ada', familyName: 'O\u2019Neil' },
    title: '100%_sure',
    emails: [
      { value: 'ada@work.example', type: 'work', primary: true },
      { value: 'ada@home.example', type: 'home' },
    ],
    profileUrl: 'https://example.org/Ada',
    [muster]: { supervisor: true, extensionGroups: [3, 30] },
  });
  people.bob = await client.makeUser({
    userName: 'bob',
    active: false,
    name: { givenName: 'Bob', familyName: "O'Malley" },
    nickName: 'say "hi"',
    title: 'CORP\\bob',
    emails: [
      { value: 'bob@home.example', type: 'work' },
      { value: 'x@work.example', type: 'home' },
    ],
    roles: [{ value: 'lead', primary: true }],
    [enterprise]: { department: 'Tooling', manager: { value: people.ada.id } },
  });
  people.eve = await client.makeUser({
    userName: 'éve',
    displayName: 'Ève 🦊',
    title: '100 percent',
    [enterprise]: { department: 'tooling' },
    [muster]: { extensionGroups: [5] },
  });
});
afterAll(() => scim.stop());

const namesIn = ({ body }: Answer): string[] =>
  body.Resources.map(({ id }: { id: string }) => Object.keys(people).find((name) => people[name].id === id));

const everybody = ['ada', 'bob', 'eve'];

describe('the right set', () => {
  test.each<[string, string, readonly string[]]>([
    ['R-160', 'userName eq "bob"', ['bob']],
    ['R-160', 'userName ne "bob"', ['ada', 'eve']],
    ['R-160', 'name.familyName co "neil"', ['ada']],
    ['R-160', 'userName sw "ada@"', ['ada']],
    ['R-160', 'emails.value ew "@work.example"', ['ada', 'bob']],
    ['R-160', 'nickName pr', ['bob']],
    ['R-160', 'userName gt "bob"', ['eve']],
    ['R-160', 'userName le "bob"', ['ada', 'bob']],
    ['R-160', 'active eq false', ['bob']],
    ['R-160', 'active ne false', ['ada', 'eve']],
    ['R-160', `${muster}:extensionGroups gt 4`, ['ada', 'eve']],
    ['R-160', `${muster}:extensionGroups eq 5`, ['eve']],
    ['R-160', 'profileUrl eq "https://example.org/Ada"', ['ada']],
    ['R-160', 'meta.created gt "2020-01-01T00:00:00Z"', everybody],
    ['R-160', 'meta.created lt "2020-01-01T00:00:00Z"', []],
    ['R-161', 'USERNAME Eq "bob"', ['bob']],
    ['R-161', 'Name.FamilyName PR AND Active EQ True', ['ada']],
    ['R-162', 'userName eq "bob" or userName eq "éve" and active eq false', ['bob']],
    ['R-162', '(userName eq "bob" or userName eq "éve") and active eq true', ['eve']],
    ['R-162', 'not (userName eq "bob") and not (userName sw "ada")', ['eve']],
    ['R-163', `${core}:userName sw "A"`, ['ada']],
    ['R-163', `${enterprise}:department eq "TOOLING"`, ['bob', 'eve']],
    ['R-164', 'emails[type eq "work" and value co "@home"]', ['bob']],
    ['R-164', 'emails[type eq "work" and not (value co "@home")] or userName eq "éve"', ['ada', 'eve']],
    ['R-165', 'emails[type eq "work"].value eq "ada@work.example"', ['ada']],
    ['R-166', 'emails eq "x@work.example"', ['bob']],
    ['R-166', 'emails co "@work"', ['ada', 'bob']],
    ['R-167', `schemas eq "${enterprise}"`, ['bob', 'eve']],
    ['R-167', `schemas eq "${core}"`, everybody],
    ['R-168', 'emails.type eq "home"', ['ada', 'bob']],
    ['R-168', 'emails.type ne "home"', ['eve']],
    ['R-169', 'emails pr', ['ada', 'bob']],
    ['R-169', 'name pr', ['ada', 'bob']],
    ['R-169', 'phoneNumbers pr', []],
    ['R-169', `${enterprise} pr`, ['bob', 'eve']],
    ['R-170', 'nickName eq null', ['ada', 'eve']],
    ['R-170', 'nickName ne null', ['bob']],
    ['R-175', 'name.givenName eq "ADA"', ['ada']],
    ['R-175', 'externalId eq "Ext-1"', ['ada']],
    ['R-175', 'externalId eq "ext-1"', []],
    ['R-176', 'name.familyName eq "O\'Malley"', ['bob']],
    ['R-176', 'nickName eq "say \\"hi\\""', ['bob']],
    ['R-176', 'userName eq "\\u00e9ve"', ['eve']],
    ['R-176', 'displayName co "🦊"', ['eve']],
    ['R-176', 'title eq "CORP\\\\bob"', ['bob']],
    ['R-176', 'title sw "100%"', ['ada']],
    ['R-176', 'title co "0%_s"', ['ada']],
    ['R-176', 'title co "___"', []],
    ['R-177', 'userName eq bob', ['bob']],
    ['R-177', "userName eq 'bob'", ['bob']],
    ['R-177', 'meta.created gt 2020-01-01T00:00:00Z', everybody],
    ['R-178', 'roles[primary eq "True"]', ['bob']],
    ['R-178', 'active eq "false"', ['bob']],
    ['R-179', 'emails[type eq"work"]', ['ada', 'bob']],
    ['R-179', '  userName   eq   "bob"  ', ['bob']],
    ['R-179', 'userName\teq\u00a0"bob"', ['bob']],
    ['R-180', 'meta.lastModified ge "0001-01-03T00:00:00.0000000Z"', everybody],
    ['R-180', 'meta.lastModified lt "2020-01-01T00:00:00.1234567+05:30"', []],
    ['R-181', 'meta.resourceType eq "User"', everybody],
    ['R-181', 'meta.resourceType eq "Group"', []],
  ])('%s: %s', async (_id, filter, expected) => {
    expect(namesIn(await client.find('/Users', filter))).toEqual(expected);
  });

  test('R-179: a plus is a space', async () => {
    expect(namesIn(await client.get('/Users?filter=userName+eq+%22bob%22&'))).toEqual(['bob']);
  });

  test.each<[string, string]>([
    ['R-177', 'userName eq bob'],
    ['R-177', "userName eq 'bob'"],
    ['R-178', 'active eq "false"'],
    ['R-226', 'department eq "Tooling"'],
  ])('%s: rfc refuses %s', async (_id, filter) => {
    expectError(await scim.rfc.find('/Users', filter), 400, 'invalidFilter');
    expect((await client.find('/Users', filter)).body.totalResults).toBeGreaterThan(0);
  });

  test('R-185, R-186: members, groups, managers and ids', async () => {
    const [ada, bob] = [people.ada.id, people.bob.id];
    const group = await client.makeGroup([ada]);
    for (const filter of [`members.value eq "${ada}"`, `members[value eq "${ada}"]`, `members eq "${ada}"`]) {
      expect((await client.find('/Groups', filter)).body.Resources.map(({ id }: Answer['body']) => id)).toEqual([
        group.id,
      ]);
      expect((await client.find('/Groups', filter.replace(ada, bob))).body.totalResults).toBe(0);
    }
    for (const filter of [
      `groups.value eq "${group.id}"`,
      `groups eq "${group.id}"`,
      `groups[value eq "${group.id}"]`,
    ]) {
      expect(namesIn(await client.find('/Users', filter))).toEqual(['ada']);
    }
    const checks: readonly [string, string, number][] = [
      ['/Users', `id eq "${ada}"`, 1],
      ['/Groups', `id eq "${group.id}" and members eq "${ada}"`, 1],
      ['/Groups', `id eq "${group.id}" and members eq "${bob}"`, 0],
      ['/Users', `id eq "${bob}" and manager eq "${ada}"`, 1],
      ['/Users', `id eq "${ada}" and manager eq "${bob}"`, 0],
      ['/Users', `${enterprise}:manager.value eq "${ada}"`, 1],
    ];
    for (const [endpoint, filter, total] of checks) {
      expect((await client.find(endpoint, filter)).body.totalResults, filter).toBe(total);
    }
  });
});

describe('refusals', () => {
  const bad: readonly (readonly [string, string])[] = [
    ['R-171', 'active gt true'],
    ['R-171', 'active co "t"'],
    ['R-171', 'x509Certificates.value gt "AA=="'],
    ['R-172', 'userName regex "x"'],
    ['R-172', '((('],
    ['R-172', 'userName eq'],
    ['R-172', 'userName eq "x" trailing'],
    ['R-172', 'userName eq "x'],
    ['R-172', 'userName eq "x" and'],
    ['R-172', 'not userName eq "x"'],
    ['R-172', 'emails[type eq "work"'],
    ['R-172', ' '],
    ['R-173', 'favouriteColour eq "x"'],
    ['R-173', 'name.nick eq "x"'],
    ['R-173', 'urn:nobody:knows:x eq "x"'],
    ['R-173', 'members.value eq "x"'],
    ['R-173', 'groups.display eq "x"'],
    ['R-182', 'x'.repeat(10_000)],
    ['R-182', `${'('.repeat(500)}userName pr${')'.repeat(500)}`],
    ['R-182', Array.from({ length: 400 }, () => 'title pr').join(' or ')],
  ];
  test.each(bad.map(([id, filter]) => [id, filter.slice(0, 60), filter] as const))(
    '%s: %s is 400 invalidFilter',
    async (_id, _shown, filter) => {
      for (const one of [client, scim.rfc]) expectError(await one.find('/Users', filter), 400, 'invalidFilter');
    },
  );

  test.each([
    'password eq "x"',
    'password sw "x"',
    'password pr',
    'not (password eq "x")',
    'userName eq "bob" or password pr',
  ])('R-184, S-10: %s is refused', async (filter) =>
    expectError(await client.find('/Users', filter), 403, 'sensitive'),
  );

  test('R-145, R-398: a filter that no index serves and that holds for too many is 400 tooMany', async () => {
    await client.makeGroup([], { displayName: 'crowd' });
    await withClient(scim.muster.database.connection, (db) =>
      db.query(`insert into attribute_value select v.* from attribute_value v, generate_series(1, 10000)
        where v.path = 'Group.displayName'`),
    );
    expectError(await client.find('/Groups', 'displayName co "ow"'), 400, 'tooMany');
    expect((await client.find('/Groups', 'displayName eq "crowd"')).body.totalResults).toBe(1);
  });

  test('a refusal names the column and repeats nothing of the filter', async () => {
    const { body } = await client.find('/Users', 'userName eq "<b>marker</b>" marker');
    expect(body.detail).toContain('column 29');
    expect(body.detail).not.toContain('marker');
  });
});
