import { Hono } from 'hono';
import { buildAuthenticate } from '#access/authenticate.ts';
import { buildAuthenticateClient } from '#access/authenticate-client.ts';
import { buildRequestLimits } from '#access/request-limits.ts';
import type { NoteUse } from '#access/token-uses.ts';
import { buildVerifyEntraToken } from '#access/verify-entra-token.ts';
import { admin } from '#admin/admin.ts';
import { oauth, oauthMetadata, tokenPath } from '#admin/oauth.ts';
import { openapiRoutes } from '#admin/openapi.ts';
import { type DialectSettings, defaultDialectSettings } from '#dialects/dialect-settings.ts';
import { dialects } from '#dialects/index.ts';
import { openAddressList } from '#http/address-list.ts';
import { addressReader } from '#http/client-address.ts';
import { healthRoutes } from '#http/health.ts';
import { defaultLimits, type Limits } from '#http/limits.ts';
import { openMetrics, watchRequestLog } from '#http/metrics.ts';
import { metricsAccess } from '#http/metrics-access.ts';
import { normalisePath, pathReader } from '#http/normalise-path.ts';
import { observeRequests, type RequestVariables } from '#http/observe-requests.ts';
import type { WriteMalformed } from '#http/refuse-malformed.ts';
import type { Log } from '#http/request-log.ts';
import { defaultTenant } from '#operations/create-tenant.ts';
import type { Mailer } from '#operations/mailer.ts';
import { buildOperations } from '#operations/operations.ts';
import type { Db } from '#store/database.ts';
import type { RequestLog } from '#workers/write-request-log.ts';

/** What the application is put together from. */
export interface AppParts {
  readonly db: Db;
  readonly log: Log['log'];
  /** Hears of every token that was good. */
  readonly noteUse: NoteUse;
  /** The absolute URL under which clients reach the server, without a slash at its end. */
  readonly publicUrl: string;
  readonly limits?: Limits;
  /** How long a token lives when whoever makes it does not say. */
  readonly tokenLifetimeDays?: number;
  /** How long an OAuth access token lives. */
  readonly accessTokenLifetimeSeconds?: number;
  /** Where the keys of Entra are; without it tokens that Entra makes itself are refused. */
  readonly entraAuthority?: string | undefined;
  /** Addresses and ranges of the proxies that may say who the client is; none when absent. */
  readonly trustedProxies?: readonly string[] | undefined;
  /** Who may read the metrics: those addresses, and who sends the token; nobody when absent. */
  readonly metrics?: { readonly addresses: readonly string[]; readonly token?: string | undefined };
  /** Sends mails; nothing is sent when absent. */
  readonly mailer?: Mailer;
  /** Where requests are noted; nowhere when absent. */
  readonly requestLog?: Pick<RequestLog, 'note' | 'counts'> | undefined;
  /** What an operator decides about single dialects; as usual when absent. */
  readonly dialectSettings?: DialectSettings;
  /** Whether the server can do its work: true, or why not. */
  readonly ready: () => Promise<true | string>;
}

/** Everything with paths and words of its own. */
const apis = [...dialects, admin, oauth];

/** The words for what never became a request: those of the API at whose paths it was aimed. */
export const writeMalformed: WriteMalformed = (target, status, detail) => {
  const path = normalisePath(target);
  const api = apis.find(({ prefixes }) => prefixes.some((prefix) => path === prefix || path.startsWith(`${prefix}/`)));
  if (api === undefined) return { contentType: 'text/plain', body: `${detail}\n` };
  return { contentType: api.mediaType, body: api.writeMalformed(status, detail) };
};

/** Puts every part together: the dialects and our own API at their prefixes, and the routes for whoever runs the server. */
export function buildApp({
  db,
  log,
  noteUse,
  publicUrl,
  limits = defaultLimits,
  tokenLifetimeDays = 365,
  accessTokenLifetimeSeconds = 3_600,
  entraAuthority,
  trustedProxies = [],
  metrics: { addresses, token } = { addresses: [] },
  mailer = { post: () => undefined },
  requestLog,
  dialectSettings = defaultDialectSettings,
  ready,
}: AppParts): Hono<{ Variables: RequestVariables }> {
  const metrics = openMetrics();
  const prefixes = apis.flatMap(({ prefixes, slashes }) => (slashes === 'merge' ? prefixes : []));
  const app = new Hono<{ Variables: RequestVariables }>({ getPath: pathReader(prefixes) });
  if (requestLog !== undefined) watchRequestLog(metrics, requestLog.counts);
  const isTrusted = openAddressList(trustedProxies);
  app.use(observeRequests({ log, metrics, readAddress: addressReader(isTrusted), note: requestLog?.note }));
  const limitRequests = buildRequestLimits(db, (error) =>
    log.error({ err: error }, 'requests could not be counted together'),
  );
  const verifyEntraToken = entraAuthority === undefined ? undefined : buildVerifyEntraToken(db, entraAuthority);
  const parts = {
    operations: buildOperations(db),
    authenticate: buildAuthenticate({ db, noteUse, limitRequests, verifyEntraToken }),
    limits,
    mailer,
    publicUrl,
    tenant: defaultTenant,
    settings: dialectSettings,
  };
  for (const dialect of dialects) {
    for (const prefix of dialect.prefixes) app.route(prefix, dialect.build(parts));
  }
  for (const prefix of admin.prefixes) app.route(prefix, admin.build({ ...parts, tokenLifetimeDays }));
  const audiences = [publicUrl, `${publicUrl}${tokenPath}`];
  const authenticateClient = buildAuthenticateClient({ db, noteUse, limitRequests, audiences });
  for (const prefix of oauth.prefixes) {
    app.route(prefix, oauth.build({ ...parts, authenticateClient, accessTokenLifetimeSeconds }));
  }
  app.route('/.well-known', oauthMetadata(publicUrl));
  app.route('/openapi', openapiRoutes(publicUrl));
  const mayReadMetrics = metricsAccess({ token, isAllowed: openAddressList(addresses), isTrusted });
  const { registry } = metrics;
  app.route('/', healthRoutes({ ready, readyMs: limits.readyMs, registry, mayReadMetrics }));
  return app;
}
