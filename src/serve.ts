import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { buildApp } from './app.ts';
import { greeting } from './commands/greeting.ts';
import { type OpenRoll, openRoll } from './commands/open-roll.ts';
import { serverUrlFile } from './commands/server-url.ts';
import type { Config } from './config.ts';
import { defaultLimits } from './http/limits.ts';
import { type Log, openLog } from './http/request-log.ts';
import { type RunningServer, startServer } from './http/server.ts';
import { exitInOrder } from './http/shutdown.ts';
import { welcome } from './operations/welcome.ts';

/**
 * Starts the server and says how to use it: settings, database, application, then it listens. SIGTERM and Ctrl-C drain
 * it and stop the Postgres that came along. Throws an Error of one sentence when it cannot start.
 */
export async function serve(config: Config): Promise<void> {
  const { log, flush } = openLog({ level: config.logLevel });
  const roll = await openRoll(config, 'server', (message, details) => log.warn(details, message));
  try {
    const issued = await welcome(roll.db, config.tokenLifetimeDays);
    const { server, publicUrl } = await listen(config, roll, log);
    stopInOrder(server, roll, { log, flush });
    const tokenFile = issued === undefined || isShown(roll) ? undefined : keepToken(config, issued.token);
    const token =
      issued === undefined ? undefined : { token: issued.token, ...(tokenFile !== undefined && { file: tokenFile }) };
    process.stdout.write(
      greeting({
        publicUrl,
        ...(token !== undefined && { token }),
        ...(roll.embedded && { dataFolder: config.dataFolder }),
      }),
    );
  } catch (error) {
    await roll.close();
    throw error;
  }
}

async function listen(config: Config, roll: OpenRoll, log: Log['log']) {
  const app = Promise.withResolvers<ReturnType<typeof buildApp>>();
  const server = await startServer({
    fetch: async (request, env) => (await app.promise).fetch(request, env),
    host: config.host,
    port: config.port,
    limits: defaultLimits,
    log,
  });
  const publicUrl = config.publicUrl ?? server.url;
  app.resolve(buildApp({ db: roll.db, log, publicUrl, ready: roll.ready }));
  writeFileSync(serverUrlFile(config.dataFolder), publicUrl);
  return { server, publicUrl };
}

function stopInOrder(server: RunningServer, roll: OpenRoll, { log, flush }: Log): void {
  exitInOrder({
    process,
    log,
    steps: [
      { name: 'answer what is under way', run: () => server.drain(defaultLimits.drainMs) },
      { name: 'close the database', run: roll.close },
      { name: 'write the log', run: flush },
    ],
  });
}

/** A token is shown only to somebody who sits before the machine that also holds the data. */
function isShown({ embedded }: OpenRoll): boolean {
  return embedded && process.stdout.isTTY;
}

/** Puts the token where only the owner of the data folder can read it. */
function keepToken({ dataFolder }: Config, token: string): string {
  const file = path.join(dataFolder, 'first-token');
  writeFileSync(file, `${token}\n`, { mode: 0o600 });
  chmodSync(file, 0o600);
  return file;
}
