import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Client, expectError, newName, orgUnit, type Scim, startScim } from './scim-client.ts';
import { core, enterprise, muster } from './urns.ts';

let scim: Scim;
let client: Client;
let rfc: Client;

beforeAll(async () => {
  scim = await startScim();
  ({ lenient: client, rfc } = scim);
});
afterAll(() => scim.stop());

const bodyOf = (attributes: Record<string, unknown>) => ({ schemas: [core], userName: newName(), ...attributes });
const certificate = (value: unknown) => ({ x509Certificates: [{ value }] });

describe('types', () => {
  test('R-071: a flag is kept as a flag', async () => {
    const { body } = await client.post('/Users', bodyOf({ active: false, [muster]: { supervisor: true } }));
    expect([body.active, body[muster].supervisor]).toEqual([false, true]);
  });

  test('R-071: "False" for active and primary is a flag under lenient and refused under rfc', async () => {
    const sent = { active: 'False', emails: [{ value: 'a@b', primary: 'true' }] };
    const { body } = await client.post('/Users', bodyOf(sent));
    expect([body.active, body.emails[0].primary]).toEqual([false, true]);
    expectError(await rfc.post('/Users', bodyOf({ active: 'False' })), 400, 'invalidValue');
    expectError(await rfc.post('/Users', bodyOf({ emails: sent.emails })), 400, 'invalidValue');
  });

  test.each<[string, Record<string, unknown>]>([
    ['text for active that is no flag', { active: 'yes' }],
    ['text for another flag', { [muster]: { supervisor: 'true' } }],
    ['a number for a flag', { active: 1 }],
    ['an object for text', { title: { a: 1 } }],
    ['a list of two for text', { title: ['a', 'b'] }],
    ['text for an object', { name: 'Ada' }],
    ['a list of two for an object', { name: [{ givenName: 'a' }, { givenName: 'b' }] }],
    ['text for an extension', { [enterprise]: 'x' }],
    ['a list for an extension', { [enterprise]: [{}] }],
    ['a list in a list', { emails: [[{ value: 'a@b' }]] }],
    ['R-072: a fraction for a whole number', { [muster]: { extensionGroups: [1.5] } }],
    ['R-072: text for a whole number', { [muster]: { extensionGroups: ['1'] } }],
    ['R-075: binary that is not base64', certificate('not base64!')],
    [
      'R-079: two primary values',
      {
        emails: [
          { value: 'a@b', primary: true },
          { value: 'c@d', primary: true },
        ],
      },
    ],
    ['a value that is not one of those there are', { [muster]: { level: 'PLANET' } }],
  ])('%s is 400 invalidValue', async (_what, attributes) => {
    expectError(await client.post('/Users', bodyOf(attributes)), 400, 'invalidValue');
    expectError(await rfc.post('/Users', bodyOf(attributes)), 400, 'invalidValue');
  });

  test('5.22: numbers for text are text under lenient and refused under rfc', async () => {
    const sent = { externalId: 12, [enterprise]: { employeeNumber: 701984 }, addresses: [{ postalCode: 10115 }] };
    const { body } = await client.post('/Users', bodyOf(sent));
    expect(body).toMatchObject({
      externalId: '12',
      [enterprise]: { employeeNumber: '701984' },
      addresses: [{ postalCode: '10115' }],
    });
    for (const [name, value] of Object.entries(sent)) {
      expectError(await rfc.post('/Users', bodyOf({ [name]: value })), 400, 'invalidValue');
    }
    expectError(await rfc.post('/Users', { schemas: [core], userName: 7 }), 400, 'invalidValue');
  });

  test('R-072: whole numbers come back whole', async () => {
    const { body } = await client.post('/Users', bodyOf({ [muster]: { extensionGroups: [0, -7, 9007199254740991] } }));
    expect(body[muster].extensionGroups).toEqual([0, -7, 9007199254740991]);
  });

  test('R-073: a decimal comes back equal', async () => {
    const sent = `{"schemas":["${orgUnit}"],"displayName":"here","kind":"SHOP","coordinates":{"latitude":1.50,"longitude":-0.1e1}}`;
    const { body } = await client.post('/OrgUnits', sent);
    expect(body.coordinates).toEqual({ latitude: 1.5, longitude: -1 });
  });

  test.each(['2026-01-31', 'yesterday', '2026-02-31T00:00:00Z', '2026-01-31T12:00:00'])(
    'R-074: %s is no time',
    async (time) => {
      expectError(await client.find('/Users', `meta.created gt "${time}"`), 400, 'invalidFilter');
    },
  );

  test('R-075, R-108: base64 with and without padding is kept as it was sent', async () => {
    for (const value of ['AAECAw==', 'AAECAw', 'AAEC']) {
      expect((await client.post('/Users', bodyOf(certificate(value)))).body.x509Certificates).toEqual([{ value }]);
    }
  });

  test('R-076: the $ref of a member, a group and a manager can be fetched and is that resource', async () => {
    const boss = await client.makeUser();
    const user = await client.makeUser({ [enterprise]: { manager: { value: boss.id } } });
    const group = await client.makeGroup([user.id]);
    const read = (await client.get(`/Users/${user.id}`)).body;
    const fetched = async (ref: string) => {
      const answer = await fetch(ref, { headers: { Authorization: `Bearer ${client.token}` } });
      return ((await answer.json()) as { id: string }).id;
    };
    expect(await fetched(group.members[0].$ref)).toBe(user.id);
    expect(await fetched(read.groups[0].$ref)).toBe(group.id);
    expect(await fetched(read[enterprise].manager.$ref)).toBe(boss.id);
  });

  test('R-105, R-106, R-107: addresses, numbers and countries are kept as they were sent', async () => {
    const sent = {
      emails: [{ value: 'emailName357', type: 'work' }],
      phoneNumbers: [{ value: ' +49 (30) 1234-5 ext. 6 ', type: 'work' }],
      addresses: [{ country: 'Bermuda', type: 'work' }],
    };
    expect((await client.post('/Users', bodyOf(sent))).body).toMatchObject(sent);
  });
});

describe('many values', () => {
  test('R-080: the same value of the same type is returned once', async () => {
    const sent = [
      { value: 'a@example.org', type: 'work' },
      { value: 'A@EXAMPLE.ORG', type: 'work', primary: true },
      { value: 'a@example.org', type: 'home' },
    ];
    const { body } = await client.post('/Users', bodyOf({ emails: sent }));
    expect(body.emails).toHaveLength(2);
    expect(body.emails.filter(({ primary }: { primary?: boolean }) => primary)).toHaveLength(1);
  });

  test('R-081, R-082: null, empty and absent are the same: not there', async () => {
    const nothing = {
      nickName: null,
      name: { givenName: null },
      emails: [],
      phoneNumbers: null,
      roles: [null],
      [enterprise]: null,
      [muster]: {},
    };
    for (const one of [client, rfc]) {
      const { status, body } = await one.post('/Users', bodyOf(nothing));
      expect(status).toBe(201);
      expect(Object.keys(body).sort()).toEqual(['active', 'id', 'meta', 'schemas', 'userName']);
    }
  });

  test('R-100: a type that is not canonical is accepted', async () => {
    const emails = [{ value: 'a@b', type: 'carrier pigeon' }];
    expect((await rfc.post('/Users', bodyOf({ emails }))).body.emails).toEqual(emails);
  });
});

describe('names that are the same', () => {
  const n = () => newName().replace(/@.*/, '');
  test.each<[string, (base: string) => string, (base: string) => string]>([
    ['case', (base) => `${base}.Ada`, (base) => `${base}.aDA`],
    ['width', (base) => `${base}ada`, (base) => `${base}ａｄａ`],
    ['composition', (base) => `${base}\u00e9`, (base) => `${base}e\u0301`],
    ['order of combining marks', (base) => `${base}a\u0323\u0307`, (base) => `${base}a\u0307\u0323`],
    ['sharp s', (base) => `${base}straße`, (base) => `${base}STRASSE`],
    ['final sigma', (base) => `${base}ΟΔΟΣ`, (base) => `${base}οδος`],
  ])(
    'R-089, R-090, R-121: userNames that differ in %s are one name, shown as it was sent',
    async (_what, one, other) => {
      const base = n();
      const made = await client.makeUser({ userName: one(base) });
      expect(made.userName).toBe(one(base));
      expectError(await client.post('/Users', bodyOf({ userName: other(base) })), 409, 'uniqueness');
      const found = await client.find('/Users', `userName eq "${other(base)}"`);
      expect(found.body.Resources).toEqual([made]);
    },
  );

  test.each<[string, string, string]>([
    ['a dotless i', 'i', 'ı'],
    ['an accent', 'e', 'é'],
    ['a space', 'ada', 'ada b'],
  ])('R-090: userNames that differ in %s are two', async (_what, one, other) => {
    const base = n();
    await client.makeUser({ userName: base + one });
    await client.makeUser({ userName: base + other });
  });

  test('R-089: externalId and ids of others have case', async () => {
    await client.makeUser({ externalId: 'CaseD' });
    expect((await client.find('/Users', 'externalId eq "cased"')).body.totalResults).toBe(0);
    expect((await client.find('/Users', 'externalId eq "CaseD"')).body.totalResults).toBe(1);
  });

  test('R-091: a taken userName is 409 in POST, PUT and PATCH, also in another case', async () => {
    const taken = await client.makeUser({ userName: `Taken.${n()}` });
    const { id } = await client.makeUser();
    const userName = taken.userName.toUpperCase();
    expectError(await client.post('/Users', bodyOf({ userName })), 409, 'uniqueness');
    expectError(await client.put(`/Users/${id}`, bodyOf({ userName })), 409, 'uniqueness');
    expectError(
      await client.patch(`/Users/${id}`, [{ op: 'replace', path: 'userName', value: userName }]),
      409,
      'uniqueness',
    );
    expectError(await client.patch(`/Users/${id}`, [{ op: 'replace', value: { userName } }]), 409, 'uniqueness');
    expect((await client.get(`/Users/${id}`)).body.meta.version).toBe('W/"1"');
  });
});
