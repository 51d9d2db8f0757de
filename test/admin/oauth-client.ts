import { expect } from 'vitest';
import { type IssuedSecret, issueSecret } from '#operations/issue-secret.ts';
import type { ConnectionOptions, Muster } from '#test/support/muster.ts';

/** An answer of the token endpoint. */
export interface TokenAnswer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: answers and errors have different members
  readonly body: any;
}

/** The form that every request for an access token has. */
export const grant = { grant_type: 'client_credentials' };

/** Makes a connection and a secret of it. */
export async function newClient(muster: Muster, name: string, options: ConnectionOptions = {}): Promise<IssuedSecret> {
  await muster.connect({ name, ...options });
  return issueSecret(await muster.admin(), muster.db, name, 365);
}

/** Sends a form to the token endpoint. */
export async function askToken(
  muster: Muster,
  form: Readonly<Record<string, string>> | string,
  headers: Readonly<Record<string, string>> = {},
): Promise<TokenAnswer> {
  const answer = await fetch(`${muster.server.url}/oauth/token`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
    body: typeof form === 'string' ? form : new URLSearchParams(form).toString(),
  });
  return { status: answer.status, headers: answer.headers, body: await answer.json() };
}

/** Expects an error in OAuth's words: RFC 6749 section 5.2. */
export function expectError(answer: TokenAnswer, status: number, error: string): void {
  expect([answer.status, answer.body.error], JSON.stringify(answer.body)).toEqual([status, error]);
  expect(answer.body.error_description).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/);
  expect(answer.headers.get('cache-control')).toBe('no-store');
}
