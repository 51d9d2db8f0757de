// Measures the product beside the floor, in one run: npm run bench [-- --seconds 3 --rounds 3 --people 100000 --request NAME]
import { parseArgs } from 'node:util';
import { type Case, cases } from './cases.ts';
import { type Measured, measure, peakMiB } from './measure.ts';
import { startFilled } from './start-roll.ts';
import { printTable } from './table.ts';

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
const connections = 32;
/** Of answers with everybody 32 at once would take longer than a run. */
const wholeConnections = 4;

const sides = ['few', 'product', 'floor'] as const;
type Side = (typeof sides)[number];

const say = (line: string) => process.stderr.write(`${line}\n`);

say(`putting ${fewPeople} people on one roll and ${people} on another`);
const few = await startFilled(fewPeople);
const many = await startFilled(people);
try {
  const chosen = cases.filter(({ name }) => name.includes(options.request));
  const runs = new Map(
    chosen.map(({ name }) => [name, { few: [], product: [], floor: [] } as Record<Side, Measured[]>]),
  );
  // Sides and requests take turns, so that a busy minute of the machine meets all of them.
  for (let round = 1; round <= Number(options.rounds); round += 1) {
    for (const one of chosen) {
      for (const side of sides) runs.get(one.name)?.[side].push(await measureOnce(one, side));
      say(`round ${round}, ${one.name}: ${Math.round(runs.get(one.name)?.product.at(-1)?.perSecond ?? 0)}/s`);
    }
  }
  const lines = [...runs].map(([name, of]) => ({
    name,
    small: median(of.few),
    product: median(of.product),
    floor: median(of.floor),
  }));
  printTable(lines, { people, fewPeople, connections, serverPeakMiB: peakMiB(many.server.pid) });
} finally {
  await few.stop();
  await many.stop();
}

async function measureOnce(one: Case, side: Side): Promise<Measured> {
  const filled = side === 'few' || one.isWhole ? few : many;
  const program = side === 'floor' ? await filled.startFloor() : filled.server;
  const measured = await measure({
    url: program.url,
    seconds: Number(options.seconds),
    connections: one.isWhole ? wholeConnections : connections,
    pids: [program.pid, filled.postmaster],
    request: one[side === 'floor' ? 'floor' : 'product'](filled.roll),
  });
  if (side === 'floor') await program.stop();
  return measured;
}

/** The run in the middle by throughput. */
function median(measured: readonly Measured[]): Measured {
  const sorted = [...measured].sort((one, other) => one.perSecond - other.perSecond);
  return sorted[Math.floor(sorted.length / 2)] as Measured;
}
