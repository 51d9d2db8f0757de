import { afterAll, beforeAll, describe, test } from 'vitest';
import { dialects } from '#dialects/index.ts';
import { defaultLimits } from '#http/limits.ts';
import { type LawServer, startLawServer } from './law-server.ts';
import {
  expectNothingOfOtherMediaTypes,
  expectToBearOddRequests,
  expectToRefuse,
  expectToRefuseWho,
  wrongRequests,
} from './request-laws.ts';
import { routesOf } from './routes-of.ts';

const oversize = `{"email":"${'x'.repeat(defaultLimits.bodyBytes)}"}`;

let server: LawServer;

beforeAll(async () => {
  server = await startLawServer(dialects);
});
afterAll(() => server.stop());

describe.each(dialects.map((dialect) => [dialect.name, dialect] as const))('%s', (_name, dialect) => {
  test.each(Object.entries(wrongRequests))('refuses %s in its own form', (_what, wrong) =>
    expectToRefuse(server, dialect, wrong, oversize),
  );

  test('takes nothing from a body of another media type', () => expectNothingOfOtherMediaTypes(server, dialect));
  test('refuses who brings no credential', () => expectToRefuseWho(server, dialect, 'nobody'));
  test('refuses a wrong credential', () => expectToRefuseWho(server, dialect, 'stranger'));

  test.each(routesOf(dialect).map((route) => [`${route.method} ${route.path}`, route] as const))(
    'bears a hundred odd requests: %s',
    async (_route, route) => expectToBearOddRequests(server, dialect, route),
  );
});
