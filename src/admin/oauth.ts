import { Hono } from 'hono';
import type { AuthenticateClient } from '#access/authenticate-client.ts';
import { assertionAlgorithms } from '#access/client-key.ts';
import type { DialectApp } from '#dialects/dialect.ts';
import { openDialectApp } from '#dialects/dialect-app.ts';
import { dialects } from '#dialects/index.ts';
import { Fault } from '#domain/fault.ts';
import type { RequestVariables } from '#http/observe-requests.ts';
import { resourceMetadataPath } from '#http/resource-metadata.ts';
import type { Operations } from '#operations/operations.ts';
import { writeFault, writeMalformed, writeUnexpected } from './oauth-errors.ts';
import { readTokenRequest } from './oauth-read-request.ts';

const name = 'oauth';
const prefix = '/oauth';
const mediaType = 'application/json';

/** Where OAuth clients find the token endpoint, with which assertions must be made out to it or to the server. */
export const tokenPath = `${prefix}/token`;

/** What the token endpoint needs. */
export interface OauthParts {
  readonly operations: Pick<Operations, 'issueAccessToken'>;
  readonly authenticateClient: AuthenticateClient;
  readonly accessTokenLifetimeSeconds: number;
  /** The absolute URL under which clients reach the server, without a slash at its end. */
  readonly publicUrl: string;
}

/** The token endpoint: RFC 6749 section 4.4. */
export const oauth = { name, prefixes: [prefix], slashes: 'merge', mediaType, build, writeMalformed } as const;

function build({ operations, authenticateClient, accessTokenLifetimeSeconds, publicUrl }: OauthParts): DialectApp {
  const headers = { 'Cache-Control': 'no-store', Pragma: 'no-cache' };
  const app = openDialectApp({ name, mediaType, headers, writeFault, writeUnexpected }, publicUrl);
  app.post('/token', async (context) => {
    const { record } = context.var;
    const { proof, scope } = await readTokenRequest(context.req.raw);
    const { caller, credential } = await authenticateClient(proof, { requestId: record.id, address: record.address });
    record.tenant = caller.tenant;
    record.connection = caller.connection;
    checkScope(scope, caller.dialect);
    const { token } = await operations.issueAccessToken(caller, credential, accessTokenLifetimeSeconds);
    return context.json({
      access_token: token,
      token_type: 'Bearer',
      expires_in: accessTokenLifetimeSeconds,
      scope: caller.dialect,
    });
  });
  app.all('/token', () => {
    throw new Fault('method_not_allowed', 'the token endpoint takes POST', { allow: ['POST'] });
  });
  app.all('*', () => {
    throw new Fault('not_found', `there is nothing at this path; tokens are at ${tokenPath}`);
  });
  return app;
}

/** A connection has one scope: the API that it speaks. */
function checkScope(wanted: readonly string[], dialect: string): void {
  if (wanted.every((word) => word === dialect)) return;
  throw new Fault('invalid_value', `the scope of this client is ${dialect}`, { attribute: 'scope' });
}

/**
 * What clients can find out before they have a token, below `/.well-known`: RFC 8414 and RFC 9728. Where the public URL has
 * a path, both look for it with that path behind the name (section 3.1 of each); a proxy that takes the path away asks
 * without it.
 */
export function oauthMetadata(publicUrl: string): Hono<{ Variables: RequestVariables }> {
  const app = new Hono<{ Variables: RequestVariables }>();
  const ofServer = new URL(publicUrl).pathname.replace(/\/$/, '');
  const serve = (name: string, resource: string, described: object) => {
    for (const path of new Set(['', ofServer])) {
      app.get(`${name}${path}${resource}`, (context) => context.json(described));
    }
  };
  serve('/oauth-authorization-server', '', authorizationServer(publicUrl));
  const resources = resourceMetadataPath.slice('/.well-known'.length);
  for (const { name: scope, prefixes } of dialects) {
    for (const path of prefixes) serve(resources, path, protectedResource(publicUrl, path, scope));
  }
  serve(resources, '', protectedResource(publicUrl, '', dialects.map((dialect) => dialect.name).join(' ')));
  return app;
}

/** RFC 8414 section 2. */
function authorizationServer(publicUrl: string): object {
  return {
    issuer: publicUrl,
    token_endpoint: publicUrl + tokenPath,
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'private_key_jwt'],
    token_endpoint_auth_signing_alg_values_supported: assertionAlgorithms,
    grant_types_supported: ['client_credentials'],
    // The member is required; there is no authorization endpoint that could give a response of any type.
    response_types_supported: [],
    scopes_supported: dialects.map((dialect) => dialect.name),
  };
}

/** RFC 9728 section 2. */
function protectedResource(publicUrl: string, path: string, scopes: string): object {
  return {
    resource: publicUrl + path,
    authorization_servers: [publicUrl],
    scopes_supported: scopes.split(' '),
    bearer_methods_supported: ['header'],
  };
}
