import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Answer } from '#test/support/muster.ts';
import { withClient } from '#test/support/with-client.ts';
import { type Client, expectError, nobody, patchOp, type Scim, startScim } from '../dialects/scim/scim-client.ts';
import { core } from '../dialects/scim/urns.ts';

let scim: Scim;
let client: Client;
let user: Answer['body'];
let group: Answer['body'];

beforeAll(async () => {
  scim = await startScim();
  client = scim.lenient;
  user = await client.makeUser();
  group = await client.makeGroup([user.id]);
});
afterAll(() => scim.stop());

/** Everything that is on the roll, as the database has it. */
const roll = () =>
  withClient(scim.muster.database.connection, async (db) => {
    const tables = [
      'app_user',
      'app_group',
      'org_unit',
      'attribute_value',
      'group_member',
      'external_id',
      'journal',
      'tombstone',
    ];
    const rows = [];
    for (const table of tables) {
      const found = await db.query(
        `select count(*), md5(string_agg(t::text, '|' order by t::text)) as sum from ${table} t`,
      );
      rows.push([table, found.rows[0]]);
    }
    return rows;
  });

type Body = string | Uint8Array | object;
type Ask = readonly [method: string, path: () => string, body?: Body | (() => Body), headers?: Record<string, string>];

async function ask([method, path, body, headers]: Ask): Promise<Answer> {
  const sent = typeof body === 'function' ? body() : body;
  return scim.muster.send(client.token, method, path(), sent, headers);
}

const users = () => '/Users';
const groups = () => '/Groups';
const one = () => `/Users/${user.id}`;
const team = () => `/Groups/${group.id}`;
const named = (attributes: object) => ({ schemas: [core], userName: 'bad-input@example.org', ...attributes });
const operations = (...Operations: object[]) => ({ schemas: [patchOp], Operations });
const padded = (bytes: number, start: string) => `${start}${' '.repeat(bytes - Buffer.byteLength(start) - 1)}}`;
const nested = (levels: number) => `{"userName":"x","a":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`;
const members = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ value: nobody.replace(/.{8}$/, String(10_000_000 + n)) }));

type Row = readonly [what: string, request: Ask, status: number, scimType: string | undefined];

const rows: readonly Row[] = (
  [
    ['a body of one byte over 1 MiB', ['POST', users, () => padded(1_048_577, '{"userName":"x"')], 413],
    ['a PUT of one byte over 1 MiB', ['PUT', one, () => padded(1_048_577, '{"userName":"x"')], 413],
    ['a PATCH of one byte over 1 MiB', ['PATCH', one, () => padded(1_048_577, '{"Operations":[]')], 413],
    ['a group of one byte over 8 MiB', ['POST', groups, () => padded(8_388_609, '{"displayName":"x"')], 413],
    ['a PATCH of a group of one byte over 8 MiB', ['PATCH', team, () => padded(8_388_609, '{"Operations":[]')], 413],
    ['65 levels', ['POST', users, nested(65)], 400, 'invalidSyntax'],
    ['a million levels', ['POST', groups, () => '['.repeat(1_000_000)], 400, 'invalidSyntax'],
    ['65 levels in a PATCH', ['PATCH', one, nested(65)], 400, 'invalidSyntax'],
    ['a key twice', ['POST', users, '{"userName":"x","userName":"y"}'], 400, 'invalidSyntax'],
    [
      '1,001 keys',
      ['POST', users, Object.fromEntries(Array.from({ length: 1_001 }, (_, n) => [`k${n}`, n]))],
      400,
      'invalidSyntax',
    ],
    ['NUL', ['POST', users, named({ title: 'a\0b' })], 400, 'invalidValue'],
    ['NUL in a name', ['PUT', one, { userName: 'a\0b' }], 400, 'invalidValue'],
    ['NUL in a PATCH', ['PATCH', one, operations({ op: 'add', path: 'title', value: '\0' })], 400, 'invalidValue'],
    ['half a surrogate pair', ['POST', users, '{"userName":"a\\ud800"}'], 400, 'invalidValue'],
    [
      'half a surrogate pair in a PATCH',
      ['PATCH', one, '{"Operations":[{"op":"add","path":"title","value":"\\udc00"}]}'],
      400,
      'invalidValue',
    ],
    ['a number that no double holds', ['POST', users, '{"userName":"x","title":1e400}'], 400, 'invalidValue'],
    [
      'a whole number that no double holds',
      ['POST', users, '{"userName":"x","title":12345678901234567890}'],
      400,
      'invalidValue',
    ],
    ['Infinity', ['POST', users, '{"userName":"x","title":Infinity}'], 400, 'invalidSyntax'],
    ['a comment', ['POST', users, '{"userName":"x"} // hello'], 400, 'invalidSyntax'],
    ['gzip', ['POST', users, () => gzipSync('{"userName":"x"}'), { 'Content-Encoding': 'gzip' }], 415],
    ['a bomb of gzip', ['POST', users, () => gzipSync(Buffer.alloc(100_000_000)), { 'Content-Encoding': 'gzip' }], 415],
    ['an unknown coding', ['PUT', one, '{}', { 'Content-Encoding': 'br' }], 415],
    [
      '1,001 operations',
      ['PATCH', one, operations(...Array.from({ length: 1_001 }, () => ({ op: 'remove', path: 'title' })))],
      413,
    ],
    [
      '10,001 members in a PATCH',
      ['PATCH', team, () => operations({ op: 'add', path: 'members', value: members(10_001) })],
      413,
    ],
    [
      '10,001 members in two operations',
      [
        'PATCH',
        team,
        () => operations(...[5_000, 5_001].map((n) => ({ op: 'remove', path: 'members', value: members(n) }))),
      ],
      413,
    ],
    ['100,001 members in a PUT', ['PUT', team, () => ({ displayName: 'x', members: members(100_001) })], 413],
    ['100,001 members in a POST', ['POST', groups, () => ({ displayName: 'x', members: members(100_001) })], 413],
    ['a userName of 255', ['POST', users, { userName: '😀'.repeat(255) }], 400, 'invalidValue'],
    [
      'a userName of 255 in a PATCH',
      ['PATCH', one, operations({ op: 'replace', path: 'userName', value: 'x'.repeat(255) })],
      400,
      'invalidValue',
    ],
    ['an e-mail of 321', ['POST', users, named({ emails: [{ value: 'x'.repeat(321) }] })], 400, 'invalidValue'],
    [
      'an e-mail of 321 in a PATCH',
      ['PATCH', one, operations({ op: 'add', path: 'emails.value', value: 'x'.repeat(321) })],
      400,
      'invalidValue',
    ],
    ['a displayName of 257', ['POST', users, named({ displayName: 'é'.repeat(257) })], 400, 'invalidValue'],
    ['a group’s displayName of 257', ['POST', groups, { displayName: 'x'.repeat(257) }], 400, 'invalidValue'],
    ['an externalId of 513', ['POST', users, named({ externalId: 'x'.repeat(513) })], 400, 'invalidValue'],
    ['an externalId of 513 in a PUT', ['PUT', one, named({ externalId: 'x'.repeat(513) })], 400, 'invalidValue'],
    ['a text of 65,537', ['POST', users, named({ title: 'x'.repeat(65_537) })], 400, 'invalidValue'],
    ['a path of 8,193', ['PATCH', one, operations({ op: 'remove', path: 'a'.repeat(8_193) })], 400, 'invalidPath'],
    ['an id of 2,000', ['PUT', () => `/Users/${'x'.repeat(2_000)}`, named({})], 404],
    ['NUL in a path', ['GET', () => '/Users/%00'], 400, 'invalidSyntax'],
    ['NUL in an id', ['DELETE', () => `/Users/${user.id}%00`], 400, 'invalidSyntax'],
    ['an escape that is none', ['GET', () => '/Users/%zz'], 400, 'invalidSyntax'],
    ['bytes that are no UTF-8', ['GET', () => '/Users/%ff'], 400, 'invalidSyntax'],
    ['an escape that is none in a filter', ['GET', () => '/Users?filter=%zz'], 400, 'invalidSyntax'],
    ['NUL in a filter', ['GET', () => '/Users?filter=userName%20eq%20%22%00%22'], 400, 'invalidSyntax'],
    ['an unknown path', ['POST', () => '/Nothing', {}], 404],
  ] satisfies readonly (readonly [string, Ask, number, string?])[]
).map(([what, request, status, scimType]) => [what, request, status, scimType]);

describe('S-16: bad input is refused in the words of SCIM, and nothing is changed', () => {
  test.each(rows)('%s', async (_what, request, status, scimType) => {
    const before = await roll();
    expectError(await ask(request), status, scimType);
    expect(await roll()).toEqual(before);
    expect((await client.get(one())).body.id).toBe(user.id);
  });

  test('numbers, flags and objects for text are refused under rfc', async () => {
    const before = await roll();
    for (const value of [7, true, {}, ['x', 'y']]) {
      expectError(await scim.rfc.post('/Users', named({ title: value })), 400, 'invalidValue');
      expectError(await scim.rfc.post('/Users', named({ name: { givenName: value } })), 400, 'invalidValue');
      expectError(await scim.rfc.patch(one(), [{ op: 'add', path: 'title', value }]), 400, 'invalidValue');
    }
    expect(await roll()).toEqual(before);
  });
});

describe('what is just within the limits works', () => {
  test.each<[string, () => object]>([
    ['a userName of 254', () => ({ userName: '😀'.repeat(254) })],
    ['an e-mail of 320', () => ({ userName: 'e', emails: [{ value: 'x'.repeat(320) }] })],
    ['a displayName of 256', () => ({ userName: 'd', displayName: 'é'.repeat(256) })],
    ['an externalId of 512', () => ({ userName: 'x', externalId: '😀'.repeat(512) })],
    ['a text of 65,536', () => ({ userName: 't', title: 'x'.repeat(65_536) })],
    [
      'a photo of 60,000',
      () => ({ userName: 'p', photos: [{ value: `data:image/png;base64,${'A'.repeat(60_000)}` }] }),
    ],
    ['a certificate of 700,000', () => ({ userName: 'c', x509Certificates: [{ value: 'A'.repeat(700_000) }] })],
  ])('%s', async (_what, attributes) => {
    const { status, body } = await client.post('/Users', attributes());
    expect(status, JSON.stringify(body).slice(0, 300)).toBe(201);
    expect(body).toMatchObject(attributes());
  });

  test('64 levels, and a body of exactly 1 MiB', async () => {
    expect((await client.post('/Users', nested(64).replace('"x"', '"deep"'))).status).toBe(201);
    expect((await client.post('/Users', padded(1_048_576, '{"userName":"wide"'))).status).toBe(201);
  });

  test('100,000 members in a PUT, of whom those that exist are kept', async () => {
    const sent = { displayName: group.displayName, members: [...members(99_999), { value: user.id }] };
    const answer = await client.put(team(), sent);
    expect([answer.status, answer.body.members.length]).toEqual([200, 1]);
  });
});

test('T-19: no value that was refused is repeated in an answer, and none is in the log', async () => {
  const marker = 'mk-7f3a-marker';
  const asks: readonly Ask[] = [
    ['POST', users, `{"userName": ${marker}`],
    ['POST', users, { userName: 'x', active: marker }],
    ['POST', users, { userName: 'x', emails: marker.repeat(1_000) }],
    ['PATCH', one, operations({ op: marker })],
    ['PATCH', one, operations({ op: 'add', path: `emails[value regex "${marker}"]`, value: 'x' })],
    ['GET', () => `/Users?filter=${marker}`],
    ['GET', () => `/Users?count=${marker}`],
    ['GET', () => `/Users/${marker}`],
    ['GET', () => `/${marker}`],
  ];
  for (const request of asks) {
    const answer = await ask(request);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(JSON.stringify(answer.body)).not.toContain(marker);
  }
  expect(scim.muster.logged()).not.toContain(marker);
});
