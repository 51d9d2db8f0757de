import { type Command, Option } from 'commander';
import type { Caller } from '#domain/caller.ts';
import { findPerson } from '#operations/find-person.ts';
import { listConnections } from '#operations/list-connections.ts';
import { listRequestLog, type RequestLogWish, type ToldRequest } from '#operations/list-request-log.ts';
import type { Connection } from '#store/connections.ts';
import type { Db } from '#store/database.ts';
import { callerIn } from './choose-tenant.ts';
import { connectionId } from './connection-id.ts';
import { note, type OutputOptions, print } from './output.ts';
import { readCount } from './read-number.ts';
import { readTime, timeForm } from './read-time.ts';
import { jsonOption, tenantOption } from './shared-options.ts';
import { withRoll } from './with-roll.ts';

interface RequestsOptions extends OutputOptions {
  readonly tenant: string;
  readonly connection?: string;
  readonly person?: string;
  readonly request?: string;
  readonly failed?: true;
  readonly unauthenticated?: true;
  readonly since?: string;
  readonly count: string;
}

/** Adds the verb that shows what clients sent and what was done with it. */
export function addRequestsCommand(program: Command): void {
  program
    .command('requests')
    .description('Show what clients sent and what was done with it, oldest first.')
    .option('--connection <name-or-id>', 'requests of this connection')
    .option('--person <name-or-id>', 'changes of this person and failures about him; reads are left out')
    .option('--request <id>', 'the request that was answered with this X-Request-Id')
    .option('--failed', 'requests that were answered with 400 or more')
    .option('--unauthenticated', 'refused calls without a valid token, of all tenants')
    .option('--since <time>', `from this time on, ${timeForm}`)
    .addOption(new Option('--count <count>', 'the newest so many').default('50'))
    .addOption(tenantOption())
    .addOption(jsonOption())
    .action(show);
}

async function show(options: RequestsOptions): Promise<void> {
  await withRoll(async ({ db }) => {
    const caller = await callerIn(db, options.tenant);
    const connections = await listConnections(caller, db);
    const { requests, next } = await listRequestLog(caller, db, await wishOf(options, caller, db, connections));
    const names = new Map(connections.map(({ id, name }) => [id, name]));
    const oldestFirst = requests.toReversed();
    print(options, oldestFirst, oldestFirst.map((request) => linesOf(request, names)).join('\n'));
    if (requests.length === 0 && !options.json) note('No such request is in the log.');
    if (next !== undefined && !options.json) note('There are older ones: ask with a larger --count.');
  });
}

async function wishOf(
  options: RequestsOptions,
  caller: Caller,
  db: Db,
  connections: readonly Connection[],
): Promise<RequestLogWish> {
  const { connection, person, request, failed, unauthenticated, since, count } = options;
  return {
    count: readCount(count),
    ...(connection !== undefined && { connection: connectionId(connection, connections) }),
    ...(person !== undefined && { person: await findPerson(caller, db, person) }),
    ...(request !== undefined && { requestId: request }),
    ...(since !== undefined && { from: readTime('--since', since) }),
    ...{ failed: failed ?? false, unauthenticated: unauthenticated ?? false },
  };
}

/** One request: a line of what happened, then what belongs to it, indented. */
function linesOf(request: ToldRequest, names: ReadonlyMap<string, string>): string {
  const { at, connection, person, address, method, path, status, durationMs, requestId } = request;
  const who = (connection === undefined ? person : (names.get(connection) ?? connection)) ?? 'nobody known';
  const head = `${at}  ${status}  ${method} ${path}  (${who}${address === undefined ? '' : `, ${address}`}, ${Math.round(durationMs)} ms)`;
  const more = [
    ...(request.fault === undefined ? [] : [['refused', refusalOf(request.fault, request.detail)]]),
    ...(request.body === undefined ? [] : [['sent', request.body]]),
    ...(request.skipped === undefined ? [] : [['left out', request.skipped.join(', ')]]),
    ...(request.changed === undefined ? [] : [['read as', request.changed.join(', ')]]),
    ...request.changes.map(({ action, kind, resource, sequence }) => [
      'did',
      `${kind} ${resource} ${action} (journal ${sequence})`,
    ]),
    ['request', requestId],
  ];
  return [printable(head), ...more.map(([name = '', text = '']) => `  ${name.padEnd(8)}  ${printable(text)}`), ''].join(
    '\n',
  );
}

/** The words for a removal that waits begin with the name of their fault. */
function refusalOf(fault: string, detail = ''): string {
  return detail.startsWith(`${fault}: `) ? detail : `${fault}: ${detail}`;
}

/** What a client sent must not move the cursor of whoever reads it. */
function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, ' ');
}
