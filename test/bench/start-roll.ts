import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { startEmbeddedPostgres } from '#postgres/embedded-postgres.ts';
import type { Roll } from './cases.ts';
import { fillRoll } from './fill-roll.ts';
import { prepareFloor, prepareGroups } from './prepare.ts';
import { type Program, startProgram } from './start-program.ts';

/** A server with people on its roll. */
export interface FilledServer {
  readonly server: Program;
  /** Starts a floor on the same database. */
  readonly startFloor: () => Promise<Program>;
  readonly roll: Roll;
  /** The first process of its Postgres. */
  readonly postmaster: number;
  readonly stop: () => Promise<void>;
}

const run = promisify(execFile);

/** Makes a connection of a dialect. Gives its token. */
async function connect(folder: string, dialect: string): Promise<string> {
  const words = ['connection', 'create', '--name', dialect, '--dialect', dialect, '--json'];
  const { stdout } = await run(process.execPath, ['src/launch.mjs', ...words], {
    env: { ...process.env, MUSTER_DATA: folder },
  });
  return (JSON.parse(stdout) as { token: string }).token;
}

/** People in no group yet, so that whoever is added to one was not in it before. */
const sparePeople = 10_000;

/** Starts the product as `npm start` does, in a folder of its own, and puts people on its roll, and spare ones. */
export async function startFilled(people: number): Promise<FilledServer> {
  const folder = mkdtempSync(path.join(tmpdir(), 'muster-bench-'));
  const server = await startProgram('src/main.ts', [], { MUSTER_DATA: folder, PORT: '0', LOG_LEVEL: 'info' });
  const postgres = await startEmbeddedPostgres({ folder, as: 'command', log: () => undefined });
  const { host, port, user, database } = postgres;
  const connection = { host, port, user, database };
  const client = new Client(connection);
  await client.connect();
  // What is measured is the server, not the limits on requests and on deactivations that a connection usually has.
  await client.query("update connection set rate_per_second = 1000000, guard = 'off'");
  const [metabase, callbox] = await Promise.all([connect(folder, 'metabase'), connect(folder, 'callbox')]);
  const ids = await fillRoll(connection, 0, people + sparePeople);
  const token = readFileSync(path.join(folder, 'first-token'), 'utf8').trim();
  const roll = await prepareGroups(client, {
    ids: ids.slice(0, people),
    spare: ids.slice(people),
    token,
    metabase,
    callbox,
  });
  await prepareFloor(client);
  const pidFile = path.join(postgres.clusterFolder, 'data', 'postmaster.pid');
  return {
    server,
    startFloor: () => startProgram('test/bench/floor-server.ts', [JSON.stringify(connection)], {}),
    roll,
    postmaster: Number(readFileSync(pidFile, 'utf8').split('\n')[0]),
    stop: async () => {
      await client.end();
      await server.stop();
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
