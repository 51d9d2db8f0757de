import { groupType } from '#attributes/resource-type.ts';
import { type Caller, checkMayWrite } from '#domain/caller.ts';
import { fold } from '#domain/fold.ts';
import type { ManagersMay } from '#operations/check-manages.ts';
import type { DialectContext, DialectParts, DialectRoute } from '../dialect.ts';
import type { Shape } from '../representation.ts';
import { integerShape, listOf, objectOf } from '../shapes.ts';
import { streamList } from '../stream-list.ts';
import { answerJson, answerNothing, answerText } from './answer.ts';
import { namespace, readKey, writeRules } from './asker.ts';
import { builtInNames, chooseGroup, groupShape, memberShape, writeCounted, writeGroup, writeMember } from './group.ts';
import { nonBlank } from './kinds.ts';
import { pageOf, pagingParts, readPaging } from './paging.ts';
import { partsOf, readParameters } from './parameters.ts';
import { readMembers, readQuery } from './read-request.ts';
import { refusal, sayInstead } from './refusal.ts';

const parameters = { name: { kind: nonBlank, about: 'The name; no other group has it, in capitals or not.' } } as const;
const withMore = ({ properties }: Shape, more: Readonly<Record<string, Shape>>) => objectOf({ ...properties, ...more });

const directOnly = 'Who is in a group through another group, as other APIs can make it, is not shown as its member.';

const listGroups: DialectRoute = {
  ...{ method: 'GET', path: '/permissions/group', about: 'List groups, for superusers and managers of groups.' },
  query: pagingParts,
  answers: {
    200: {
      about: 'The groups by name, with how many active people are in each.',
      shape: listOf(withMore(groupShape, { member_count: integerShape })),
    },
  },
  assumed: [directOnly],
  handle: async (context, parts) => {
    const page = pageOf(readPaging(readQuery(context.req.url, ['limit', 'offset'])));
    const wish = { ...managersMay(parts), namespace, builtIn: builtInNames, ...page };
    const groups = await parts.operations.listGroups(context.var.caller, wish);
    return answerJson(context, groups.map(writeCounted));
  },
};

const readGroup: DialectRoute = {
  ...{ method: 'GET', path: '/permissions/group/:id{[0-9]+}', about: 'Read a group, for superusers and its managers.' },
  answers: {
    200: {
      about: 'The group and its active members, by name.',
      shape: withMore(groupShape, { members: listOf(memberShape) }),
    },
  },
  assumed: [directOnly],
  handle: async (context, parts) => {
    const group = chooseGroup(Number(readKey(context)));
    const wish = { ...managersMay(parts), namespace, group };
    const { name = '', chunks } = await parts.operations.getGroup(context.var.caller, wish);
    const shown = typeof group === 'string' ? writeGroup(group) : writeGroup({ ...group, name });
    const before = `${JSON.stringify(shown).slice(0, -1)},"members":[`;
    const { edition } = parts.settings.metabase;
    const body = streamList(chunks, (member) => writeMember(member, edition), { before, after: ']}' });
    return answerText(context, body);
  },
};

const createGroup: DialectRoute = {
  ...{ method: 'POST', path: '/permissions/group', about: 'Make a group, for superusers.' },
  body: partsOf(parameters),
  answers: { 200: { about: 'The group.', shape: groupShape } },
  handle: async (context, { operations, limits }) => {
    const { caller } = context.var;
    const { name } = readParameters(parameters, await readMembers(context, limits));
    checkMayWrite(caller, 'Group');
    checkNotBuiltIn(name);
    const changes = [{ op: 'set', path: 'displayName', value: name }] as const;
    const { resource } = await sayTaken(operations.createResource(caller, groupType, { changes, rules: writeRules }));
    return answerJson(context, { id: resource.number, name });
  },
};

const renameGroup: DialectRoute = {
  ...{
    method: 'PUT',
    path: '/permissions/group/:id{[0-9]+}',
    about: 'Rename a group, for superusers and its managers.',
  },
  body: partsOf(parameters),
  answers: { 200: { about: 'The group.', shape: groupShape } },
  assumed: ['Groups 1 and 2 cannot be renamed.'],
  handle: async (context, parts) => {
    const { caller } = context.var;
    const id = Number(readKey(context));
    const group = chooseGroup(id);
    const { name } = readParameters(parameters, await readMembers(context, parts.limits));
    if (typeof group !== 'string') checkNewName(caller, parts, name);
    const wish = { ...managersMay(parts), namespace, group, name, rules: writeRules };
    await sayBuiltIn(context, sayTaken(parts.operations.renameGroup(caller, wish)));
    return answerJson(context, { id, name });
  },
};

const deleteGroup: DialectRoute = {
  ...{
    method: 'DELETE',
    path: '/permissions/group/:id{[0-9]+}',
    about: 'Delete a group, for superusers and its managers.',
  },
  answers: { 204: { about: 'The group is not there, or not any more.' } },
  assumed: ['The API keys of the group become keys of `All Users`.'],
  handle: async (context, parts) => {
    const group = chooseGroup(Number(readKey(context)));
    const wish = { ...managersMay(parts), namespace, group };
    await sayBuiltIn(context, parts.operations.deleteGroup(context.var.caller, wish));
    return answerNothing(context);
  },
};

/** Groups: 3.7. */
export const groupRoutes: readonly DialectRoute[] = [listGroups, readGroup, createGroup, renameGroup, deleteGroup];

/** Managers of groups are a feature of the enterprise edition. */
export function managersMay({ settings }: DialectParts): ManagersMay {
  return { byManagers: settings.metabase.edition === 'enterprise' };
}

/** Raises `already_exists` for a name that nobody can give, once it is clear that the caller may try. */
function checkNewName(caller: Caller, parts: DialectParts, name: string): void {
  if (!managersMay(parts).byManagers) checkMayWrite(caller, 'Group');
  checkNotBuiltIn(name);
}

function checkNotBuiltIn(name: string): void {
  const isTaken = Object.values(builtInNames).some((taken) => fold(taken) === fold(name));
  if (isTaken) throw refusal('already_exists', { word: 'groupNameTaken' });
}

function sayTaken<Result>(doing: Promise<Result>): Promise<Result> {
  return sayInstead(doing, 'already_exists', { word: 'groupNameTaken' });
}

function sayBuiltIn<Result>(context: DialectContext, doing: Promise<Result>): Promise<Result> {
  const group = chooseGroup(Number(readKey(context)));
  const name = typeof group === 'string' ? builtInNames[group] : '';
  return sayInstead(doing, 'read_only', { word: 'builtInGroup', values: { name } });
}
