import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { add, named, pathless, remove, replace } from './patch-operations.ts';
import { type Client, expectError, newName, type Operation, type Scim, startScim } from './scim-client.ts';
import { core, enterprise, muster } from './urns.ts';

let scim: Scim;
let client: Client;
let boss: string;

beforeAll(async () => {
  scim = await startScim();
  client = scim.lenient;
  boss = (await client.makeUser()).id;
});
afterAll(() => scim.stop());

const work = { value: 'w@example.org', type: 'work', primary: true };
const home = { value: 'h@example.org', type: 'home' };
const start = {
  title: 'Dr',
  displayName: 'Ada',
  name: { givenName: 'Ada', familyName: 'Lovelace' },
  emails: [work, home],
  [enterprise]: { department: 'Tooling', costCenter: '7' },
  [muster]: {
    attributes: [
      { name: 'a', value: '1' },
      { name: 'b', value: '2' },
    ],
    supervisor: true,
  },
};

/** What a user has after operations, without what every user has. */
async function outcome(one: Client, ...operations: Operation[]) {
  const { id } = await client.makeUser(start);
  const { status, body } = await one.patch(`/Users/${id}`, operations);
  expect(status, JSON.stringify(body)).toBe(200);
  const { schemas: _schemas, id: _id, userName: _userName, active: _active, meta: _meta, ...attributes } = body;
  return attributes;
}

const { title: _title, ...untitled } = start;
const { [enterprise]: _enterprise, ...unextended } = start;

/** Forms that both profiles understand, with what becomes of the start. */
const both: readonly (readonly [string, Operation, object])[] = [
  ['R-290', pathless({ title: 'x', nickName: 'y' }), { ...start, title: 'x', nickName: 'y' }],
  ['R-290', pathless({ title: 'x', emails: [] }, 'add'), { ...start, title: 'x', emails: undefined }],
  [
    'R-291',
    pathless({ 'name.givenName': 'x', [`${enterprise}:department`]: 'y' }),
    { ...start, name: { ...start.name, givenName: 'x' }, [enterprise]: { department: 'y', costCenter: '7' } },
  ],
  [
    'R-292',
    pathless({ [enterprise]: { department: 'y', division: 'z' } }),
    { ...start, [enterprise]: { department: 'y', costCenter: '7', division: 'z' } },
  ],
  ['R-293', add('displayName', 'x'), { ...start, displayName: 'x' }],
  ['R-293', replace('displayName', 'x'), { ...start, displayName: 'x' }],
  ['R-293', remove('title'), untitled],
  ['R-294', add('name', { middleName: 'x' }), { ...start, name: { ...start.name, middleName: 'x' } }],
  ['R-294', replace('name', { givenName: 'x' }), { ...start, name: { ...start.name, givenName: 'x' } }],
  ['R-294', remove('name'), { ...start, name: undefined }],
  ['R-295', add('name.givenName', 'x'), { ...start, name: { ...start.name, givenName: 'x' } }],
  ['R-295', remove('name.givenName'), { ...start, name: { familyName: 'Lovelace' } }],
  [
    'R-296',
    add('emails', [{ value: 'n@example.org' }]),
    { ...start, emails: [work, home, { value: 'n@example.org' }] },
  ],
  ['R-296', add('emails', { value: 'n@example.org' }), { ...start, emails: [work, home, { value: 'n@example.org' }] }],
  ['R-296', add('emails', [home]), start],
  ['R-296', replace('emails', [{ value: 'n@example.org' }]), { ...start, emails: [{ value: 'n@example.org' }] }],
  ['R-296', remove('emails'), { ...start, emails: undefined }],
  ['R-296', remove('emails', [{ value: 'w@example.org' }]), { ...start, emails: [home] }],
  [
    'R-297',
    replace('emails[type eq "work"]', { value: 'n@example.org', type: 'other' }),
    { ...start, emails: [{ value: 'n@example.org', type: 'other' }, home] },
  ],
  ['R-297', add('emails[type eq "home"]', { display: 'x' }), { ...start, emails: [work, { ...home, display: 'x' }] }],
  ['R-297', remove('emails[type eq "work"]'), { ...start, emails: [home] }],
  [
    'R-298',
    replace('emails[type eq "home"].value', 'n@example.org'),
    { ...start, emails: [work, { ...home, value: 'n@example.org' }] },
  ],
  [
    'R-298',
    add('emails[type pr].display', 'x'),
    {
      ...start,
      emails: [
        { ...work, display: 'x' },
        { ...home, display: 'x' },
      ],
    },
  ],
  [
    'R-298',
    remove('emails[type eq "work"].primary'),
    { ...start, emails: [{ value: work.value, type: 'work' }, home] },
  ],
  ['R-299', remove('emails[type eq "work" and primary eq true]'), { ...start, emails: [home] }],
  ['R-299', remove('emails[type eq "x" or not (value sw "w")]'), { ...start, emails: [work] }],
  ['R-299', remove('emails[value co "h@" and type ne "work"]'), { ...start, emails: [work] }],
  [
    'R-301',
    add('emails[type eq "other"].value', 'n@example.org'),
    { ...start, emails: [work, home, { type: 'other', value: 'n@example.org' }] },
  ],
  [
    'R-301',
    add('emails[type eq "other" and display eq "d"]', { value: 'n@example.org' }),
    { ...start, emails: [work, home, { type: 'other', display: 'd', value: 'n@example.org' }] },
  ],
  ['R-302', remove('emails[type eq "other"]'), start],
  ['R-302', remove('emails[type eq "other"].value'), start],
  ['R-303', replace(`${core}:displayName`, 'x'), { ...start, displayName: 'x' }],
  [
    'R-303',
    replace(`${enterprise.toUpperCase()}:DEPARTMENT`, 'x'),
    { ...start, [enterprise]: { department: 'x', costCenter: '7' } },
  ],
  ['R-304', replace(`${enterprise}.department`, 'x'), { ...start, [enterprise]: { department: 'x', costCenter: '7' } }],
  [
    'R-305',
    add(enterprise, { division: 'x' }),
    { ...start, [enterprise]: { department: 'Tooling', costCenter: '7', division: 'x' } },
  ],
  ['R-305', remove(enterprise), unextended],
  ['R-305', replace(core, { title: 'x' }), { ...start, title: 'x' }],
  [
    'R-306',
    replace(`${muster}:attributes[name eq "b"].value`, '3'),
    {
      ...start,
      [muster]: {
        ...start[muster],
        attributes: [
          { name: 'a', value: '1' },
          { name: 'b', value: '3' },
        ],
      },
    },
  ],
  [
    'R-306',
    remove(`${muster}:attributes[name eq "a"]`),
    { ...start, [muster]: { ...start[muster], attributes: [{ name: 'b', value: '2' }] } },
  ],
  ['R-314', remove('schemas', [enterprise]), unextended],
  ['R-314', add('schemas', [enterprise]), start],
  ['R-321', replace('title', null), untitled],
  ['R-321', replace('emails', null), { ...start, emails: undefined }],
  [
    'R-323',
    replace('emails[type eq "home"].primary', true),
    {
      ...start,
      emails: [
        { ...work, primary: false },
        { ...home, primary: true },
      ],
    },
  ],
  [
    'R-323',
    add('emails', [{ value: 'n@example.org', primary: true }]),
    { ...start, emails: [{ ...work, primary: false }, home, { value: 'n@example.org', primary: true }] },
  ],
];

/** Forms that the RFC does not have: what lenient makes of them, and what rfc says. */
const differing: readonly (readonly [string, Operation, object, string])[] = [
  [
    'R-300',
    replace('emails[type eq "other"].value', 'n@example.org'),
    { ...start, emails: [work, home, { type: 'other', value: 'n@example.org' }] },
    'noTarget',
  ],
  [
    'R-300',
    replace('emails[type eq "other"]', { value: 'n@example.org' }),
    { ...start, emails: [work, home, { type: 'other', value: 'n@example.org' }] },
    'noTarget',
  ],
  [
    'R-307',
    replace('department', 'x'),
    { ...start, [enterprise]: { department: 'x', costCenter: '7' } },
    'invalidPath',
  ],
  ['R-317', replace('favouriteColour', 'red'), start, 'invalidPath'],
  ['R-317', pathless({ favouriteColour: 'red', title: 'x' }), { ...start, title: 'x' }, 'invalidPath'],
  ['R-318', pathless({ id: 'x', meta: {}, groups: [], title: 'x' }), { ...start, title: 'x' }, 'mutability'],
  ['R-320', replace('title', ['x']), { ...start, title: 'x' }, 'invalidValue'],
  ['R-320', replace('title', [{ value: 'x' }]), { ...start, title: 'x' }, 'invalidValue'],
  ['R-321', replace(`${enterprise}:manager`, ''), start, 'invalidValue'],
];

test.each(named(both))('%s: %s', async (_id, _shown, operation, expected) => {
  const wanted = JSON.parse(JSON.stringify(expected));
  expect(await outcome(client, operation)).toEqual(wanted);
  expect(await outcome(scim.rfc, operation)).toEqual(wanted);
});

test.each(named(differing))(
  '%s: %s under lenient, and refused under rfc',
  async (_id, _shown, operation, expected, type) => {
    expect(await outcome(client, operation)).toEqual(expected);
    const { id, ...made } = await client.makeUser(start);
    expectError(await scim.rfc.patch(`/Users/${id}`, [operation]), 400, type);
    expect((await client.get(`/Users/${id}`)).body).toEqual({ id, ...made });
  },
);

describe('managers and flags', () => {
  const path = `${enterprise}:manager`;
  const forms = (): Operation[] => [
    add(path, { value: boss }),
    replace(`${path}.value`, boss),
    pathless({ [enterprise]: { manager: { value: boss, displayName: 'x', $ref: 'y' } } }),
  ];
  const lenientForms = (): Operation[] => [
    replace('manager', boss),
    replace(path, [{ $ref: 'http://x', value: boss }]),
    pathless({ 'manager.value': boss }),
  ];

  test('R-303, R-307: every way of naming a manager', async () => {
    for (const operation of [...forms(), ...lenientForms()]) {
      expect((await outcome(client, operation))[enterprise].manager.value, JSON.stringify(operation)).toBe(boss);
    }
    for (const operation of forms()) expect((await outcome(scim.rfc, operation))[enterprise].manager.value).toBe(boss);
  });

  test.each([
    replace(path, ''),
    replace(path, null),
    remove(path),
    remove(`${path}.value`),
    replace(`${path}.value`, ''),
  ])('R-321: %j takes the manager away', async (operation) => {
    const attributes = await outcome(client, add(path, { value: boss }), operation);
    expect(attributes[enterprise]).toEqual(start[enterprise]);
  });

  test.each([
    ['"False"', 'False', false],
    ['"false"', 'false', false],
    ['"True"', 'True', true],
    ['true', true, true],
  ])('R-326: active %s is a flag', async (_shown, value, active) => {
    const { id } = await client.makeUser({ active: !active });
    for (const operation of [replace('active', value), pathless({ active: value })]) {
      expect((await client.patch(`/Users/${id}`, [operation])).body.active).toBe(active);
    }
  });

  test('R-326: rfc takes no text for a flag', async () => {
    expectError(await scim.rfc.patch(`/Users/${boss}`, [replace('active', 'False')]), 400, 'invalidValue');
  });

  test('R-298: rewriting names by PATCH is found by filters at once', async () => {
    const userName = newName();
    const { id } = await client.makeUser();
    await client.patch(`/Users/${id}`, [replace('userName', userName), add('emails', { value: userName })]);
    for (const filter of [`userName eq "${userName}"`, `emails eq "${userName}"`]) {
      expect((await client.find('/Users', filter)).body.Resources[0].id).toBe(id);
    }
  });
});
