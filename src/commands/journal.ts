import type { Command } from 'commander';
import type { Caller } from '#domain/caller.ts';
import type { Verification, VerifyOptions } from '#journal/verify-chain.ts';
import { listConnections } from '#operations/list-connections.ts';
import { type JournalPart, listJournal, type ToldEntry } from '#operations/list-journal.ts';
import { listTenants } from '#operations/list-tenants.ts';
import { verifyJournal } from '#operations/verify-journal.ts';
import type { Db } from '#store/database.ts';
import { callerIn } from './choose-tenant.ts';
import { commandCaller } from './command-caller.ts';
import { connectionId } from './connection-id.ts';
import { note, type OutputOptions, print } from './output.ts';
import { readCount, readNumber } from './read-number.ts';
import { readTime, timeForm } from './read-time.ts';
import { jsonOption, tenantOption } from './shared-options.ts';
import { withRoll } from './with-roll.ts';
import { writeChange, writeTime } from './write-moment.ts';

interface VerifyWords extends OutputOptions {
  readonly tenant?: string;
  readonly head?: string;
}

interface ListWords extends OutputOptions {
  readonly tenant: string;
  readonly resource?: string;
  readonly connection?: string;
  readonly from?: string;
  readonly to?: string;
  readonly before?: string;
  readonly count: string;
}

/** Adds the verbs of the journal to the command line. */
export function addJournalCommands(program: Command): void {
  const noun = program.command('journal').description('The record of who changed what.');
  noun
    .command('verify')
    .description('Look whether any row was altered, removed or put in since it was sealed, and name the first.')
    .option('--tenant <tenant>', 'the tenant; without it, every one')
    .option('--head <position:hash>', 'a head from the log of the server, to see whether the chain still holds it')
    .addOption(jsonOption())
    .action(verify);
  noun
    .command('list')
    .description('Show changes, newest first.')
    .option('--resource <id>', 'only of this user, group, org unit, connection or tenant')
    .option('--connection <name-or-id>', 'only by this connection')
    .option('--from <time>', `only at this time or later, ${timeForm}`)
    .option('--to <time>', `only before this time, ${timeForm}`)
    .option('--before <number>', 'only before the entry with this number')
    .option('--count <number>', 'how many at most', '100')
    .addOption(tenantOption())
    .addOption(jsonOption())
    .action(list);
}

/** What a verification found in one tenant. */
type Verified = Verification & { readonly tenant: string };

async function verify(words: VerifyWords): Promise<void> {
  await withRoll(async ({ db }) => {
    const callers = await callersOf(db, words.tenant);
    if (callers.size === 0) throw new Error('there is no tenant yet: start the server, which makes the first');
    const kept = words.head === undefined ? undefined : readHead(words.head, callers.size);
    const found: Verified[] = [];
    for (const [tenant, caller] of callers) {
      const options = { ...progressOf(words), ...(kept !== undefined && { kept }) };
      found.push({ tenant, ...(await verifyJournal(caller, db, options)) });
    }
    print(words, found, found.map(writeVerified).join(''));
    if (found.some(({ finding }) => finding !== undefined)) process.exitCode = 1;
  });
}

async function callersOf(db: Db, tenant: string | undefined): Promise<ReadonlyMap<string, Caller>> {
  const names = tenant === undefined ? (await listTenants(commandCaller(), db)).map(({ name }) => name) : [tenant];
  const pairs = names.map(async (name) => [name, await callerIn(db, name)] as const);
  return new Map(await Promise.all(pairs));
}

/** Reads a head as the log shows it, or its hash alone. Throws an Error of one sentence for anything else. */
function readHead(text: string, tenants: number): NonNullable<VerifyOptions['kept']> {
  if (tenants !== 1) throw new Error('--head belongs to one tenant: add --tenant');
  const [, position, hash] = /^(?:(\d{1,15}):)?([0-9a-f]{64})$/.exec(text) ?? [];
  if (hash === undefined) throw new Error('--head should be the position and the hash of a head, such as 120:9f86…');
  return { hash, ...(position !== undefined && { position: Number(position) }) };
}

const progressEveryRows = 100_000;

/** A line now and then for a person who waits; none for a program. */
function progressOf({ json }: VerifyWords): Pick<VerifyOptions, 'progress'> {
  if (json || !process.stderr.isTTY) return {};
  let said = 0;
  return {
    progress: (links) => {
      if (links - said < progressEveryRows) return;
      said = links;
      note(`${links} rows so far`);
    },
  };
}

function writeVerified({ tenant, finding, sealed, unsealed, erased, begins, head }: Verified): string {
  const older = begins === 1 ? '' : `, the first at position ${begins} since older ones are not kept`;
  const counts = `${sealed} rows sealed${older}, ${erased} of them erased; ${unsealed} not sealed yet.`;
  const end = head === undefined ? '' : `  The chain ends at ${head.position}:${head.hash}\n`;
  if (finding === undefined) return `${tenant}: the journal is as it was sealed. ${counts}\n${end}`;
  const { kind, sequence, position, message } = finding;
  // Only who has lost the number needs the place in the chain.
  const row = sequence === undefined ? `position ${position} of the chain` : `number ${sequence} of journal list`;
  return `${tenant}: the journal was tampered with. First finding: ${kind}, ${row}: ${message}.\n  Until there: ${counts}\n`;
}

async function list({ tenant, ...words }: ListWords): Promise<void> {
  const times = {
    ...(words.from !== undefined && { from: readTime('--from', words.from) }),
    ...(words.to !== undefined && { to: readTime('--to', words.to) }),
  };
  const wish = {
    ...times,
    ...(words.resource !== undefined && { resource: words.resource }),
    ...(words.before !== undefined && { before: readNumber('--before', words.before) }),
    count: readCount(words.count),
  };
  await withRoll(async ({ db }) => {
    const caller = await callerIn(db, tenant);
    const connections = await listConnections(caller, db);
    const part = await listJournal(caller, db, {
      ...wish,
      ...(words.connection !== undefined && { connection: connectionId(words.connection, connections) }),
    });
    print(words, part, writePart(part, new Map(connections.map(({ id, name }) => [id, name]))));
  });
}

type Names = ReadonlyMap<string, string>;

function writePart({ entries, next }: JournalPart, names: Names): string {
  const lines = entries.flatMap((entry) => [
    `${entry.sequence}  ${writeTime(entry.at)}  ${entry.kind} ${withName(entry.resource, names)} ${entry.action} by ${doerOf(entry, names)}, request ${entry.requestId}`,
    ...entry.changes.map((change) => `    ${writeChange(change)}`),
  ]);
  const more = next === undefined ? [] : [`There is more before: add --before ${next}`];
  return [...lines, ...more].map((line) => `${line}\n`).join('');
}

function doerOf({ connection, person, dialect }: ToldEntry, names: Names): string {
  if (connection !== undefined) return `${withName(connection, names)} (${dialect})`;
  return person === undefined ? dialect : `${person} (${dialect})`;
}

/** An id, and what the connection that has it is called. */
function withName(id: string, names: Names): string {
  const name = names.get(id);
  return name === undefined ? id : `${JSON.stringify(name)} ${id}`;
}
