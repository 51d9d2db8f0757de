import { pino } from 'pino';
import { collectTokenUses } from '#access/token-uses.ts';
import { type AppParts, buildApp, buildWriteMalformed } from '#app.ts';
import { callerIn } from '#commands/choose-tenant.ts';
import { commandCaller } from '#commands/command-caller.ts';
import { spoken } from '#dialects/index.ts';
import type { Caller, Right } from '#domain/caller.ts';
import type { ValuePolicy } from '#domain/redact.ts';
import { defaultLimits, type Limits } from '#http/limits.ts';
import { type RunningServer, startServer } from '#http/server.ts';
import { createConnection } from '#operations/create-connection.ts';
import { createTenant } from '#operations/create-tenant.ts';
import { type Db, openDatabase } from '#store/database.ts';
import { findTenant } from '#store/tenants.ts';
import { openRequestLog } from '#workers/write-request-log.ts';
import { freshDatabase, type TestDatabase } from './database.ts';
import type { PostgresVersion } from './postgres-versions.ts';

/** A whole server on a database of its own, listening on a free port. */
export interface Muster {
  readonly db: Db;
  readonly database: TestDatabase;
  readonly server: RunningServer;
  /** Writes when and from where each token was last used. */
  readonly keepUses: () => Promise<void>;
  /** Writes to the request log what was noted of requests until now. */
  readonly keepRequests: () => Promise<void>;
  /** Everything that was logged, as text. */
  readonly logged: () => string;
  /** Makes a connection and gives its token. */
  readonly connect: (wish?: ConnectionOptions) => Promise<string>;
  /** Who uses the command line in a tenant: may do everything. */
  readonly admin: (tenant?: string) => Promise<Caller>;
  /** Sends a request to a path of SCIM with a token; `undefined` sends none. */
  readonly send: (
    token: string | undefined,
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ) => Promise<Answer>;
  readonly stop: () => Promise<void>;
}

export interface ConnectionOptions {
  readonly tenant?: string;
  readonly profile?: string;
  readonly rights?: readonly Right[];
  readonly name?: string;
  /** The API that it speaks; SCIM when absent. */
  readonly dialect?: string;
  /** The org unit of the only franchisee that it sees. */
  readonly franchisee?: string;
  readonly ratePerSecond?: number;
}

/** An answer with its body read: as JSON where it is JSON, else as text. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly body: any;
}

/** Starts a server on a fresh database, or on that of another server, with the tenant `default`. */
export async function startMuster(
  options: { version?: PostgresVersion; limits?: Limits; poolMax?: number; database?: TestDatabase } & Pick<
    AppParts,
    'trustedProxies' | 'metrics' | 'entraAuthority' | 'mailer' | 'dialectSettings' | 'dialects' | 'mounts'
  > & { readonly requestValues?: ValuePolicy } = {},
): Promise<Muster> {
  const database = options.database ?? (await freshDatabase(options.version));
  const lines: string[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) });
  const db = openDatabase({
    connection: database.serverConnection,
    poolMax: options.poolMax ?? 10,
    statementTimeoutMs: 5_000,
    lockTimeoutMs: 2_000,
    log: (message, details) => log.warn(details, message),
  });
  // Another server of the same database may have made it.
  if ((await findTenant(db, 'default')) === undefined) await createTenant(commandCaller(), db, 'default');
  const limits = options.limits ?? defaultLimits;
  const app = Promise.withResolvers<ReturnType<typeof buildApp>>();
  const fetchApp = async (request: Request, env: object) => (await app.promise).fetch(request, env);
  const requestLog = openRequestLog({ db, values: options.requestValues ?? 'keep', log });
  const { note } = requestLog;
  const { dialects = [], mounts } = options;
  const places = { ...(dialects.length > 0 && { dialects }), mounts };
  const writeMalformed = buildWriteMalformed(places);
  const server = await startServer({ fetch: fetchApp, host: '127.0.0.1', port: 0, limits, log, writeMalformed, note });
  const uses = collectTokenUses(db);
  const ready = () => db.ready();
  const { trustedProxies, entraAuthority, mailer, dialectSettings, metrics = { addresses: ['127.0.0.1'] } } = options;
  const parts = {
    db,
    log,
    noteUse: uses.note,
    publicUrl: server.url,
    limits,
    trustedProxies,
    entraAuthority,
    metrics,
    requestLog,
    ready,
    ...places,
    ...(mailer !== undefined && { mailer }),
    ...(dialectSettings !== undefined && { dialectSettings }),
  };
  app.resolve(buildApp(parts));
  let connections = 0;
  return {
    db,
    database,
    server,
    keepUses: uses.flush,
    keepRequests: requestLog.flush,
    logged: () => lines.join(''),
    connect: async ({ tenant = 'default', dialect = 'scim', name, ...wish } = {}) => {
      connections += 1;
      const own = [...dialects, ...spoken].find((each) => each.name === dialect);
      if (own === undefined) throw new Error(`no connection speaks ${dialect}`);
      const called = name ?? `test-${connections}`;
      const whole = { ...wish, name: called, spoken: own, tokenLifetimeDays: 1 };
      return (await createConnection(await callerIn(db, tenant), db, whole)).token;
    },
    admin: (tenant = 'default') => callerIn(db, tenant),
    send: (token, method, path, body, headers = {}) =>
      request(`${server.url}/scim/v2${path}`, token, method, body, headers),
    stop: async () => {
      await server.drain(1_000);
      await db.close();
    },
  };
}

/** Sends a request and reads the answer. */
export async function request(
  url: string,
  token: string | undefined,
  method: string,
  body: unknown,
  headers: Record<string, string>,
): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: {
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'Content-Type': 'application/scim+json' }),
      ...headers,
    },
    ...(body !== undefined && {
      body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
    }),
  } as RequestInit);
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') && text !== '';
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}
