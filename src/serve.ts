import path from 'node:path';
import { collectTokenUses, type TokenUses } from './access/token-uses.ts';
import { buildApp, buildWriteMalformed } from './app.ts';
import { greeting } from './commands/greeting.ts';
import { checkPrivate, keepFile } from './commands/keep-file.ts';
import { mountWarnings } from './commands/mount-warnings.ts';
import { type OpenRoll, openRoll } from './commands/open-roll.ts';
import { sentenceOf } from './commands/sentence.ts';
import { apiUrl, serverUrlFile } from './commands/server-url.ts';
import { setupWarning } from './commands/setup-warning.ts';
import type { Config } from './config.ts';
import type { DialectSettings } from './dialects/dialect-settings.ts';
import { defaultLimits } from './http/limits.ts';
import { type Log, openLog } from './http/request-log.ts';
import { type RunningServer, startServer } from './http/server.ts';
import { exitInOrder } from './http/shutdown.ts';
import { welcome } from './operations/welcome.ts';
import { openMailer, type RunningMailer } from './workers/mailer.ts';
import { sendBySmtp, sendToLog } from './workers/send-mail.ts';
import { type RunningWorkers, startWorkers } from './workers/start-workers.ts';
import { buildWorkers } from './workers/workers.ts';
import { openRequestLog, type RequestLog } from './workers/write-request-log.ts';

/** What has been started so far, and so is to be stopped. */
interface Parts {
  roll?: OpenRoll;
  server?: RunningServer;
  uses?: TokenUses;
  requests?: RequestLog;
  workers?: RunningWorkers;
  mailer?: RunningMailer;
}

/**
 * Starts the server and says how to use it: database, application, then it listens. SIGTERM and Ctrl-C drain it and stop
 * the Postgres that came along, also while it still starts. Throws an Error of one sentence when it cannot start.
 */
export async function serve(config: Config): Promise<void> {
  checkPrivate(tokenFile(config));
  const { log, close } = openLog({ level: config.logLevel });
  const parts: Parts = {};
  const stopping = new AbortController();
  const ended = Promise.withResolvers<void>();
  stopInOrder(parts, { log, close }, () => {
    stopping.abort();
    return ended.promise;
  });
  try {
    await start(config, log, parts, stopping.signal);
  } catch (error) {
    if (stopping.signal.aborted) return;
    await parts.server?.drain(0);
    await parts.workers?.stop();
    await parts.roll?.close();
    await close();
    throw error;
  } finally {
    ended.resolve();
  }
}

/** It listens before it makes the first token: a token made by a server that then finds its port taken would be lost. */
async function start(config: Config, log: Log['log'], parts: Parts, signal: AbortSignal): Promise<void> {
  const writeMalformed = buildWriteMalformed(config);
  parts.roll = await openRoll(config, {
    as: 'server',
    log: {
      info: (message, details) => log.info(details, message),
      warn: (message, details) => log.warn(details, message),
    },
    signal,
  });
  const { roll } = parts;
  parts.requests = openRequestLog({ db: roll.db, values: config.requestLogValues, log });
  const requestLog = config.requestLogDays > 0 ? parts.requests : undefined;
  const app = Promise.withResolvers<ReturnType<typeof buildApp>>();
  parts.server = await startServer({
    fetch: async (request, env) => (await app.promise).fetch(request, env),
    host: config.host,
    port: config.port,
    limits: defaultLimits,
    log,
    writeMalformed,
    note: requestLog?.note,
  });
  const publicUrl = config.publicUrl ?? parts.server.url;
  const token = await firstToken(config, roll, log);
  const warning = await setupWarning(roll.db, config);
  if (warning !== undefined) log.warn(warning);
  for (const each of await mountWarnings(roll.db, config.mounts)) log.warn(each);
  parts.uses = collectTokenUses(roll.db);
  parts.mailer = openMailer({ send: sendFor(config, log), log });
  app.resolve(
    buildApp({
      db: roll.db,
      log,
      noteUse: parts.uses.note,
      publicUrl,
      tokenLifetimeDays: config.tokenLifetimeDays,
      accessTokenLifetimeSeconds: config.accessTokenLifetimeSeconds,
      entraAuthority: config.entraAuthority,
      trustedProxies: config.trustedProxies,
      metrics: { addresses: config.metricsAddresses, token: config.metricsToken },
      mailer: parts.mailer,
      requestLog,
      dialectSettings: dialectSettingsOf(config),
      mounts: config.mounts,
      ready: roll.ready,
    }),
  );
  const workers = {
    db: roll.db,
    log,
    flushUses: parts.uses.flush,
    flushRequests: parts.requests.flush,
  };
  parts.workers = startWorkers(buildWorkers(workers), log);
  kept(serverUrlFile(config.dataFolder), `${publicUrl}\n`, log);
  const dataFolder = roll.embedded ? { dataFolder: config.dataFolder } : {};
  const scimUrl = apiUrl('scim', config, publicUrl);
  process.stdout.write(greeting({ scimUrl, ...(token !== undefined && { token }), ...dataFolder, pid: process.pid }));
}

function dialectSettingsOf(config: Config): DialectSettings {
  return {
    metabase: {
      edition: config.metabaseEdition,
      deactivated: config.metabaseDeactivated,
      passwords: config.metabasePasswords,
      setup: config.metabaseSetup,
      userVisibility: config.metabaseUserVisibility,
      sandboxedGroups: config.metabaseSandboxedGroups,
    },
  };
}

/**
 * The token of the first connection, when this is the first start. It is shown only to somebody who sits before the
 * machine that also holds the data; else it goes into a file. Where that cannot be written, another has to be made.
 */
async function firstToken(config: Config, { db, embedded }: OpenRoll, log: Log['log']) {
  const issued = await welcome(db, config.tokenLifetimeDays);
  if (issued === undefined) return undefined;
  const { token } = issued;
  if (embedded && process.stdout.isTTY) return { token };
  const file = tokenFile(config);
  return kept(file, `${token}\n`, log) ? { token, file } : undefined;
}

function sendFor({ smtpUrl, mailFrom }: Config, log: Log['log']) {
  return smtpUrl === undefined ? sendToLog(log) : sendBySmtp(smtpUrl, mailFrom);
}

function tokenFile({ dataFolder }: Config): string {
  return path.join(dataFolder, 'first-token');
}

/** Beside a database of its own a server can do without files, in a container that has none to write, say. */
function kept(file: string, text: string, log: Log['log']): boolean {
  try {
    keepFile(file, text);
    return true;
  } catch (error) {
    log.warn(sentenceOf(error));
    return false;
  }
}

/** A database that is away costs a minute of last uses, and does not make the stop a failure. */
async function flushUses({ uses }: Parts, log: Log['log']): Promise<void> {
  await uses?.flush().catch((error: unknown) => log.warn(sentenceOf(error)));
}

function stopInOrder(parts: Parts, { log, close }: Pick<Log, 'log' | 'close'>, endStart: () => Promise<void>): void {
  exitInOrder({
    process,
    log,
    steps: [
      { name: 'end the start', run: endStart },
      { name: 'answer what is under way', run: () => parts.server?.drain(defaultLimits.drainMs) },
      { name: 'end the workers', run: () => parts.workers?.stop() },
      { name: 'send the mails', run: () => parts.mailer?.close() },
      { name: 'write when tokens were last used', run: () => flushUses(parts, log) },
      { name: 'write the request log', run: () => parts.requests?.flush() },
      { name: 'close the database', run: () => parts.roll?.close() },
      { name: 'write the log', run: close },
    ],
  });
}
