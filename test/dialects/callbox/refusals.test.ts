import { type IncomingMessage, request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { callbox as dialect } from '#dialects/callbox/callbox.ts';
import { Fault } from '#domain/fault.ts';
import { defaultLimits } from '#http/limits.ts';
import { type AskOptions, type Callbox, openCallbox } from './open-callbox.ts';

let callbox: Callbox;

beforeAll(async () => {
  callbox = await openCallbox();
});
afterAll(() => callbox.stop());

const routes = (dialect.routes ?? []).map(({ method, path }) => [method, path.replace(':user_id', '1')] as const);

const expectAnswer = async (method: string, path: string, options: AskOptions, status: number, text: string) => {
  const answer = await callbox.ask(method, path, options);
  expect([answer.status, answer.text]).toEqual([status, text]);
  return answer;
};

describe.each(routes)('%s %s', (method, path) => {
  test.each([null, 'Basic YTpi', 'Bearer', 'Bearer ', 'mst_x'])(
    'is for nobody with Authorization %j',
    async (authorization) => {
      const answer = await expectAnswer(method, path, { authorization }, 401, '{"detail":"Not authenticated"}');
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
      expect(answer.headers.get('content-type')).toBe('application/json');
    },
  );

  test('is not for a wrong token, one of another API or one without the right', async () => {
    const stranger = await callbox.muster.connect({ dialect: 'scim' });
    for (const token of ['mst_x', stranger]) {
      const options = { authorization: `Bearer ${token}` };
      const answer = await expectAnswer(method, path, options, 401, '{"detail":"Could not validate credentials"}');
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    }
    const authorization = `bearer ${await callbox.connect(['write'])}`;
    await expectAnswer(method, path, { authorization }, 403, '{"detail":"Not enough permissions"}');
  });

  test('answers a path with a slash at its end with the one without, to everybody', async () => {
    const { url } = callbox.muster.server;
    const options = { authorization: null };
    const { headers } = await expectAnswer(method, `${path}/?include_inactive=true&x=%20`, options, 307, '');
    expect(headers.get('location')).toBe(`${url}/api/v1/staff${path}?include_inactive=true&x=%20`);
  });
});

test.each([
  ['/api/v1/staff/users/?x=1', 'callbox.internal:81'],
  ['http://callbox.internal:81/api/v1/staff/users/?x=1', 'callbox.internal:81'],
])('redirects %s below the host that was asked, and never names one that a client made up', async (path, host) => {
  const { headers } = await new Promise<IncomingMessage>((resolve, reject) => {
    const { port } = callbox.muster.server;
    const sent = request({ host: '127.0.0.1', port, path, headers: { host } }, (answer) => {
      answer.resume();
      resolve(answer);
    });
    sent.on('error', reject).end();
  });
  expect([headers.location, headers['content-length']]).toEqual(['/api/v1/staff/users?x=1', '0']);
});

describe('a path or method that is not there is answered to everybody alike', () => {
  test.each(['', '/', '/nothing', '/users/1/nothing', '/users/1/unlock/now', '/users//', '//users'])(
    '%j',
    async (path) => {
      await expectAnswer('GET', path, { authorization: null }, 404, '{"detail":"Not Found"}');
    },
  );

  test.each([
    ['PUT', '/users', 'GET, HEAD, POST'],
    ['POST', '/users/1', 'GET, HEAD, PATCH, DELETE'],
    ['GET', '/users/1/unlock', 'POST'],
    ['DELETE', '/users/permissions/list', 'GET, HEAD'],
    ['OPTIONS', '/users', 'GET, HEAD, POST'],
  ])('%s %s', async (method, path, allow) => {
    const answer = await expectAnswer(method, path, { authorization: null }, 405, '{"detail":"Method Not Allowed"}');
    expect(answer.headers.get('allow')).toBe(allow);
  });
});

describe('a path', () => {
  const wrong = (input: string) =>
    '{"detail":[{"type":"int_parsing","loc":["path","user_id"],' +
    `"msg":"Input should be a valid integer, unable to parse string as an integer","input":${JSON.stringify(input)}}]}`;

  test.each(['abc', 'permissions', '1.5', '1__0', '%D0%96', '1e3', '%2F', '-', '٣'])(
    'without an id: %s',
    async (id) => {
      for (const [method, rest] of [
        ['GET', ''],
        ['DELETE', ''],
        ['POST', '/unlock'],
        ['POST', '/reset-password'],
      ] as const) {
        await expectAnswer(method, `/users/${id}${rest}`, {}, 422, wrong(decodeURIComponent(id)));
      }
    },
  );

  test.each(['0', '-1', '999999', '9'.repeat(40), '1_000_000'])('with the id of nobody: %s', async (id) => {
    const body = { first_name: 'x' };
    for (const [method, rest, options] of [
      ['GET', '', {}],
      ['PATCH', '', { body }],
      ['DELETE', '', {}],
      ['POST', '/unlock', {}],
      ['POST', '/reset-password', {}],
    ] as const) {
      await expectAnswer(method, `/users/${id}${rest}`, options, 404, '{"detail":"Staff user not found"}');
    }
  });

  test('with a number that is too long', async () => {
    const { status, body } = await callbox.ask('GET', `/users/${'1'.repeat(4_301)}`);
    expect([status, body.detail[0].type]).toEqual([422, 'int_parsing_size']);
  });
});

test.each(['maybe', '', '2', '%20true'])('include_inactive=%s is refused', async (value) => {
  await expectAnswer(
    ...(['GET', `/users?include_inactive=true&include_inactive=${value}`, {}, 422] as const),
    '{"detail":[{"type":"bool_parsing","loc":["query","include_inactive"],' +
      '"msg":"Input should be a valid boolean, unable to interpret input",' +
      `"input":${JSON.stringify(decodeURIComponent(value))}}]}`,
  );
});

/** What FastAPI writes of one thing that is wrong with a body, in its order of keys. */
const entry = (type: string, loc: readonly (string | number)[], msg: string, input: unknown, ctx?: object) => ({
  ...{ type, loc: ['body', ...loc], msg, input },
  ...(ctx !== undefined && { ctx }),
});
const badString = (loc: readonly (string | number)[], input: unknown) =>
  entry('string_type', loc, 'Input should be a valid string', input);
const badFlag = (loc: readonly string[], input: unknown) =>
  entry('bool_type', loc, 'Input should be a valid boolean', input);
const noFlag = (loc: readonly string[], input: unknown) =>
  entry('bool_parsing', loc, 'Input should be a valid boolean, unable to interpret input', input);
const badList = (input: unknown) => entry('list_type', ['permissions'], 'Input should be a valid list', input);
const noModel = (input: unknown) =>
  entry('model_attributes_type', [], 'Input should be a valid dictionary or object to extract fields from', input);
const noEmail = (input: string, reason: string) =>
  entry('value_error', ['email'], `value is not a valid email address: ${reason}`, input, { reason });
const missing = (loc: readonly string[], input: unknown) => entry('missing', loc, 'Field required', input);
const noPermission = (input: readonly string[], names: string) =>
  entry('value_error', ['permissions'], `Value error, Unknown permissions: ${names}`, input, { error: {} });

const noAt = 'An email address must have an @-sign.';
const email = 'new@example.kz';

describe('a body with wrong values hears of every one, in the order of the fields', () => {
  test.each([
    [{}, [missing(['email'], {})]],
    [{ first_name: 'Ада', x: 1 }, [missing(['email'], { first_name: 'Ада', x: 1 })]],
    [{ email: null }, [badString(['email'], null)]],
    [{ email: 'aida' }, [noEmail('aida', noAt)]],
    [{ email: '@kz' }, [noEmail('@kz', 'There must be something before the @-sign.')]],
    [
      { email, first_name: 5, last_name: [], is_superuser: null, permissions: null },
      [badString(['first_name'], 5), badString(['last_name'], []), badFlag(['is_superuser'], null), badList(null)],
    ],
    [{ email, is_superuser: 'maybe' }, [noFlag(['is_superuser'], 'maybe')]],
    [{ email, is_superuser: 2 }, [noFlag(['is_superuser'], 2)]],
    [{ email, is_superuser: 0.5 }, [badFlag(['is_superuser'], 0.5)]],
    [{ email, permissions: 'can_view_billing' }, [badList('can_view_billing')]],
    [{ email, permissions: [1, 'x', null] }, [badString(['permissions', 0], 1), badString(['permissions', 2], null)]],
    [{ email, permissions: ['x', 'can_view_billing', 'y'] }, [noPermission(['x', 'can_view_billing', 'y'], 'x, y')]],
    [
      { permissions: {}, is_superuser: {}, last_name: false, first_name: true, email: 'a@b' },
      [
        noEmail('a@b', 'The part after the @-sign is not valid. It should have a period.'),
        ...[
          badString(['first_name'], true),
          badString(['last_name'], false),
          badFlag(['is_superuser'], {}),
          badList({}),
        ],
      ],
    ],
  ])('POST %j', async (body, detail) => {
    await expectAnswer('POST', '/users', { body }, 422, JSON.stringify({ detail }));
  });

  test('PATCH: after what is wrong with the path', async () => {
    const { status, body } = await callbox.ask('PATCH', '/users/x', {
      body: { email: 'a', first_name: 1, is_active: 'x', is_superuser: [], permissions: ['z'] },
    });
    expect(status).toBe(422);
    expect(body.detail.map(({ type, loc }: { type: string; loc: string[] }) => [type, ...loc].join(' '))).toEqual([
      ...['int_parsing path user_id', 'value_error body email', 'string_type body first_name'],
      ...['bool_parsing body is_active', 'bool_type body is_superuser', 'value_error body permissions'],
    ]);
  });

  test.each([
    ['', missing([], null)],
    ['null', noModel(null)],
    ['[1]', noModel([1])],
    ['"x"', noModel('x')],
    ['12', noModel(12)],
  ])('%j is no object', async (body, detail) => {
    for (const [method, path] of [
      ['POST', '/users'],
      ['PATCH', '/users/1'],
    ] as const) {
      await expectAnswer(method, path, { body }, 422, JSON.stringify({ detail: [detail] }));
    }
  });
});

describe('text that is no JSON', () => {
  test.each([
    ['{', 1, 'Expecting property name enclosed in double quotes'],
    ['{"email": "Ада', 10, 'Unterminated string starting at'],
    ['{"email": ]', 10, 'Expecting value'],
    ['{"a": 1 "b"', 8, "Expecting ',' delimiter"],
    ['{} {}', 3, 'Extra data'],
  ])('%s is refused before anybody asks for a credential', async (body, position, error) => {
    const text = `{"detail":[{"type":"json_invalid","loc":["body",${position}],"msg":"JSON decode error","input":{},"ctx":{"error":${JSON.stringify(error)}}}]}`;
    for (const authorization of [null, `Bearer ${callbox.token}`]) {
      await expectAnswer('POST', '/users', { body, authorization }, 422, text);
      await expectAnswer('PATCH', '/users/x', { body, authorization }, 422, text);
    }
  });

  test.each([
    ['bytes that are no UTF-8', Uint8Array.of(0x7b, 0xff, 0x7d)],
    ['too many levels', `{"a":${'['.repeat(500)}${']'.repeat(500)}}`],
    ['too many keys', `{${Array.from({ length: 2_000 }, (_, at) => `"k${at}":1`).join(',')}}`],
    ['a number that is none', '{"email":"a@example.kz","x":NaN}'],
    ['a text too long behind what is passed over', `{"__proto__":1,"n":1,"n":2,"x":"${'x'.repeat(65_537)}"}`],
  ])('%s are refused as a whole', async (_what, body) => {
    await expectAnswer('POST', '/users', { body }, 400, '{"detail":"There was an error parsing the body"}');
  });

  test('is refused when it is too large', async () => {
    const body = `{"email":"${'x'.repeat(defaultLimits.bodyBytes)}"}`;
    await expectAnswer('POST', '/users', { body }, 413, '{"detail":"Request body is too large"}');
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp', 'x'])(
    'is text where it calls itself %s, and so wrong for who has a credential',
    async (type) => {
      const options = { body: '{"email": "Ада', headers: { 'Content-Type': type } };
      const text = JSON.stringify({ detail: [noModel('{"email": "Ада')] });
      await expectAnswer('POST', '/users', options, 422, text);
      await expectAnswer('POST', '/users', { ...options, authorization: null }, 401, '{"detail":"Not authenticated"}');
    },
  );
});

test.each(['', 'application/json; charset=utf-8', 'application/vnd.x+json', 'APPLICATION/JSON'])(
  'a body is JSON with the Content-Type %j; of a key that comes twice the last counts, and unknown ones are skipped',
  async (type) => {
    const body = Buffer.from('\uFEFF{"first_name":1,"email":"x","__proto__":{"email":1},"n":1e999,"first_name":"y"}');
    const detail = [noEmail('x', noAt)];
    await expectAnswer('POST', '/users', { body, headers: { 'Content-Type': type } }, 422, JSON.stringify({ detail }));
  },
);

test.each(['a\\u0000b', '\\ud800'])('text that cannot be kept is refused: %s', async (escaped) => {
  const { status, body } = await callbox.ask('POST', '/users', {
    body: `{"email":"a@example.kz","last_name":"${escaped}"}`,
  });
  expect(status).toBe(422);
  expect(body.detail).toMatchObject([{ type: 'string_unicode', loc: ['body', 'last_name'] }]);
});

test('what only the roll refuses is put down to the field that shows the attribute', () => {
  const { status, body } = dialect.writeFault(
    new Fault('invalid_value', 'name.givenName is too long', { attribute: 'name.givenName' }),
    { id: 'x', publicUrl: '', header: () => undefined },
  );
  const detail = [entry('value_error', ['first_name'], 'Value error, name.givenName is too long', null, { error: {} })];
  expect([status, body]).toEqual([422, JSON.stringify({ detail })]);
});

test('who sends too many requests hears when to come back', async () => {
  const slow = await callbox.muster.connect({ dialect: 'callbox', ratePerSecond: 1 });
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => callbox.ask('GET', '/users/permissions/list', { authorization: `Bearer ${slow}` })),
  );
  const refused = answers.find(({ status }) => status === 429);
  expect(refused?.text).toBe('{"detail":"Too many requests"}');
  expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);
});
