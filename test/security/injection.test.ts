import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { userType } from '#attributes/resource-type.ts';
import type { Work } from '#dialects/scim/lex.ts';
import { readFilter } from '#dialects/scim/read-filter.ts';
import { readPath } from '#dialects/scim/read-path.ts';
import { Fault } from '#domain/fault.ts';
import { type Client, expectError, newName, type Scim, startScim } from '../dialects/scim/scim-client.ts';

let scim: Scim;
let client: Client;

beforeAll(async () => {
  scim = await startScim();
  client = scim.lenient;
  await client.makeUser({ userName: 'victim', title: 'plain' });
});
afterAll(() => scim.stop());

/** What would do something else than be compared, in SQL, in LIKE, in a JSON path, in a regular expression, in a shell. */
const payloads = [
  `' or '1'='1`,
  `'; drop table app_user; --`,
  `" or "1"="1`,
  `x' union select hash from credential --`,
  `\\' or 1=1 --`,
  '/* */ or true',
  `$1`,
  '$$; select pg_sleep(9); $$',
  '%',
  '_',
  '%%%',
  '\\',
  '\\%',
  '$.a ? (@ == 1)',
  '{"$ne":null}',
  '.*',
  '(a+)+$',
  '$(id)',
  '`id`',
  '{{7*7}}',
  '<script>alert(1)</script>',
  '=cmd|/c calc',
  '\u2028\u2029',
  '\u0001',
  'a\tb\r\nc',
];

describe('S-09, V-8: texts that are code elsewhere', () => {
  test.each(payloads)('%j is a value like any other', async (text) => {
    const name = `${newName()} ${text}`;
    const made = await client.makeUser({
      userName: name,
      title: text,
      externalId: `${name}`,
      emails: [{ value: text, type: text }],
    });
    const quoted = JSON.stringify(text);
    const found = async (filter: string) =>
      (await client.find('/Users', filter)).body.Resources.map(({ id }: { id: string }) => id);
    for (const filter of [
      `title eq ${quoted}`,
      `emails[type eq ${quoted} and value eq ${quoted}]`,
      `userName ew ${JSON.stringify(` ${text}`)} and title sw ${quoted}`,
      `externalId eq ${JSON.stringify(name)}`,
    ]) {
      expect(await found(filter), filter).toEqual([made.id]);
    }
    expect(await found(`userName eq ${quoted}`)).toEqual([]);
    const patched = await client.patch(`/Users/${made.id}`, [
      { op: 'replace', path: `emails[value eq ${quoted}].display`, value: text },
    ]);
    expect(patched.body.emails).toEqual([{ value: text, type: text, display: text }]);
    expect((await client.get(`/Users/${made.id}`)).body).toEqual(patched.body);
    expect((await client.delete(`/Users/${made.id}`)).status).toBe(204);
  });

  test.each(payloads)('%j is no attribute, no id, no page and no projection', async (text) => {
    const escaped = encodeURIComponent(text);
    const victim = (await client.find('/Users', 'userName eq "victim"')).body.Resources[0];
    expectError(await client.get(`/Users/${escaped}`), 404);
    expectError(await client.find('/Users', `${text} eq "x"`), 400, 'invalidFilter');
    expectError(await client.find('/Users', `emails[${text} eq "x"]`), 400, 'invalidFilter');
    expectError(await client.get(`/Users?startIndex=${escaped}`), 400, 'invalidValue');
    expectError(await client.get(`/Users?count=${escaped}`), 400, 'invalidValue');
    expect((await client.get(`/Users?sortBy=${escaped}&sortOrder=${escaped}&cursor=${escaped}`)).status).toBe(200);
    const shown = await client.get(`/Users/${victim.id}?attributes=${escaped}`);
    expect(Object.keys(shown.body).sort()).toEqual(['id', 'schemas']);
    expect((await client.get(`/Users/${victim.id}?excludedAttributes=${escaped}`)).body).toEqual(victim);
    expect((await client.get(`/Users/${victim.id}`, { 'If-None-Match': `"${escaped}"` })).status).toBe(200);
    expect((await client.find('/Users', 'userName eq "victim"')).body.Resources).toEqual([victim]);
  });

  test.each([
    "userName eq 'x' or '1'='1'",
    'userName eq "x" or 1 eq 1',
    'userName eq "x"; select 1',
    'userName eq "x" -- ',
  ])('the filter %s is refused, and never a list of everybody', async (filter) =>
    expectError(await client.find('/Users', filter), 400, 'invalidFilter'),
  );
});

describe('S-10: secrets cannot be asked about', () => {
  const asks = ['eq "x"', 'ne "x"', 'sw "a"', 'co "a"', 'ew "a"', 'gt "a"', 'pr', 'eq null'];
  test.each(asks)('password %s', async (ask) => {
    await client.makeUser({ password: 'hunter22' });
    const expected = await client.find('/Users', `password ${ask}`);
    expectError(expected, 403, 'sensitive');
    expectError(await client.find('/Users', `userName pr and not (PASSWORD ${ask})`), 403, 'sensitive');
    expectError(
      await client.find('/Users', `urn:ietf:params:scim:schemas:core:2.0:User:password ${ask}`),
      403,
      'sensitive',
    );
  });
});

/** What costs more than it is long, somewhere. */
const bombs: readonly (readonly [string, string])[] = [
  ['100,000 characters', `userName eq "${'x'.repeat(100_000)}"`],
  ['100,000 spaces', `userName${' '.repeat(100_000)}eq "x"`],
  ['10,000 parentheses', `${'('.repeat(10_000)}userName pr${')'.repeat(10_000)}`],
  ['8,000 parentheses that never close', '('.repeat(8_000)],
  ['33 parentheses', `${'('.repeat(33)}userName pr${')'.repeat(33)}`],
  ['1,000 nots', `${'not ('.repeat(1_000)}userName pr${')'.repeat(1_000)}`],
  ['10,000 ors', Array.from({ length: 10_000 }, () => 'title pr').join(' or ')],
  ['201 terms', Array.from({ length: 201 }, () => 'title pr').join(' or ')],
  ['a huge number', `urn:ietf:params:scim:schemas:extension:muster:2.0:User:extensionGroups eq ${'9'.repeat(4_000)}`],
  ['a number without end', 'urn:ietf:params:scim:schemas:extension:muster:2.0:User:extensionGroups eq 1e400'],
  ['half a surrogate pair', 'userName eq "\\ud800"'],
  ['NUL', 'userName eq "\\u0000"'],
  ['backslashes', `userName eq "${'\\'.repeat(4_001)}"`],
  ['a quote that never closes', `userName eq "${'a'.repeat(8_000)}`],
  ['a name that never ends', `${'a.'.repeat(4_000)}b eq "x"`],
  ['a URN that never ends', `${'urn:'.repeat(2_000)}x eq "x"`],
  ['brackets in brackets', `${'emails['.repeat(40)}type pr${']'.repeat(40)}`],
  ['what hangs a backtracking tokenizer', `userName eq "${'\\"'.repeat(20)}`],
];

describe('S-08, V-16: filters and paths that cost', () => {
  test.each(bombs)('%s: refused by both readers after steps in proportion to the length', (_what, text) => {
    for (const read of [
      readFilter,
      (sent: string, type: typeof userType, options: object) =>
        readPath(`emails[${sent}].value`, type, options as never),
    ]) {
      for (const lenient of [true, false]) {
        const work: Work = { steps: 0 };
        let outcome: unknown;
        try {
          read(text, userType, { lenient, work });
        } catch (fault) {
          outcome = fault;
        }
        expect(outcome).toBeInstanceOf(Fault);
        expect(work.steps).toBeLessThanOrEqual(4 * Math.min(text.length + 20, 8_192) + 100);
      }
    }
  });

  test.each(bombs)('%s: 400 in a PATCH path, 4xx in a URL', async (_what, text) => {
    const { id } = await client.makeUser();
    const path = await client.patch(`/Users/${id}`, [{ op: 'replace', path: `emails[${text}].value`, value: 'x' }]);
    expect([path.status, path.body.scimType]).toEqual([400, expect.stringMatching(/^invalid(Path|Filter)$/)]);
    const listed = await fetch(`${scim.muster.server.url}/scim/v2/Users?filter=${encodeURIComponent(text)}`, {
      headers: { Authorization: `Bearer ${client.token}` },
    });
    const body = await listed.text();
    if (listed.status !== 431) expect(JSON.parse(body).scimType).toBe('invalidFilter');
    expect([400, 431]).toContain(listed.status);
    expect((await client.get(`/Users/${id}`)).status).toBe(200);
  });
});
