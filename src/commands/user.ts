import type { Command } from 'commander';
import type { Value, Values } from '#attributes/attribute.ts';
import { allAttributes, userType } from '#attributes/resource-type.ts';
import type { Caller } from '#domain/caller.ts';
import { checkFilter } from '#domain/check-filter.ts';
import { readValues } from '#domain/document.ts';
import { isId } from '#domain/is-id.ts';
import type { Resource } from '#domain/resource.ts';
import { getResource } from '#operations/get-resource.ts';
import { listExternalIds } from '#operations/list-external-ids.ts';
import { listResources } from '#operations/list-resources.ts';
import type { Db } from '#store/database.ts';
import type { ExternalId } from '#store/external-ids.ts';
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
    const user = await findUser(caller, db, nameOrId);
    const shown = describe(user, await listExternalIds(caller, db, user.id));
    print(options, shown, writeTable(linesOf(shown)));
  });
}

async function findUser(caller: Caller, db: Db, nameOrId: string): Promise<Resource> {
  const wanted = { groups: true, members: false };
  const filter = checkFilter(allAttributes(userType), { op: 'eq', path: 'userName', value: nameOrId });
  const { resources } = await listResources(caller, db, {
    type: userType,
    filter,
    page: { offset: 0, count: 1 },
    wanted,
  });
  const [named] = resources;
  if (named !== undefined) return named;
  if (isId(nameOrId)) return getResource(caller, db, userType, nameOrId, wanted);
  throw new Error(`there is no user with the userName or id ${JSON.stringify(nameOrId)} in this tenant`);
}

function describe(user: Resource, externalIds: readonly ExternalId[]) {
  const { active, ...attributes } = readValues(userType, user.document);
  return {
    id: user.id,
    number: user.number,
    objectId: user.objectId,
    version: user.version,
    active: active !== false,
    created: user.createdAt,
    modified: user.modifiedAt,
    attributes,
    groups: (user.groups ?? []).map(({ id, label, direct }) => ({ id, name: label, direct })),
    externalIds,
  };
}

function linesOf({ attributes, groups, externalIds, ...facts }: ReturnType<typeof describe>): [string, string][] {
  return [
    ...Object.entries(facts).map(([name, value]): [string, string] => [name, String(value)]),
    ...flatten(attributes),
    ...groups.map(({ id, name, direct }): [string, string] => [
      'group',
      `${name} (${id}${direct ? '' : ', indirect'})`,
    ]),
    ...externalIds.map(({ name, value }): [string, string] => ['external id', `${value} (of ${name})`]),
  ];
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
