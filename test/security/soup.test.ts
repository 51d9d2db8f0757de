import { METHODS, request } from 'node:http';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Client, errorUrn, nobody, patchOp, type Scim, startScim } from '../dialects/scim/scim-client.ts';
import { core, enterprise, muster } from '../dialects/scim/urns.ts';

let scim: Scim;
let client: Client;
let ids: readonly string[];

beforeAll(async () => {
  scim = await startScim();
  client = await scim.connect({ rights: ['read', 'write', 'superuser'] });
  const user = await client.makeUser();
  const group = await client.makeGroup([user.id]);
  ids = [user.id, group.id, nobody];
});
afterAll(() => scim.stop());

interface Soup {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
  readonly known: number;
}

interface Served {
  readonly status: number;
  readonly type: string | undefined;
  readonly text: string;
}

const word = fc.constantFrom(
  'Users',
  'Groups',
  'OrgUnits',
  'Schemas',
  'ResourceTypes',
  'ServiceProviderConfig',
  'Me',
  'Bulk',
  '.search',
  'v1',
  '%55sers',
  '..',
  '%2e%2e',
  '%',
  '%00',
  '%ff',
  ' ',
  ':',
  ';x',
  core,
  'ID',
  '',
  '\u00e9',
  '[',
  '{',
  '<script>',
  "'",
  '"',
);
const name = fc.constantFrom(
  'userName',
  'displayName',
  'name',
  'name.givenName',
  'emails',
  'emails[type eq "work"].value',
  'members',
  'members[value eq "ID"]',
  'schemas',
  'id',
  'meta',
  'groups',
  'externalId',
  'active',
  'password',
  enterprise,
  `${enterprise}:manager`,
  `${muster}:shops`,
  `${muster}:extensionGroups`,
  'manager',
  '',
  '__proto__',
  'a.b.c',
  '[',
  'x'.repeat(300),
);
const scalar = fc.oneof(
  fc.constantFrom('x', '', 'ID', 'True', 'False', 'work', '\0', '\ud800', nobody, 'é', '"', 'a'.repeat(70_000)),
  fc.constantFrom(true, false, null, 0, -0, 1.5, 1e21, -1, 2 ** 53),
  fc.string({ unit: 'binary', maxLength: 6 }),
);
const value = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.oneof(name, fc.constantFrom('value', 'type', 'primary', 'display', '$ref')), tie('value'), {
      maxKeys: 3,
    }),
  ),
})).value;
const operation = fc.record(
  { op: fc.oneof(fc.constantFrom('add', 'replace', 'remove', 'Add'), value), path: fc.oneof(name, value), value },
  { requiredKeys: ['op'] },
);
const patchBody = fc.record({
  schemas: fc.constant([patchOp]),
  Operations: fc.oneof(fc.array(operation, { maxLength: 3 }), value),
});
const resourceBody = fc
  .tuple(fc.dictionary(name, value, { maxKeys: 4 }), fc.boolean())
  .map(([body, isNamed]) =>
    isNamed ? { ...body, userName: `n${Math.random()}`, displayName: `n${Math.random()}`, kind: 'SHOP' } : body,
  );
const body = fc.oneof(
  { weight: 4, arbitrary: patchBody.map((sent) => JSON.stringify(sent)) },
  { weight: 4, arbitrary: resourceBody.map((sent) => JSON.stringify(sent)) },
  { weight: 1, arbitrary: value.map((sent) => JSON.stringify(sent) ?? '') },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 30 }).map((bytes) => Buffer.from(bytes)) },
);
const parameter = fc.tuple(
  fc.constantFrom(
    'filter',
    'attributes',
    'excludedAttributes',
    'startIndex',
    'count',
    'sortBy',
    'sortOrder',
    'cursor',
    'FILTER',
    'x',
    '',
  ),
  fc.oneof(
    fc.constantFrom(
      'userName eq "x"',
      'emails[type eq "work" and value co "x"]',
      'not (title pr) or active eq true',
      'members eq "ID"',
      'groups.value eq "ID"',
      'id eq "ID"',
      'meta.created gt "2020-01-01T00:00:00Z"',
      'title co "a"',
      '((',
      '-1',
      '0',
      '99999999999999999999',
      'name,emails.value',
    ),
    name,
    fc.string({ unit: 'binary', maxLength: 8 }).filter((text) => text.isWellFormed()),
  ),
);
const headers = fc.dictionary(
  fc.constantFrom(
    'content-type',
    'accept',
    'if-match',
    'if-none-match',
    'content-encoding',
    'x-request-id',
    'prefer',
    'range',
    'expect',
    'origin',
    'upgrade',
    'x-http-method-override',
  ),
  fc.constantFrom(
    'application/scim+json',
    'application/json',
    'text/html',
    'application/json; charset=latin1',
    '*',
    '*/*',
    'W/"1"',
    '"',
    '',
    'gzip',
    'identity',
    'bytes=0-1',
    'return=minimal',
    'DELETE',
    ',',
    'x'.repeat(500),
  ),
  { maxKeys: 3 },
);

// What Node answers by itself, before any program of ours sees it: RFC 9110 sections 10.1.1, 7.8 and 9.3.6.
const byNode = ({ method, headers: sent }: Soup) => method === 'CONNECT' || 'expect' in sent || 'upgrade' in sent;

const soup: fc.Arbitrary<Soup> = fc
  .record({
    method: fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE') },
      { weight: 1, arbitrary: fc.constantFrom(...METHODS) },
    ),
    segments: fc.oneof(
      fc.tuple(fc.constantFrom('Users', 'Groups', 'OrgUnits')),
      fc.tuple(fc.constantFrom('Users', 'Groups', 'OrgUnits'), fc.constant('ID')),
      fc.array(word, { maxLength: 4 }),
    ),
    query: fc.array(parameter, { maxLength: 3 }),
    headers,
    body,
    known: fc.nat({ max: 2 }),
  })
  .map(({ segments, query, ...rest }) => {
    const parameters = query.map(([key, text]) => `${key}=${encodeURIComponent(text)}`).join('&');
    // A raw character that no request line may have is left to the tests of the HTTP server.
    const path = segments.join('/').replace(/[^\x21-\x7e]/g, encodeURIComponent);
    return { ...rest, path: `/scim/v2/${path}${parameters === '' ? '' : `?${parameters}`}` };
  })
  .filter((sent) => !byNode(sent));

function serve({ method, path, headers: sent, body: raw, known }: Soup): Promise<Served> {
  const id = ids[known] ?? nobody;
  const fill = (text: string) => text.replaceAll('ID', id);
  const bytes = typeof raw === 'string' ? Buffer.from(fill(raw)) : raw;
  return new Promise((resolve, reject) => {
    const asked = request({
      host: '127.0.0.1',
      port: scim.muster.server.port,
      method,
      path: fill(path),
      headers: { authorization: `Bearer ${client.token}`, 'content-length': bytes.length, ...sent },
      agent: false,
    });
    asked.once('error', reject);
    asked.once('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          type: response.headers['content-type'],
          text: Buffer.concat(chunks).toString(),
        }),
      );
    });
    asked.end(bytes);
  });
}

/** What is wrong with an answer; undefined when nothing is. */
function faultIn(sent: Soup, { status, type, text }: Served): string | undefined {
  if (status >= 500) return 'the server failed';
  if (sent.method === 'HEAD' || status === 204 || status === 304)
    return text === '' ? undefined : 'a body where none may be';
  if (type !== 'application/scim+json') return `the type ${type}`;
  const answer = JSON.parse(text) as { schemas?: unknown; status?: unknown; detail?: unknown };
  if (status < 400) return Array.isArray(answer.schemas) ? undefined : 'no schemas';
  const isError = JSON.stringify(answer.schemas) === JSON.stringify([errorUrn]) && answer.status === String(status);
  return isError && typeof answer.detail === 'string' && answer.detail !== '' ? undefined : 'no error of SCIM';
}

test('no answer below /scim/v2 to any of 500 odd requests is a 5xx or anything but SCIM', async () => {
  const seen = new Set<number>();
  await fc.assert(
    fc.asyncProperty(soup, async (sent) => {
      const answer = await serve(sent);
      seen.add(answer.status);
      const fault = faultIn(sent, answer);
      expect(fault, `${fault}: ${answer.status} ${answer.text.slice(0, 300)}`).toBeUndefined();
    }),
    { numRuns: 500 },
  );
  expect([...seen]).toEqual(expect.arrayContaining([200, 201, 204, 400, 404, 405]));
  expect(scim.muster.logged()).not.toContain('unexpected error');
  expect(scim.muster.logged()).not.toContain('the cause of a fault');
});
