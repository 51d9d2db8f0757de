// Measures the product beside the floor, in one run: npm run bench [-- --seconds 3 --rounds 3 --people 100000 --request NAME]
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Client } from 'pg';
import { startEmbeddedPostgres } from '#postgres/embedded-postgres.ts';
import { type Case, cases, type Roll } from './cases.ts';
import { fillRoll } from './fill-roll.ts';
import { type Measured, measure, peakMiB } from './measure.ts';
import { prepareFloor, prepareGroups } from './prepare.ts';
import { type Program, startProgram } from './start-program.ts';
import { type Line, printTable } from './table.ts';

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '3' },
    people: { type: 'string', default: '100000' },
    request: { type: 'string', default: '' },
  },
});
const people = Number(options.people);
const fewPeople = 1_000;
const sparePeople = 10_000;
const connections = 32;

type Side = 'product' | 'floor';

const say = (line: string) => process.stderr.write(`${line}\n`);
const folder = mkdtempSync(path.join(tmpdir(), 'muster-bench-'));
const server = await startProgram('src/main.ts', [], { MUSTER_DATA: folder, PORT: '0', LOG_LEVEL: 'info' });
const postgres = await startEmbeddedPostgres({ folder, as: 'command', log: () => undefined });
const connection = { host: postgres.host, port: postgres.port, user: postgres.user, database: postgres.database };
const client = new Client(connection);
await client.connect();
try {
  const token = readFileSync(path.join(folder, 'first-token'), 'utf8').trim();
  say(`putting ${fewPeople} people on the roll`);
  const first = await fillRoll(connection, 0, fewPeople);
  const few = await prepareGroups(client, { ids: first.slice(0, 900), spare: first.slice(900), token });
  const chosen = cases.filter(({ name }) => name.includes(options.request));
  const small = await measureAll(few, chosen, ['product']);
  say(`putting ${people} people on the roll`);
  const more = await fillRoll(connection, fewPeople, people + sparePeople);
  const ids = [...first, ...more];
  const many = await prepareGroups(client, { ids: ids.slice(0, people), spare: ids.slice(people), token });
  await prepareFloor(client);
  const large = await measureAll(many, chosen, ['product', 'floor']);
  const lines = chosen.map(({ name }): Line => ({ name, small: small.get(name)?.product, ...large.get(name) }));
  printTable(lines, { people, fewPeople, connections, serverPeakMiB: peakMiB(server.pid) });
} finally {
  await client.end();
  await server.stop();
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
}

function postmasterPid(): number {
  return Number(readFileSync(path.join(postgres.clusterFolder, 'data', 'postmaster.pid'), 'utf8').split('\n')[0]);
}

async function measureAll(roll: Roll, chosen: readonly Case[], sides: readonly Side[]) {
  const floor = sides.includes('floor') ? await startFloor() : undefined;
  const targets = { product: server, floor };
  const results = new Map<string, Partial<Record<Side, Measured>>>();
  for (const one of chosen) {
    const result = await measureCase(one, roll, sides, targets);
    results.set(one.name, result);
    say(`${one.name}: ${Math.round(result.product?.perSecond ?? 0)}/s`);
  }
  await floor?.stop();
  return results;
}

/** The sides take turns, so that a busy minute of the machine meets both. */
async function measureCase(
  one: Case,
  roll: Roll,
  sides: readonly Side[],
  targets: Partial<Record<Side, Program | undefined>>,
) {
  const runs: Record<Side, Measured[]> = { product: [], floor: [] };
  for (let round = 0; round < Number(options.rounds); round += 1) {
    for (const side of sides) {
      const target = targets[side];
      if (target === undefined) continue;
      const pids = [target.pid, postmasterPid()];
      const request = one[side](roll);
      runs[side].push(await measure({ url: target.url, seconds: Number(options.seconds), connections, pids, request }));
    }
  }
  return Object.fromEntries(sides.map((side) => [side, median(runs[side])])) as Partial<Record<Side, Measured>>;
}

function startFloor(): Promise<Program> {
  return startProgram('test/bench/floor-server.ts', [JSON.stringify(connection)], {});
}

/** The run in the middle by throughput. */
function median(runs: readonly Measured[]): Measured {
  const sorted = [...runs].sort((one, other) => one.perSecond - other.perSecond);
  return sorted[Math.floor(sorted.length / 2)] as Measured;
}
