import * as v from 'valibot';
import { expect } from 'vitest';
import { problem } from '#admin/problem.ts';
import type { AdminRoute } from '#admin/route.ts';
import { adminRoutes } from '#admin/routes.ts';
import { type Answer, type ConnectionOptions, type Muster, request, startMuster } from '#test/support/muster.ts';
import { clientOf as scimClientOf } from '../dialects/scim/scim-client.ts';
import { muster as musterUser } from '../dialects/scim/urns.ts';

/** Sends requests below `/admin/v1` with one token; every answer is checked against what the route promises. */
export interface AdminClient {
  readonly token: string | undefined;
  readonly get: (path: string) => Promise<Answer>;
  readonly post: (path: string, body?: unknown) => Promise<Answer>;
  readonly patch: (path: string, body: unknown) => Promise<Answer>;
  readonly put: (path: string, body: unknown) => Promise<Answer>;
  readonly delete: (path: string) => Promise<Answer>;
  readonly send: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>;
}

/** A server with two tenants, and clients of its own API. */
export interface Admin {
  readonly muster: Muster;
  /** May administer every tenant. */
  readonly operator: AdminClient;
  /** May administer the tenant `default`. */
  readonly admin: AdminClient;
  /** May administer the tenant `other`. */
  readonly stranger: AdminClient;
  /** Has a token of our own API, and neither reads nor administers. */
  readonly poor: AdminClient;
  readonly nobody: AdminClient;
  readonly connect: (options?: ConnectionOptions) => Promise<AdminClient>;
  /** Makes a person with a password, and gives the id. */
  readonly makePerson: (person: { name: string; password: string; superuser?: boolean }) => Promise<string>;
  /** Signs somebody in. */
  readonly signIn: (who: { name: string; password: string }) => Promise<AdminClient>;
  readonly stop: () => Promise<void>;
}

/** Starts a server on a fresh database. */
export async function startAdmin(options: Parameters<typeof startMuster>[0] = {}): Promise<Admin> {
  const muster = await startMuster(options);
  const connect = async (options: ConnectionOptions = {}) =>
    clientOf(muster, await muster.connect({ dialect: 'admin', ...options }));
  const operator = await connect({ rights: ['read', 'write', 'passwords', 'superuser', 'admin', 'operator'] });
  expect((await operator.post('/tenants', { name: 'other' })).status).toBe(201);
  const scim = scimClientOf(muster, await muster.connect({ rights: ['read', 'write', 'superuser'] }));
  return {
    muster,
    connect,
    operator,
    admin: await connect({ name: 'admins', rights: ['read', 'write', 'passwords', 'admin'] }),
    stranger: await connect({ tenant: 'other', rights: ['read', 'write', 'passwords', 'superuser', 'admin'] }),
    poor: await connect({ rights: ['org_units'] }),
    nobody: clientOf(muster, undefined),
    makePerson: async ({ name, password, superuser = false }) => {
      const { id } = await scim.makeUser({ userName: name, ...(superuser && { [musterUser]: { superuser } }) });
      expect((await operator.put(`/users/${id}/password`, { password })).status).toBe(200);
      return id;
    },
    signIn: async ({ name, password }) => {
      const { body } = await clientOf(muster, undefined).post('/sessions', { name, password });
      return clientOf(muster, body.token);
    },
    stop: () => muster.stop(),
  };
}

/** A client with a token, or with none. */
export function clientOf(muster: Muster, token: string | undefined): AdminClient {
  const send = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const type = body === undefined ? {} : { 'Content-Type': 'application/json' };
    const url = `${muster.server.url}/admin/v1${path}`;
    const answer = await request(url, token, method, body, { ...type, ...headers });
    expectPromised(method, path, answer);
    return answer;
  };
  return {
    token,
    send,
    get: (path) => send('GET', path),
    post: (path, body) => send('POST', path, body),
    patch: (path, body) => send('PATCH', path, body),
    put: (path, body) => send('PUT', path, body),
    delete: (path) => send('DELETE', path),
  };
}

/** The route that a request reaches. */
function routeOf(method: string, path: string): AdminRoute | undefined {
  const [plain = ''] = path.split('?');
  return adminRoutes.find(
    (route) => route.method === method && new RegExp(`^${route.path.replaceAll(/:\w+/g, '[^/]+')}$`).test(plain),
  );
}

function expectPromised(method: string, path: string, answer: Answer): void {
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  if (answer.status >= 400) expectProblem(answer);
  else expectAnswer(routeOf(method, path), answer);
}

function expectAnswer(route: AdminRoute | undefined, answer: Answer): void {
  expect(answer.status, route?.operationId).toBe(route?.status);
  if (route?.answer === undefined) expect(answer.body).toBe('');
  else expect(v.safeParse(route.answer, answer.body).issues?.map(wordsOf)).toBeUndefined();
}

function expectProblem({ status, headers, body }: Answer): void {
  expect(headers.get('content-type')).toBe('application/problem+json');
  expect(v.safeParse(problem, body).issues?.map(wordsOf)).toBeUndefined();
  expect([body.status, body.instance]).toEqual([status, headers.get('x-request-id')]);
}

function wordsOf(issue: v.BaseIssue<unknown>): string {
  return `${v.getDotPath(issue)}: ${issue.message}`;
}
