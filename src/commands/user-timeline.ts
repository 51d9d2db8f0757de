import type { Command } from 'commander';
import { findPerson } from '#operations/find-person.ts';
import { type Moment, readTimeline, type Timeline } from '#operations/read-timeline.ts';
import { type PastState, stateAt } from '#operations/state-at.ts';
import { callerIn } from './choose-tenant.ts';
import { type OutputOptions, print } from './output.ts';
import { readCount, readNumber } from './read-number.ts';
import { readPast, readTime, timeForm } from './read-time.ts';
import { jsonOption, tenantOption } from './shared-options.ts';
import { withRoll } from './with-roll.ts';
import { writeChanges, writeMoment, writeTime } from './write-moment.ts';

interface TimelineOptions extends OutputOptions {
  readonly tenant: string;
  readonly since?: string;
  readonly before?: string;
  readonly count: string;
}

interface StateOptions extends OutputOptions {
  readonly tenant: string;
}

/** Adds the verbs that tell a user's past to those of users. */
export function addTimelineCommands(noun: Command): void {
  noun
    .command('timeline')
    .description('Tell what happened to a user, newest first: who changed what, when, and through which connection.')
    .argument('<name-or-id>', 'the userName, also a former one, or the id, also of a deleted user')
    .option('--since <time>', `only what happened at this time or later, ${timeForm}`)
    .option('--before <number>', 'only what happened before the entry with this number')
    .option('--count <number>', 'how many at most', '500')
    .addOption(tenantOption())
    .addOption(jsonOption())
    .action(timeline);
  noun
    .command('at')
    .description('Show the attributes that a user had at a moment.')
    .argument('<name-or-id>', 'the userName, also a former one, or the id, also of a deleted user')
    .argument('<time>', `the moment, which has been, ${timeForm}`)
    .addOption(tenantOption())
    .addOption(jsonOption())
    .action(at);
}

async function timeline(
  nameOrId: string,
  { tenant, since, before, count, ...options }: TimelineOptions,
): Promise<void> {
  const wish = {
    count: readCount(count),
    ...(since !== undefined && { from: readTime('--since', since) }),
    ...(before !== undefined && { before: readNumber('--before', before) }),
  };
  await withRoll(async ({ db }) => {
    const caller = await callerIn(db, tenant);
    const told = await readTimeline(caller, db, await findPerson(caller, db, nameOrId), wish);
    print(options, told, writeTimeline(told));
  });
}

function writeTimeline(told: Timeline): string {
  const blocks = told.moments.map((moment) =>
    [`${writeTime(moment.at)}  ${writeMoment(moment)}`, ...writeChanges(moment).map((line) => `    ${line}`)].join(
      '\n',
    ),
  );
  const more = told.next === undefined ? [] : [`There is more before: add --before ${told.next}`];
  return `${[headOf(told), ...blocks, ...more].join('\n')}\n`;
}

/** What he is now, and the last moment that made him so. */
function headOf({ id, userName, state, moments }: Timeline): string {
  const cause = moments.find((moment) => makes(moment, state));
  const since = cause === undefined ? '' : ` since ${writeTime(cause.at)}: ${writeMoment(cause)}`;
  return `${userName ?? id} is ${state}${since}\n`;
}

function makes({ what, changes }: Moment, state: Timeline['state']): boolean {
  const madeInactive = changes.some(({ path, to }) => path === 'active' && to === false);
  if (state === 'inactive') return madeInactive;
  if (state === 'active') return what === 'activated' || (what === 'created' && !madeInactive);
  return what === state;
}

async function at(nameOrId: string, text: string, options: StateOptions): Promise<void> {
  const time = readPast('<time>', text);
  await withRoll(async ({ db }) => {
    const caller = await callerIn(db, options.tenant);
    const id = await findPerson(caller, db, nameOrId);
    const past = await stateAt(caller, db, id, time);
    const name = String(past.attributes?.userName ?? nameOrId);
    print(
      options,
      { id, at: time, ...past },
      writeState(name.toLowerCase() === id ? id : `${name} (${id})`, time, past),
    );
  });
}

const stateSentences = {
  none: 'was not on the roll',
  active: 'was active',
  inactive: 'was inactive',
  unknown: 'was on the roll or not: what the journal knew of it is erased, or was kept for long enough',
} as const satisfies Readonly<Record<PastState['state'], string>>;

function writeState(who: string, time: string, { state, attributes }: PastState): string {
  const shown = attributes === undefined ? '' : `${JSON.stringify(attributes, null, 2)}\n`;
  return `On ${writeTime(time)} the user ${who} ${stateSentences[state]}\n${shown}`;
}
