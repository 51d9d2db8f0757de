import type { Dialect } from '#dialects/dialect.ts';
import { type LawRoute, pathOf } from './routes-of.ts';

/** A request that no honest client sends, or one that looks like it. */
export interface OddRequest {
  readonly method: string;
  readonly path: string;
  readonly body?: string | Uint8Array;
  readonly contentType?: string;
}

const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;

const oddIds = [
  ...['0', '-1', '+1', '1.5', '1e3', '0x10', '007', 'abc', 'NaN', 'null', 'undefined', '1,2', '*', '~', "'", '"'],
  ...['9'.repeat(30), '9223372036854775808', '2147483648', 'x'.repeat(600), '%25', '_', '%00', '%0A', '%2e%2e', '%2F'],
  ...['%D0%96%D1%83%D0%BA', '%F0%9F%98%80', '%FF', '%ED%A0%80', '%zz', '%', '1%20or%201%3D1', '%3Cscript%3E'],
  ...['5f0000000000000000000000', '01900000-0000-7000-8000-000000000000', '__proto__', 'constructor'],
];

const oddValues = [
  ...['null', '0', '-1', '1.5', '1e400', '123456789012345678901234567890', 'true', 'false', '""', '"   "', '"x"'],
  ...['"\\u0000"', '"\\ud800"', '"%"', '"_"', '"Жук"', '"\\u202e"', '"<script>"', '"\'; drop table app_user; --"'],
  ...['[]', '{}', '[[]]', '[null]', '[1,"a",null]', '{"a":{"b":[]}}', '{"length":1}', '{"toString":1}', '[{"id":{}}]'],
  ...[
    '[{"id":1},{"id":1}]',
    '[{"id":"x"}]',
    '{"$ne":1}',
    nested(20),
    `"${'x'.repeat(5_000)}"`,
    '"a@b"',
    '"@"',
    '[true]',
  ],
];

const oddBodies: readonly (string | Uint8Array)[] = [
  ...['', ' ', '{', '}', '[', '[]', '[1,2', 'null', 'true', '1', '"x"', '{}', '{"a":1,"a":2}', '{"__proto__":{"x":1}}'],
  ...['{"a":}', "{'a':1}", '{"a":1}}', '{"a":1,}', '{a:1}', '// x', '<xml/>', 'a=b&c=d', '\uFEFF{}', '{"":""}'],
  ...[
    'NaN',
    '{"a":NaN}',
    '{"a":01}',
    '{"a":"\t"}',
    '{"a":"\\x"}',
    '{"a":"\u0000"}',
    nested(5_000),
    `{"a":${nested(2_000)}}`,
  ],
  ...[Uint8Array.of(0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d), Uint8Array.of(0xff, 0xd8, 0xff), Uint8Array.of(0)],
  `{${Array.from({ length: 3_000 }, (_, at) => `"k${at}":1`).join(',')}}`,
];

const oddTypes = [
  ...['text/plain', 'text/xml', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'x'],
  ...['application/json; charset=utf-16', 'application/json;charset=latin1', 'application/octet-stream'],
];

const oddQueryValues = [
  ...['', 'abc', '%25', '_', '%25_', '%D0%96', '-1', '0', '1.5', '9'.repeat(30), '1e9', '%00', '%FF', '%zz', '%5B%5D'],
  ...['%7B%7D', 'true', 'maybe', 'null', '%F0%9F%98%80', '%5C', '%27', '%22', '1%2C2', 'x'.repeat(4_000), '%ED%A0%80'],
];

/** A hundred odd requests for a route, always the same ones: as many of each sort as there are, in turn. */
export function malformedRequests(dialect: Dialect, route: LawRoute, known: string): readonly OddRequest[] {
  const { method } = route;
  // A route that takes no body may do its work whatever body comes, so there it is about nobody.
  const path = pathOf(dialect, route, route.body === undefined ? '99999999' : known);
  const names = Object.keys(route.body ?? {});
  const whole = (name: string, value: string) =>
    `{${names.map((each) => `${JSON.stringify(each)}:${each === name ? value : '"x"'}`)}}`;
  const hasParameter = route.path.includes(':');
  const sorts: readonly (readonly OddRequest[])[] = [
    hasParameter ? oddIds.map((id) => ({ method, path: pathOf(dialect, route, id) })) : [],
    Object.keys(route.query ?? { any: 1 }).flatMap((name) =>
      oddQueryValues.flatMap((value) => [
        { method, path: `${path}?${name}=${value}` },
        { method, path: `${path}?${name}=${value}&${name}=${value}&${name}[]=1` },
      ]),
    ),
    ...(method === 'GET'
      ? []
      : [
          oddBodies.map((body) => ({ method, path, body, contentType: 'application/json' })),
          names.flatMap((name) =>
            oddValues.flatMap((value) => [
              { method, path, body: `{${JSON.stringify(name)}:${value}}`, contentType: 'application/json' },
              { method, path, body: whole(name, value), contentType: 'application/json' },
            ]),
          ),
          oddTypes.map((contentType) => ({ method, path, body: '{"email":"x@example.org"}', contentType })),
        ]),
  ];
  return inTurn(sorts.map(shuffled)).slice(0, 100);
}

/** One of each in turn, until all are used up. */
function inTurn<T>(lists: readonly (readonly T[])[]): T[] {
  const longest = Math.max(...lists.map(({ length }) => length));
  return Array.from({ length: longest }, (_, at) => lists.flatMap((list) => list.slice(at, at + 1))).flat();
}

/** The same order at every run, in which neighbours are not alike. */
function shuffled<T>(list: readonly T[]): readonly T[] {
  return list
    .map((item, at) => [item, (at * 7_919) % 1_009] as const)
    .sort(([, a], [, b]) => a - b)
    .map(([item]) => item);
}
