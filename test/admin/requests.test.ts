import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { admin as api } from '#admin/admin.ts';
import { adminErrors, writeMalformed } from '#admin/errors.ts';
import { adminRoutes } from '#admin/routes.ts';
import { buildApp } from '#app.ts';
import { sendRaw, statusOf } from '../http/raw-socket.ts';
import { type Admin, startAdmin } from './admin-client.ts';

let admin: Admin;
beforeAll(async () => {
  admin = await startAdmin();
});
afterAll(() => admin.stop());

describe('S-26: what a browser sends along on its own', () => {
  test.each(['session', 'token', 'metabase.SESSION'])('the cookie %s opens nothing', async (name) => {
    const answer = await admin.nobody.send('GET', '/connections', undefined, {
      Cookie: `${name}=${admin.admin.token}`,
    });
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="admin"']);
  });

  test.each(['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'text/plain'])(
    'a body of the type %s changes nothing, also with a good token',
    async (type) => {
      const body = type.startsWith('text') ? '{"name":"forged"}' : 'name=forged';
      const answer = await admin.operator.send('POST', '/tenants', body, { 'Content-Type': type });
      expect([answer.status, answer.body.type]).toEqual([415, 'urn:muster:fault:unsupported_media_type']);
      const { body: tenants } = await admin.operator.get('/tenants');
      expect(tenants.items.map(({ name }: { name: string }) => name)).toEqual(['default', 'other']);
    },
  );

  test('no other origin is let in, and no answer sets a cookie', async () => {
    const headers = { Origin: 'https://evil.example', 'Access-Control-Request-Method': 'POST' };
    for (const answer of [
      await admin.nobody.send('OPTIONS', '/connections', undefined, headers),
      await admin.admin.send('GET', '/connections', undefined, headers),
    ]) {
      const names = [...answer.headers.keys()].filter((name) => /^access-control-|^set-cookie$/.test(name));
      expect(names).toEqual([]);
    }
  });
});

describe('requests that are none', () => {
  test.each([...new Set(adminRoutes.map(({ path }) => path))])(
    'other methods of %s are 405 with those it has',
    async (path) => {
      const methods = adminRoutes.filter((route) => route.path === path).map(({ method }) => method as string);
      const other = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'QUERY'].filter((method) => !methods.includes(method));
      for (const method of other) {
        const answer = await admin.admin.send(method, path.replaceAll(/:\w+/g, 'x'));
        expect([method, answer.status]).toEqual([method, 405]);
        expect(answer.headers.get('allow')).toBe(methods.join(', ').replace('GET', 'GET, HEAD'));
      }
    },
  );

  test('HEAD is GET without a body', async () => {
    const url = `${admin.muster.server.url}/admin/v1/tenants`;
    const answer = await fetch(url, { method: 'HEAD', headers: { Authorization: `Bearer ${admin.admin.token}` } });
    expect([answer.status, await answer.text()]).toEqual([200, '']);
  });

  test('a body that is no JSON, no object, or too large is refused in the same words', async () => {
    const send = async (body: string) => (await admin.operator.send('POST', '/tenants', body)).body.type;
    expect(await send('{"name":')).toBe('urn:muster:fault:invalid_syntax');
    expect(await send('["x"]')).toBe('urn:muster:fault:invalid_syntax');
    expect(await send('{"name":"a","name":"b"}')).toBe('urn:muster:fault:invalid_syntax');
    expect(await send(`{"name":"${'x'.repeat(1_048_576)}"}`)).toBe('urn:muster:fault:too_large');
  });

  test('everything that is wrong is named at once, and nothing that was sent is repeated', async () => {
    const { body } = await admin.admin.post('/connections', { dialect: 'fax', rights: 'all', colour: 'sent' });
    expect(body.errors).toEqual([
      { name: 'name', detail: 'is missing' },
      { name: 'dialect', detail: expect.stringMatching(/^must be one of scim, /) },
      { name: 'rights', detail: 'must be a list' },
      { name: 'colour', detail: expect.stringMatching(/^is unknown; known are name, dialect, /) },
    ]);
    expect(JSON.stringify(body)).not.toMatch(/fax|all"|sent/);
  });

  test('a parameter that comes twice, and a path that is no UTF-8, are refused', async () => {
    expect((await admin.admin.get('/users?userName=a&userName=b')).status).toBe(400);
    const { port } = admin.muster.server;
    const headers = `Host: x\r\nAuthorization: Bearer ${admin.admin.token}\r\nConnection: close\r\n`;
    const answer = await sendRaw(port, `GET /admin/v1/users/%ff HTTP/1.1\r\n${headers}\r\n`);
    expect(statusOf(answer)).toBe(400);
    expect(answer).toContain('application/problem+json');
  });

  test('what never became a request is answered in the same words', async () => {
    const answer = await sendRaw(
      admin.muster.server.port,
      `GET /admin/v1/users HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
    );
    expect(statusOf(answer)).toBe(431);
    expect(answer).toContain('application/problem+json');
    expect(JSON.parse(writeMalformed(431, 'too long'))).toEqual({
      type: 'about:blank',
      title: 'Request Header Fields Too Large',
      status: 431,
      detail: 'too long',
    });
  });
});

test('the router has the routes of the table, and no other', () => {
  const prefix = api.prefixes[0] ?? '';
  const log = pino({ level: 'silent' });
  const ready = () => Promise.resolve(true as const);
  const app = buildApp({ db: admin.muster.db, log, noteUse: () => undefined, publicUrl: 'http://x', ready });
  const routed = app.routes.filter(({ method, path }) => path.startsWith(`${prefix}/`) && method !== 'ALL');
  const nameOf = ({ method, path }: { method: string; path: string }) => `${method} ${path.replace(prefix, '')}`;
  expect(new Set(routed.map(nameOf))).toEqual(new Set(adminRoutes.map(nameOf)));
});

test('every fault has a title of its own', () => {
  const titles = Object.values(adminErrors).map(({ title }) => title);
  expect(new Set(titles).size).toBe(titles.length);
});

describe('the OpenAPI document', () => {
  test('has every route, and no other', async () => {
    const { body } = await admin.poor.get('/openapi.json');
    const described = Object.entries(body.paths as Record<string, Record<string, { operationId: string }>>).flatMap(
      ([path, methods]) =>
        Object.entries(methods).map(([method, { operationId }]) => `${method} ${path} ${operationId}`),
    );
    const routed = adminRoutes.map(
      ({ method, path, operationId }) => `${method.toLowerCase()} ${path.replaceAll(/:(\w+)/g, '{$1}')} ${operationId}`,
    );
    expect(described.sort()).toEqual(routed.sort());
  });

  test('describes each operation whole', async () => {
    const { body } = await admin.poor.get('/openapi.json');
    expect([body.openapi, body.servers]).toEqual(['3.1.0', [{ url: `${admin.muster.server.url}/admin/v1` }]]);
    for (const route of adminRoutes) {
      const { parameters, requestBody, responses, security, summary } =
        body.paths[route.path.replaceAll(/:(\w+)/g, '{$1}')][route.method.toLowerCase()];
      const names = [
        ...Object.keys(route.query.entries),
        ...[...route.path.matchAll(/:(\w+)/g)].map(([, name]) => name),
      ];
      expect(parameters.map(({ name }: { name: string }) => name).sort()).toEqual(names.sort());
      expect(Object.keys(requestBody?.content['application/json'].schema.properties ?? {})).toEqual(
        Object.keys(route.body?.entries ?? {}),
      );
      expect(Object.keys(responses)).toEqual([String(route.status), 'default']);
      expect(responses.default).toEqual({ $ref: '#/components/responses/Problem' });
      expect(responses[route.status].content !== undefined).toBe(route.answer !== undefined);
      expect(security).toEqual(route.isOpen ? [] : undefined);
      expect(summary).toMatch(/^[A-Z].*[^.]$/);
    }
  });
});
