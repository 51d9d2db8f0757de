import { Agent, request } from 'node:http';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildApp } from '#app.ts';
import { defaultLimits } from '#http/limits.ts';
import { withoutMark } from '#http/routed-path.ts';
import { type RunningServer, startServer } from '#http/server.ts';
import { type Client, nobody, type Scim, startScim } from '../dialects/scim/scim-client.ts';
import { sendRaw, statusOf } from '../http/raw-socket.ts';
import { described, filled, isClosed, type Route } from './routes-of-dialects.ts';

let scim: Scim;
let client: Client;
let user: string;

beforeAll(async () => {
  scim = await startScim();
  client = scim.lenient;
  user = (await client.makeUser()).id;
});
afterAll(() => scim.stop());

/** The methods by which a route that takes all of them is tried. */
const anyMethod = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'QUERY', 'PROPFIND'];

type App = ReturnType<typeof buildApp>;

function makeApp(): App {
  const log = pino({ level: 'silent' });
  return buildApp({
    db: scim.muster.db,
    log,
    noteUse: () => undefined,
    publicUrl: 'http://x',
    ready: () => Promise.resolve(true),
  });
}

/** Every route of an app as requests: parameters filled in, middleware for all paths tried at a path of its own. */
function requestsOf(app: App): Route[] {
  const all = app.routes.flatMap(({ method, path }) =>
    (method === 'ALL' ? anyMethod : [method]).map((one) => ({
      method: one,
      path: filled(withoutMark(path)),
    })),
  );
  return [...new Map(all.map((route) => [`${route.method} ${route.path}`, route])).values()];
}

async function serve(app: App): Promise<RunningServer> {
  const log = pino({ level: 'silent' });
  return startServer({ fetch: app.fetch, host: '127.0.0.1', port: 0, limits: defaultLimits, log });
}

type RawHeaders = readonly string[];

/** Sends a request with headers just as they are, twice the same too, and gives the status. */
function statusFor(
  port: number,
  { method, path }: Route,
  headers: RawHeaders = [],
  agent: Agent | false = false,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request({
      host: '127.0.0.1',
      port,
      method,
      path,
      headers: ['Host', 'x', ...headers] as never,
      agent,
    });
    sent.once('response', (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode ?? 0));
    });
    sent.once('error', reject);
    sent.end();
  });
}

const atOnceMax = 50;

/** The routes of an app that open something to a request with these headers. */
async function openRoutes(app: App, headers: RawHeaders = [], query = ''): Promise<string[]> {
  const server = await serve(app);
  const agent = new Agent({ keepAlive: true });
  const open: string[] = [];
  const routes = requestsOf(app);
  // More at once than a socket lets wait are asked to come again after a second.
  for (let first = 0; first < routes.length; first += atOnceMax) {
    await Promise.all(
      routes.slice(first, first + atOnceMax).map(async ({ method, path }) => {
        const status = await statusFor(server.port, { method, path: path + query }, headers, agent);
        if (!isClosed({ method, path }, status)) open.push(`${method} ${path}`);
      }),
    );
  }
  agent.destroy();
  await server.drain(0);
  return open.filter((route) => !route.startsWith('OPTIONS ')).sort();
}

/** What needs no credential. OPTIONS beside it, which says nothing. */
const openToAll = [
  'GET /.well-known/oauth-authorization-server',
  'GET /.well-known/oauth-protected-resource',
  'GET /.well-known/oauth-protected-resource/api/v1/staff',
  'GET /.well-known/oauth-protected-resource/scim',
  'GET /.well-known/oauth-protected-resource/scim/v2',
  'GET /livez',
  'GET /metrics',
  'GET /openapi/callbox.json',
  'GET /openapi/metabase.json',
  'GET /readyz',
  'GET /scim/ServiceProviderConfig',
  'GET /scim/v2/ServiceProviderConfig',
  'HEAD /scim/ServiceProviderConfig',
  'HEAD /scim/v2/ServiceProviderConfig',
  'POST /admin/v1/password-resets',
  'POST /admin/v1/password-resets/complete',
  'POST /admin/v1/sessions',
  // Without a session there is none to end, and that is what it says.
  'DELETE /api/session',
  'GET /api/health',
  'GET /api/session/password_reset_token_valid',
  'GET /api/session/properties',
  'POST /api/session',
  'POST /api/session/forgot_password',
  'POST /api/session/reset_password',
  'POST /api/setup',
  'POST /api/util/password_check',
];

/**
 * What no route leads to: the outermost path, at which only the log and the health routes look on. And where tokens are
 * given, to which nobody brings one: it tells a wrong method and a wrong body from a wrong client.
 */
const unrouted = ['/somewhere', '/oauth/somewhere', '/oauth/token'].flatMap((path) =>
  anyMethod.filter((method) => method !== 'OPTIONS').map((method) => `${method} ${path}`),
);
const open = [...openToAll, ...unrouted].sort();

describe('S-04: every route of the running server', () => {
  test('is open where its dialect says so, and nowhere else', () => {
    const said = described.filter(([route, isOpen]) => isOpen && !route.startsWith('HEAD ')).map(([route]) => route);
    expect(said.sort()).toEqual(openToAll.filter((route) => route.includes(' /api/')).sort());
  });

  test('is seen: there are as many as there should be', () => {
    const paths = new Set(makeApp().routes.map(({ path }) => withoutMark(path)));
    expect([...paths]).toEqual(expect.arrayContaining(['/scim/v2/Users', '/scim/v2/Groups/:id', '/scim/OrgUnits/:id']));
    expect(requestsOf(makeApp()).length).toBeGreaterThan(100);
  });

  const credentials: readonly (readonly [string, () => RawHeaders])[] = [
    ['no token', () => []],
    ['an empty header', () => ['Authorization', '']],
    ['"Bearer"', () => ['Authorization', 'Bearer']],
    ['"Bearer "', () => ['Authorization', 'Bearer ']],
    ['"bearer null"', () => ['Authorization', 'bearer null']],
    ['"Bearer undefined"', () => ['Authorization', 'Bearer undefined']],
    ['a token that nobody has', () => ['Authorization', `Bearer mst_${'0'.repeat(38)}`]],
    ['the token as a password', () => ['Authorization', `Basic ${Buffer.from(`:${client.token}`).toString('base64')}`]],
    ['the token twice in one header', () => ['Authorization', `Bearer ${client.token}, Bearer ${client.token}`]],
    ['the token in a cookie', () => ['Cookie', `token=${client.token}; session=${client.token}`]],
    ['the token in other headers', () => ['X-Api-Key', client.token, 'X-Metabase-Session', client.token]],
    ['the token in the query', () => []],
  ];
  test.each(credentials)('is closed to a request with %s', async (what, headers) => {
    const query = what.endsWith('query') ? `?access_token=${client.token}&token=${client.token}` : '';
    const found = await openRoutes(makeApp(), headers(), query);
    expect(found.filter((route) => !unrouted.includes(route) && !openToAll.includes(route))).toEqual([]);
    expect(found).toEqual(expect.arrayContaining(['GET /livez', 'GET /metrics', 'GET /readyz']));
  });

  test('is closed to two Authorization headers, also when both are good', async () => {
    const twice = ['Authorization', `Bearer ${client.token}`, 'Authorization', `Bearer ${client.token}`];
    for (const { method, path } of requestsOf(makeApp()).filter(({ path }) => path.startsWith('/scim/v2/Users'))) {
      const headers = `Host: x\r\n${twice[0]}: ${twice[1]}\r\n${twice[2]}: ${twice[3]}\r\nConnection: close\r\n`;
      const answer = await sendRaw(scim.muster.server.port, `${method} ${path} HTTP/1.1\r\n${headers}\r\n`);
      expect(statusOf(answer), `${method} ${path}`).toBe(401);
    }
  });

  test('would be found by these tests if it had no guard', async () => {
    const app = makeApp();
    app.get('/leak', (context) => context.text('everything'));
    app.put('/leak/:id', (context) => context.text('everything'));
    expect(await openRoutes(app)).toEqual([...open, 'GET /leak', `PUT /leak/${nobody}`].sort());
  });

  test('that is added below SCIM after the others is behind the guard', async () => {
    const app = makeApp();
    app.get('/scim/v2/Leak', (context) => context.text('everything'));
    expect(await openRoutes(app)).toEqual(open);
  });
});

describe('S-05: odd forms of a path or a method give nobody more than the plain form', () => {
  const forms = [
    '/scim/v2/Users',
    '/scim/v2/users',
    '/SCIM/V2/USERS',
    '/scim/v2/%55sers',
    '/scim/v2/%2555sers',
    '/scim/v2//Users',
    '//scim/v2/Users',
    '/scim//v2/Users',
    '/scim/v2/./Users',
    '/scim/v2/Groups/../Users',
    '/scim/v2/ServiceProviderConfig/../Users',
    '/scim/v2/ServiceProviderConfig/%2e%2e/Users',
    '/scim/v2/ServiceProviderConfig%2f..%2fUsers',
    '/scim/v2/ServiceProviderConfig/Users',
    '/scim/v2/ServiceProviderConfig;/Users',
    '/scim/v2/ServiceProviderConfig;x=1',
    '/scim/v2/ServiceProviderConfig%00',
    '/livez/../scim/v2/Users',
    '/livez;/scim/v2/Users',
    '/scim/v2/Users;x=1',
    '/scim/v2/Users/',
    '/scim/v2/Users?ServiceProviderConfig',
    '/scim/v2/Users#/ServiceProviderConfig',
    '/scim/v2/Users%3F',
    '/scim/v2\\Users',
    '/scim%2fv2%2fUsers',
    '/scim/v2/Users/USER',
    '/scim/v2/Users/USER%20',
    '/scim/v2/Users/USER.json',
    '/scim/Users',
    'http://evil.example/scim/v2/Users',
    'http://evil.example/scim/v2/ServiceProviderConfig/../Users/USER',
  ];
  test.each(forms)('%s', async (form) => {
    const path = form.replace('USER', user);
    for (const method of ['GET', 'HEAD', 'DELETE', 'PATCH', 'QUERY']) {
      const answer = await sendRaw(
        scim.muster.server.port,
        `${method} ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
      );
      expect([400, 401, 404, 405], `${method} ${path}`).toContain(statusOf(answer));
      expect(answer).not.toContain(user);
    }
    expect((await client.get(`/Users/${user}`)).status).toBe(200);
  });

  test.each(['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override'])('%s is ignored', async (header) => {
    const reader = await scim.connect({ rights: ['read'] });
    const sent = { [header]: 'DELETE' };
    expect((await reader.get(`/Users/${user}`, sent)).status).toBe(200);
    expect((await client.post('/Users', { userName: 'overridden' }, sent)).status).toBeLessThan(500);
    expect((await client.get(`/Users/${user}?_method=DELETE`)).status).toBe(200);
  });

  test.each(['X-Original-URL', 'X-Rewrite-URL', 'X-Forwarded-Prefix', 'X-Forwarded-Host'])(
    '%s is ignored',
    async (header) => {
      const { body } = await client.get(`/Users/${user}`, { [header]: '/scim/v2/ServiceProviderConfig' });
      expect(body.meta.location).toBe(`${scim.muster.server.url}/scim/v2/Users/${user}`);
      const port = scim.muster.server.port;
      expect(
        await statusFor(port, { method: 'GET', path: '/scim/v2/Users' }, [header, '/scim/v2/ServiceProviderConfig']),
      ).toBe(401);
    },
  );

  test.each(['TRACE', 'CONNECT', 'PROPFIND', 'LINK', 'PURGE'])('%s gives nothing', async (method) => {
    const headers = `Host: x\r\nAuthorization: Bearer ${client.token}\r\nConnection: close\r\n`;
    const answer = await sendRaw(
      scim.muster.server.port,
      `${method} /scim/v2/Users/${user} HTTP/1.1\r\n${headers}\r\n`,
    );
    expect(answer).not.toContain(user);
    expect(answer).not.toContain(client.token);
    expect(method === 'CONNECT' ? [0, 405].includes(statusOf(answer) || 0) : statusOf(answer) === 405).toBe(true);
  });
});
