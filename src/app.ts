import { Hono } from 'hono';
import { buildAuthenticate } from '#access/authenticate.ts';
import { buildAuthenticateClient } from '#access/authenticate-client.ts';
import { buildRequestLimits } from '#access/request-limits.ts';
import type { NoteUse } from '#access/token-uses.ts';
import { buildVerifyEntraToken } from '#access/verify-entra-token.ts';
import { admin } from '#admin/admin.ts';
import { oauth, oauthMetadata, tokenPath } from '#admin/oauth.ts';
import { openapiRoutes } from '#admin/openapi.ts';
import type { Dialect } from '#dialects/dialect.ts';
import { type DialectSettings, defaultDialectSettings } from '#dialects/dialect-settings.ts';
import { dialects } from '#dialects/index.ts';
import { type Mount, type MountWish, placeApis } from '#dialects/mount.ts';
import { mountDialects } from '#dialects/mount-app.ts';
import { buildFindMount, type FindMount } from '#dialects/mount-finder.ts';
import { assertNoOverlap } from '#dialects/mount-overlap.ts';
import { openAddressList } from '#http/address-list.ts';
import { addressReader } from '#http/client-address.ts';
import { healthRoutes } from '#http/health.ts';
import { defaultLimits, type Limits } from '#http/limits.ts';
import { openMetrics, watchRequestLog } from '#http/metrics.ts';
import { metricsAccess } from '#http/metrics-access.ts';
import { observeRequests, type RequestVariables } from '#http/observe-requests.ts';
import type { WriteMalformed } from '#http/refuse-malformed.ts';
import type { Log } from '#http/request-log.ts';
import { readRoutedPath } from '#http/routed-path.ts';
import { defaultTenant } from '#operations/create-tenant.ts';
import type { Mailer } from '#operations/mailer.ts';
import { buildOperations } from '#operations/operations.ts';
import type { Db } from '#store/database.ts';
import type { RequestLog } from '#workers/write-request-log.ts';

/** Which dialects answer, and where. */
export interface Places {
  /** All of them when absent. */
  readonly dialects?: readonly Dialect[];
  /** Where those answer that are not at their usual paths. */
  readonly mounts?: readonly MountWish[] | undefined;
}

/** What the application is put together from. */
export interface AppParts extends Places {
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

/** What an API has that answers for itself also before there is a request. */
type OwnWords = Pick<Dialect, 'name' | 'prefixes' | 'owns' | 'slashes' | 'mediaType' | 'writeMalformed'>;

/** The APIs that are ours, and stay where they are. */
const ourApis: readonly OwnWords[] = [admin, oauth];

/**
 * Makes the words for what never became a request: those of the API at whose paths it was aimed. Throws an Error of one
 * sentence when the places cannot be had.
 */
export function buildWriteMalformed(places: Places): WriteMalformed {
  const { find } = place(places);
  return (host, target, status, detail) => {
    const api = find(host, target)?.mount.api;
    if (api === undefined) return { contentType: 'text/plain', body: `${detail}\n` };
    return { contentType: api.mediaType, body: api.writeMalformed(status, detail) };
  };
}

function place({ dialects: placed = dialects, mounts: wishes = [] }: Places): {
  readonly mounts: readonly Mount<Dialect>[];
  readonly find: FindMount<OwnWords>;
} {
  const mounts = placeApis(placed, wishes);
  const all: readonly Mount<OwnWords>[] = [...mounts, ...placeApis(ourApis, [])];
  assertNoOverlap(all);
  return { mounts, find: buildFindMount(all) };
}

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
  ...places
}: AppParts): Hono<{ Variables: RequestVariables }> {
  const metrics = openMetrics();
  const { mounts, find } = place(places);
  const app = new Hono<{ Variables: RequestVariables }>({ getPath: readRoutedPath });
  if (requestLog !== undefined) watchRequestLog(metrics, requestLog.counts);
  const isTrusted = openAddressList(trustedProxies);
  app.use(observeRequests({ log, metrics, readAddress: addressReader(isTrusted), note: requestLog?.note }));
  const limitRequests = buildRequestLimits(db, (error) =>
    log.error({ err: error }, 'requests could not be counted together'),
  );
  const verifyEntraToken = entraAuthority === undefined ? undefined : buildVerifyEntraToken(db, entraAuthority);
  const { authenticate, isLive, findAsker } = buildAuthenticate({ db, noteUse, limitRequests, verifyEntraToken });
  const parts = {
    operations: buildOperations(db),
    authenticate,
    findAsker,
    limits,
    mailer,
    publicUrl,
    tenant: defaultTenant,
    settings: dialectSettings,
  };
  mountDialects(app, mounts, find, { ...parts, isLive });
  for (const prefix of admin.prefixes) app.route(prefix, admin.build({ ...parts, tokenLifetimeDays }));
  const audiences = [publicUrl, `${publicUrl}${tokenPath}`];
  const authenticateClient = buildAuthenticateClient({ db, noteUse, limitRequests, audiences });
  for (const prefix of oauth.prefixes) {
    app.route(prefix, oauth.build({ ...parts, authenticateClient, accessTokenLifetimeSeconds }));
  }
  app.route('/', oauthMetadata(publicUrl, mounts));
  app.route('/openapi', openapiRoutes(publicUrl, mounts));
  const mayReadMetrics = metricsAccess({ token, isAllowed: openAddressList(addresses), isTrusted });
  const { registry } = metrics;
  app.route('/', healthRoutes({ ready, readyMs: limits.readyMs, registry, mayReadMetrics }));
  return app;
}
