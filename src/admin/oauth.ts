import { type Handler, Hono } from 'hono';
import type { AuthenticateClient } from '#access/authenticate-client.ts';
import { assertionAlgorithms } from '#access/client-key.ts';
import type { Dialect, DialectApp } from '#dialects/dialect.ts';
import { openDialectApp } from '#dialects/dialect-app.ts';
import { type Mount, urlOfMount } from '#dialects/mount.ts';
import { Fault } from '#domain/fault.ts';
import { requestTarget } from '#http/normalise-path.ts';
import type { RequestVariables } from '#http/observe-requests.ts';
import { requestedHost } from '#http/requested-host.ts';
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
 * What clients can find out before they have a token: RFC 8414 and RFC 9728. `mounts` are the dialects at their places; those
 * that take no Bearer tokens are left out. Where the public URL has a path, both look for it with that path behind the name
 * (section 3.1 of each); a proxy that takes the path away asks without it. A dialect that stands below a prefix says that it
 * is described below it.
 */
export function oauthMetadata(
  publicUrl: string,
  mounts: readonly Mount<Dialect>[],
): Hono<{ Variables: RequestVariables }> {
  const app = new Hono<{ Variables: RequestVariables }>();
  const ofServer = new URL(publicUrl).pathname.replace(/\/$/, '');
  const open = mounts.filter(({ api }) => api.credential.scheme === 'Bearer');
  const scopes = [...new Set(open.map(({ api }) => api.name))];
  for (const path of new Set(['', ofServer])) {
    app.get(`/.well-known/oauth-authorization-server${path}`, describe(authorizationServer(publicUrl, scopes)));
    app.get(`${resourceMetadataPath}${path}`, describe(protectedResource(publicUrl, publicUrl, scopes)));
  }
  for (const mount of open) {
    const url = urlOfMount(mount, publicUrl);
    for (const path of mount.api.prefixes) {
      const described = describe(protectedResource(url + path, publicUrl, [mount.api.name]), mount.host);
      const below = ['', ofServer].map((server) => `${resourceMetadataPath}${server}${mount.prefix}${path}`);
      for (const each of new Set([...below, `${mount.prefix}${resourceMetadataPath}${path}`])) app.get(each, described);
    }
  }
  return app;
}

/** Answers what never changes; at one host alone where there is one. */
function describe(described: object, host?: string): Handler {
  return (context, next) => {
    const target = requestTarget(context.req.raw, context.env);
    const isThere = host === undefined || requestedHost(target, context.req.header('host')) === host;
    return isThere ? context.json(described) : next();
  };
}

/** RFC 8414 section 2. */
function authorizationServer(publicUrl: string, scopes: readonly string[]): object {
  return {
    issuer: publicUrl,
    token_endpoint: publicUrl + tokenPath,
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'private_key_jwt'],
    token_endpoint_auth_signing_alg_values_supported: assertionAlgorithms,
    grant_types_supported: ['client_credentials'],
    // The member is required; there is no authorization endpoint that could give a response of any type.
    response_types_supported: [],
    scopes_supported: scopes,
  };
}

/** RFC 9728 section 2. */
function protectedResource(resource: string, publicUrl: string, scopes: readonly string[]): object {
  return {
    resource,
    authorization_servers: [publicUrl],
    scopes_supported: scopes,
    bearer_methods_supported: ['header'],
  };
}
