import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Client, type Scim, startScim } from '../dialects/scim/scim-client.ts';
import { sendRaw, statusOf } from '../http/raw-socket.ts';

let scim: Scim;
let client: Client;

beforeAll(async () => {
  scim = await startScim();
  client = scim.lenient;
});
afterAll(() => scim.stop());

/** The answer to a request that says that it was sent to another host, in every way of saying it. */
function askAs(target: string, token?: string): Promise<string> {
  const headers = [
    'Host: evil.example',
    'X-Forwarded-Host: evil.example',
    'Forwarded: host=evil.example;proto=https',
    ...(token === undefined ? [] : [`Authorization: Bearer ${token}`]),
    'Connection: close',
  ];
  return sendRaw(scim.muster.server.port, `GET ${target} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`);
}

test('T-37: no link of an answer has the host that a request names', async () => {
  const { id } = await client.makeUser();
  const own = scim.muster.server.url;
  for (const [target, token, status] of [
    [`/scim/v2/Users/${id}`, client.token, 200],
    [`http://evil.example/scim/v2/Users/${id}`, client.token, 200],
    ['/scim/v2/Users', undefined, 401],
    ['/scim/v2/ServiceProviderConfig', undefined, 200],
    ['/.well-known/oauth-authorization-server', undefined, 200],
    ['/.well-known/oauth-protected-resource/scim/v2', undefined, 200],
  ] as const) {
    const answer = await askAs(target, token);
    expect(statusOf(answer), target).toBe(status);
    expect(answer, target).toContain(own);
    expect(answer, target).not.toContain('evil');
  }
});
