import { expect } from 'vitest';
import type { Dialect } from '#dialects/dialect.ts';
import { formProblems } from './fault-laws.ts';
import type { LawAnswer, LawServer } from './law-server.ts';
import { malformedRequests, type OddRequest } from './malformed-requests.ts';
import { type LawRoute, pathOf, routesOf } from './routes-of.ts';

/** A person who is there, by the key that every dialect of whole numbers knows. */
const someone = '1';
const json = 'application/json';
const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** Requests that are wrong in one way, and the statuses with which a dialect may say so. */
interface WrongRequests {
  readonly statuses: readonly number[];
  readonly make: (dialect: Dialect, oversize: string) => readonly OddRequest[];
}

/** Every dialect refuses these in a form of its own, by what is wrong with them. */
export const wrongRequests: Readonly<Record<string, WrongRequests>> = {
  'an unknown path': {
    statuses: [404],
    make: ({ prefixes, people }) => [
      { method: 'GET', path: `${prefixes[0]}/there/is/nothing/here` },
      { method: 'GET', path: `${prefixes[0]}${people}/${someone}/nothing/here` },
    ],
  },
  'a method that a path does not have': {
    statuses: [404, 405],
    make: (dialect) =>
      routesOf(dialect)
        .flatMap((route) => methods.map((method) => ({ ...route, method })))
        .filter(
          ({ path, method }) => !routesOf(dialect).some((other) => other.path === path && other.method === method),
        )
        .filter((route) => !routesOf(dialect).some((other) => other.path !== route.path && meets(other, route)))
        .map((route) => ({ method: route.method, path: pathOf(dialect, route as LawRoute, someone) })),
  },
  'a body that is too large': {
    statuses: [413],
    make: (dialect, body) => withBody(dialect).map(({ method, path }) => ({ method, path, body, contentType: json })),
  },
  'a body that is broken': {
    statuses: [400, 422],
    make: (dialect) =>
      withBody(dialect).map(({ method, path }) => ({
        method,
        path,
        body: '{"email": "a@b.example',
        contentType: json,
      })),
  },
};

/** Whether another route answers the paths of this one too. */
function meets(other: LawRoute, route: { readonly path: string; readonly method: string }): boolean {
  const pattern = other.path.replaceAll(/:[a-zA-Z_]+(\{[^}]*\})?/g, '[^/]+');
  return other.method === route.method && new RegExp(`^${pattern}$`).test(route.path.replaceAll(/:[^/]+/g, someone));
}

function withBody(dialect: Dialect): readonly { readonly method: string; readonly path: string }[] {
  return routesOf(dialect)
    .filter(({ body, isOpen }) => isOpen !== true && Object.keys(body ?? {}).length > 0)
    .map((route) => ({ method: route.method, path: pathOf(dialect, route, someone) }));
}

/** What is wrong in this way is refused in a form of the dialect. */
export function expectToRefuse(
  server: LawServer,
  dialect: Dialect,
  { statuses, make }: WrongRequests,
  oversize: string,
): Promise<void> {
  return expectRefusals(server, dialect, make(dialect, oversize), statuses, 'connection');
}

/** Who brings no credential, or a wrong one, is refused in a form of the dialect. */
export function expectToRefuseWho(server: LawServer, dialect: Dialect, as: 'nobody' | 'stranger'): Promise<void> {
  return expectRefusals(server, dialect, guardedRequests(dialect), [401], as);
}

async function expectRefusals(
  server: LawServer,
  dialect: Dialect,
  requests: readonly OddRequest[],
  statuses: readonly number[],
  as: 'connection' | 'nobody' | 'stranger',
): Promise<void> {
  expect(requests.length).toBeGreaterThan(0);
  const answers: LawAnswer[] = [];
  for (const request of requests) {
    const answer = await server.ask(dialect, request, as);
    answers.push(answer);
    expect(statuses, described(request, answer)).toContain(answer.status);
    expect(problemsOf(dialect, answer), described(request, answer)).toEqual([]);
  }
  expect(await server.changesOf(answers)).toBe(0);
}

/** A body of another media type is refused in a form of the dialect, or is as if there were none and changes nothing. */
export async function expectNothingOfOtherMediaTypes(server: LawServer, dialect: Dialect): Promise<void> {
  const answers: LawAnswer[] = [];
  for (const { method, path } of withBody(dialect)) {
    const request = { method, path, body: '<user/>', contentType: 'text/xml' };
    const answer = await server.ask(dialect, request);
    answers.push(answer);
    if (answer.status >= 400) expect(problemsOf(dialect, answer), described(request, answer)).toEqual([]);
  }
  expect(await server.changesOf(answers)).toBe(0);
}

/** The requests of every route that needs a credential. */
function guardedRequests(dialect: Dialect): readonly OddRequest[] {
  return routesOf(dialect)
    .filter(({ isOpen }) => isOpen !== true)
    .map((route) => ({ method: route.method, path: pathOf(dialect, route, someone) }));
}

/** A hundred odd requests of a route are answered, or refused in a form of the dialect; what is refused changes nothing. */
export async function expectToBearOddRequests(server: LawServer, dialect: Dialect, route: LawRoute): Promise<void> {
  const requests = malformedRequests(dialect, route, someone);
  expect(requests.length).toBeGreaterThanOrEqual(30);
  const refusals: LawAnswer[] = [];
  for (const request of requests) {
    const answer = await server.ask(dialect, request);
    if (answer.status < 400) continue;
    expect(problemsOf(dialect, answer), described(request, answer)).toEqual([]);
    refusals.push(answer);
  }
  expect(await server.changesOf(refusals)).toBe(0);
}

function problemsOf(dialect: Dialect, { status, contentType, body }: LawAnswer): readonly string[] {
  if (status >= 500) return [`the answer is ${status}`];
  return formProblems(dialect, contentType, body);
}

function described({ method, path, body = '', contentType = '' }: OddRequest, answer: LawAnswer): string {
  const sent = typeof body === 'string' ? body.slice(0, 200) : Buffer.from(body).toString('hex');
  return `${method} ${path.slice(0, 300)} ${contentType} ${sent} -> ${answer.status} ${answer.body.slice(0, 300)}`;
}
