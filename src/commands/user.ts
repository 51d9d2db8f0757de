import type { Command } from 'commander';
import type { Value, Values } from '#attributes/attribute.ts';
import { type DescribedUser, describeUser } from '#operations/describe-user.ts';
import { callerIn } from './choose-tenant.ts';
import { type OutputOptions, print, writeTable } from './output.ts';
import { jsonOption, tenantOption } from './shared-options.ts';
import { withRoll } from './with-roll.ts';

interface ShowOptions extends OutputOptions {
  readonly tenant: string;
}

/** Adds the verbs of users to the command line. Gives their noun, for verbs that have files of their own. */
export function addUserCommands(program: Command): Command {
  const noun = program.command('user').description('People and other accounts.');
  noun
    .command('show')
    .description('Show everything that is known of a user: ids, attributes, groups, external ids.')
    .argument('<name-or-id>', 'the userName or the id')
    .addOption(tenantOption())
    .addOption(jsonOption())
    .action(show);
  return noun;
}

async function show(nameOrId: string, options: ShowOptions): Promise<void> {
  await withRoll(async ({ db }) => {
    const caller = await callerIn(db, options.tenant);
    const shown = await describeUser(caller, db, nameOrId);
    print(options, shown, writeTable(linesOf(shown)));
  });
}

function linesOf({ attributes, groups, broughtIds, externalIds, ...facts }: DescribedUser): [string, string][] {
  return [
    ...Object.entries(facts).map(([name, value]): [string, string] => [name, String(value)]),
    ...(broughtIds.length === 0 ? [] : [writeIds(broughtIds)]),
    ...flatten(attributes),
    ...groups.map(({ id, name, direct }): [string, string] => [
      'group',
      `${name} (${id}${direct ? '' : ', indirect'})`,
    ]),
    ...externalIds.map(({ name, value }): [string, string] => ['external id', `${value} (of ${name})`]),
  ];
}

function writeIds(ids: DescribedUser['broughtIds']): [string, string] {
  return ['ids', ids.map(({ dialect, key }) => `${dialect} ${key}`).join(', ')];
}

/** Every simple value with its path: `name.givenName`, `emails[1].value`. */
function flatten(values: Values, before = ''): [string, string][] {
  return Object.entries(values).flatMap(([name, value]) => flattenValue(`${before}${name}`, value));
}

function flattenValue(path: string, value: Value): [string, string][] {
  if (Array.isArray(value)) return value.flatMap((each, index) => flattenValue(`${path}[${index}]`, each));
  if (typeof value === 'object') return flatten(value as Values, `${path}.`);
  return [[path, String(value)]];
}
