import { readFile } from 'node:fs/promises';
import { log } from '@clack/prompts';
import type { Command } from 'commander';
import type { Dialect } from '#dialects/dialect.ts';
import type { ExportFacts } from '#dialects/export-facts.ts';
import { dialects } from '#dialects/index.ts';
import { readExport } from '#dialects/read-export.ts';
import type { Caller } from '#domain/caller.ts';
import type { ExportedRecord } from '#domain/exported.ts';
import { isSuperuser } from '#domain/is-superuser.ts';
import { type ImportProgress, importPeople } from '#operations/import-people.ts';
import type { ImportPlan, ImportWish, ListPlan } from '#operations/import-plan.ts';
import { planImport } from '#operations/plan-import.ts';
import type { Db } from '#store/database.ts';
import { choose } from './choose.ts';
import { callerInNew } from './choose-tenant.ts';
import { givesWayOption, leftOutOf, sayConflict, writeImport } from './import-text.ts';
import { type OutputOptions, print } from './output.ts';
import { jsonOption, tenantOption } from './shared-options.ts';
import { withRoll } from './with-roll.ts';

interface ImportOptions extends OutputOptions {
  readonly dialect: string;
  readonly groups?: string;
  readonly apply?: true;
  readonly giveWay?: true;
  readonly tenant: string;
}

const exporting = dialects.flatMap(({ name, keys, exports }): Exporting[] =>
  exports === undefined ? [] : [{ name, keys, exports }],
);

/** Adds the verb that brings people along from a system that is replaced. */
export function addImportCommand(program: Command): void {
  const requests = exporting.map(({ name, exports }) => `${name}: ${exports.request}`);
  const groupRequests = exporting.flatMap(({ name, exports }) =>
    exports.groups === undefined ? [] : [`${name}: ${exports.groups.request}`],
  );
  program
    .command('import')
    .description('Bringing people along from systems that Muster replaces.')
    .command('legacy')
    .description(
      'Bring people and groups along with the ids that clients know them by. Says first what it would do; running it again goes on where it stopped.',
    )
    .argument('<file>', `the list of people as the old system answers it (${requests.join('; ')})`)
    .requiredOption('--dialect <dialect>', `the API of the old system: ${exporting.map(({ name }) => name).join(', ')}`)
    .option('--groups <file>', `the list of its groups (${groupRequests.join('; ')})`)
    .option('--apply', 'do it; without this word it only says what it would do')
    .option(givesWayOption, 'give others, whose number is an id of the old system, another id in this API')
    .addOption(tenantOption())
    .addOption(jsonOption())
    .action(importLegacy);
}

async function importLegacy(file: string, options: ImportOptions): Promise<void> {
  const { name, keys, exports } = chosen(options);
  const people = await readText(file);
  const groups = options.groups === undefined ? {} : { groups: await readText(options.groups) };
  const files = { people: file, ...(options.groups !== undefined && { groups: options.groups }) };
  const wish: ImportWish = {
    namespace: { dialect: name, keys: keys === 'objectId' ? keys : 'number' },
    exported: readExport(exports, { people, ...groups, files }, otherExports(name)),
    givesWay: options.giveWay === true,
  };
  await withRoll(async ({ db }) => {
    const caller = await callerInNew(db, options.tenant);
    const isDone = options.apply === true;
    const plan = isDone ? await carryOut(caller, db, wish) : await planImport(caller, db, wish);
    print(options, { applied: isDone, ...asJson(plan) }, writeImport(plan, isDone));
    if (leftOutOf(plan) > 0) process.exitCode = 1;
  });
}

/** An API from which ids come along. */
interface Exporting extends Pick<Dialect, 'name' | 'keys'> {
  readonly exports: ExportFacts;
}

function otherExports(chosen: string): Readonly<Record<string, ExportFacts>> {
  return Object.fromEntries(
    exporting.flatMap(({ name, exports }) => (name === chosen ? [] : [[name, exports] as const])),
  );
}

function chosen({ dialect: name, groups }: ImportOptions): Exporting {
  choose(
    '--dialect',
    name,
    exporting.map((each) => each.name),
  );
  const dialect = exporting.find((each) => each.name === name) as Exporting;
  if (groups === undefined || dialect.exports.groups !== undefined) return dialect;
  throw new Error(`the API ${name} knows no groups: leave --groups out`);
}

/** Throws an Error of one sentence for a file that is not there or no UTF-8. */
async function readText(file: string): Promise<string> {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new Error(`the file ${file} cannot be read (${error.code}): name the one that the list was saved in`);
  });
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Error(`the file ${file} is not UTF-8: save the answer of the old system as it comes`);
  }
}

async function carryOut(caller: Caller, db: Db, wish: ImportWish): Promise<ImportPlan> {
  const importing = importPeople(caller, db, wish);
  const say = progress();
  for (;;) {
    const step = await importing.next();
    if (step.done) return step.value;
    say(step.value);
  }
}

/** A line for each tenth, on a terminal. */
function progress(): (progress: ImportProgress) => void {
  let said = 0;
  return ({ done, all }) => {
    if (!process.stderr.isTTY || done < said + all / 10) return;
    said = done;
    log.step(`${done} of ${all} brought along`, { output: process.stderr });
  };
}

function asJson({ people, groups, memberships, bad }: ImportPlan) {
  return { people: listAsJson(people), groups: listAsJson(groups), memberships, unusable: bad };
}

function listAsJson({ created, matched, unchanged, refused, moved }: ListPlan<ExportedRecord>) {
  const facts = ({ key, name }: ExportedRecord) => ({ id: key, name });
  return {
    created: created.map(({ record, values }) => ({
      ...facts(record),
      ...(isSuperuser(values) && { superuser: true }),
      ...(values.active === false && { active: false }),
    })),
    matched: matched.map(({ record, id, differs }) => ({ ...facts(record), resource: id, differs })),
    unchanged: unchanged.map(({ record, id }) => ({ ...facts(record), resource: id })),
    conflicts: refused.map((each) => ({
      ...{ ...facts(each.record), problem: each.conflict.problem, detail: sayConflict(each) },
    })),
    moved: moved.map(({ key, name, id, what, newKey }) => ({
      ...{ id: key, name, resource: id, what },
      ...(newKey !== undefined && { newId: newKey }),
    })),
  };
}
