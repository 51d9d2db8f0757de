import { afterAll, beforeAll, expect, test } from 'vitest';
import { waitUntil } from '#test/support/wait-until.ts';
import { type Member, type Metabase, makeSomebody, startMetabase } from '../dialects/metabase/cast.ts';
import { sendRaw, statusOf } from '../http/raw-socket.ts';

let site: Metabase;
let token: string;
let somebody: Member;

beforeAll(async () => {
  site = await startMetabase();
  token = await site.muster.connect();
  somebody = await makeSomebody(site);
});
afterAll(() => site.stop());

/** The answer to a request that says that it was sent to another host, in every way of saying it. */
function askAs(request: string, bearer?: string, body = ''): Promise<string> {
  const headers = [
    'Host: evil.example',
    'X-Forwarded-Host: evil.example',
    'X-Forwarded-Proto: https',
    'Forwarded: host=evil.example;proto=https',
    ...(bearer === undefined ? [] : [`Authorization: Bearer ${bearer}`]),
    ...(body === '' ? [] : ['Content-Type: application/json', `Content-Length: ${body.length}`]),
    'Connection: close',
  ];
  return sendRaw(site.muster.server.port, `${request} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n${body}`);
}

test('T-37: no link of an answer has the host that a request names', async () => {
  const { id } = somebody;
  const own = site.muster.server.url;
  for (const [target, bearer, status] of [
    [`/scim/v2/Users/${id}`, token, 200],
    [`http://evil.example/scim/v2/Users/${id}`, token, 200],
    ['/scim/v2/Users', undefined, 401],
    ['/scim/v2/ServiceProviderConfig', undefined, 200],
    ['/.well-known/oauth-authorization-server', undefined, 200],
    ['/.well-known/oauth-protected-resource/scim/v2', undefined, 200],
    ['/api/session/properties', undefined, 200],
    ['/openapi/metabase.json', undefined, 200],
    ['/openapi/callbox.json', undefined, 200],
  ] as const) {
    const answer = await askAs(`GET ${target}`, bearer);
    expect(statusOf(answer), target).toBe(status);
    expect(answer, target).toContain(own);
    expect(answer, target).not.toContain('evil');
  }
});

test('T-37: the link of a reset leads to the address of the server, whatever host it was asked for', async () => {
  for (const target of ['', 'http://evil.example']) {
    const before = site.mails.length;
    const body = JSON.stringify({ email: somebody.email });
    expect(statusOf(await askAs(`POST ${target}/api/session/forgot_password`, undefined, body))).toBe(204);
    await waitUntil(() => site.mails.length > before, 'a mail');
    const { text = '' } = site.mails.at(-1) ?? {};
    expect(text).toContain(`${site.muster.server.url}/auth/reset_password/`);
    expect(text).not.toContain('evil');
  }
});
