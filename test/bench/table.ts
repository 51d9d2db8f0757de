import type { Measured } from './measure.ts';

/** One line of the table. */
export interface Line {
  readonly name: string;
  /** The product with few people. */
  readonly small: Measured;
  readonly product: Measured;
  readonly floor: Measured;
}

interface Setting {
  readonly people: number;
  readonly fewPeople: number;
  readonly connections: number;
  readonly serverPeakMiB: number;
}

const columns = [
  'request',
  'req/s',
  'floor',
  'of the floor',
  'p50 ms',
  'p99 ms',
  'CPU µs',
  'floor CPU µs',
  'CPU ratio',
  'few people',
  'many ÷ few',
  'failed',
];

/** Prints the table in Markdown, as docs/explanation/performance.md shows it. */
export function printTable(lines: readonly Line[], setting: Setting): void {
  const rows = [columns, columns.map(() => '---'), ...lines.map(cells)];
  process.stdout.write(`${rows.map((row) => `| ${row.join(' | ')} |`).join('\n')}\n\n`);
  const { people, fewPeople, connections, serverPeakMiB } = setting;
  process.stdout.write(
    `${people} people (few: ${fewPeople}) and 10000 who are in no group, ${connections} connections, server memory at most ${Math.round(serverPeakMiB)} MiB\n`,
  );
}

function cells({ name, small, product, floor }: Line): string[] {
  return [
    name,
    whole(product.perSecond),
    whole(floor.perSecond),
    ratio(product.perSecond, floor.perSecond),
    whole(product.p50Ms),
    whole(product.p99Ms),
    whole(product.cpuMicros),
    whole(floor.cpuMicros),
    ratio(product.cpuMicros, floor.cpuMicros),
    whole(small.perSecond),
    ratio(product.perSecond, small.perSecond),
    String(product.failed + small.failed + floor.failed),
  ];
}

function whole(number: number): string {
  return String(Math.round(number));
}

function ratio(one: number, other: number): string {
  return (one / other).toFixed(2);
}
