import { checkMayWrite } from '#domain/caller.ts';
import type { DialectContext, DialectRoute } from '../dialect.ts';
import { listOf, objectOf } from '../shapes.ts';
import { streamList, streamTexts } from '../stream-list.ts';
import { answerJson, answerNothing, answerText } from './answer.ts';
import { namespace, readKey, writeRules } from './asker.ts';
import {
  chooseGroup,
  memberShape,
  membershipProperties,
  membershipShape,
  readMembershipId,
  writeMember,
  writeMembershipId,
  writeMembershipsOf,
} from './group.ts';
import { managersMay } from './group-routes.ts';
import { boolean, positiveInt } from './kinds.ts';
import { partsOf, readParameters } from './parameters.ts';
import { readMembers } from './read-request.ts';
import { refusal, sayInstead } from './refusal.ts';

const manages = { kind: boolean, about: 'Whether he is to manage the group; only in the enterprise edition.' } as const;
const joining = {
  group_id: { kind: positiveInt, about: 'The group.' },
  user_id: { kind: positiveInt, about: 'The person.' },
  is_group_manager: { ...manages, nullable: true },
} as const;
const changing = { is_group_manager: manages } as const;

const { membership_id: id, ...others } = membershipProperties;
const changedShape = objectOf({ id, ...others });

const numbers =
  'A membership that is stored has three times its own number as id; those in groups 1 and 2, three times the number of the person and 1 or 2.';

const signedOut = 'Who comes into `Administrators`, or leaves them, has to sign in again: his sessions end.';

const listMemberships: DialectRoute = {
  ...{
    method: 'GET',
    path: '/permissions/membership',
    about: 'List memberships, for superusers and managers of groups.',
  },
  answers: {
    200: {
      about: 'By the id of the person, in which groups he is directly.',
      shape: { type: 'object', additionalProperties: listOf(membershipShape) },
    },
  },
  assumed: [numbers],
  handle: async (context, parts) => {
    const wish = { ...managersMay(parts), namespace };
    const { onlyManaged: onlyStored, chunks } = await parts.operations.listMemberships(context.var.caller, wish);
    const body = streamTexts(
      chunks,
      (each) => `"${each.key}":${JSON.stringify(writeMembershipsOf(each, { onlyStored }))}`,
      { before: '{', after: '}' },
    );
    return answerText(context, body);
  },
};

const join: DialectRoute = {
  ...{
    method: 'POST',
    path: '/permissions/membership',
    about: 'Put a person into a group, for superusers and its managers.',
  },
  body: partsOf(joining),
  answers: {
    200: { about: 'The active members of the group, by name.', shape: listOf(memberShape) },
  },
  assumed: ['Who is in the group already is refused with 400.', 'An unknown person or group is 404.', signedOut],
  handle: async (context, parts) => {
    const { caller } = context.var;
    const sent = readParameters(joining, await readMembers(context, parts.limits));
    const isManager = sent.is_group_manager === true;
    const group = chooseGroup(sent.group_id);
    const access = { ...managersMay(parts), namespace, group };
    if (isManager && !access.byManagers) {
      checkMayWrite(caller, 'Group');
      throw enterpriseOnly();
    }
    const wish = { ...access, person: String(sent.user_id), manages: isManager, rules: writeRules };
    await sayAllUsers(parts.operations.joinGroup(caller, wish));
    const { chunks } = await parts.operations.getGroup(caller, access);
    const { edition } = parts.settings.metabase;
    const body = streamList(chunks, (member) => writeMember(member, edition));
    return answerText(context, body);
  },
};

const changeMembership: DialectRoute = {
  ...{
    method: 'PUT',
    path: '/permissions/membership/:id{[0-9]+}',
    about: 'Make a member the manager of the group, or no longer; in the enterprise edition.',
  },
  body: partsOf(changing),
  answers: { 200: { about: 'The membership.', shape: changedShape } },
  handle: async (context, parts) => {
    const membership = chosen(context);
    const sent = readParameters(changing, await readMembers(context, parts.limits));
    const access = managersMay(parts);
    if (!access.byManagers) throw enterpriseOnly();
    const wish = { ...access, namespace, membership, manages: sent.is_group_manager, rules: writeRules };
    const changed = await sayAllUsers(parts.operations.updateMembership(context.var.caller, wish));
    return answerJson(context, {
      id: writeMembershipId(membership),
      ...{ user_id: Number(changed.person), group_id: Number(changed.key), is_group_manager: changed.manages },
    });
  },
};

const clear: DialectRoute = {
  ...{
    method: 'PUT',
    path: '/permissions/membership/:id{[0-9]+}/clear',
    about: 'Take everybody out of a group, for superusers and its managers.',
  },
  answers: { 204: { about: 'The group is empty.' } },
  assumed: ['Groups that are in the group, as other APIs can make it, stay in it.'],
  handle: async (context, parts) => {
    const group = chooseGroup(Number(readKey(context)));
    const wish = { ...managersMay(parts), namespace, group, rules: writeRules };
    const doing = parts.operations.clearGroup(context.var.caller, wish);
    await (group === 'everybody' ? sayAllUsers(doing) : doing);
    return answerNothing(context);
  },
};

const leave: DialectRoute = {
  ...{
    method: 'DELETE',
    path: '/permissions/membership/:id{[0-9]+}',
    about: 'Take a person out of a group, for superusers and its managers.',
  },
  answers: { 204: { about: 'The membership is no more.' } },
  assumed: [numbers, 'Who leaves a group manages it no longer.', signedOut],
  handle: async (context, parts) => {
    const wish = { ...managersMay(parts), namespace, membership: chosen(context), rules: writeRules };
    await sayAllUsers(parts.operations.leaveGroup(context.var.caller, wish));
    return answerNothing(context);
  },
};

/** Who is in which group: 3.7. */
export const membershipRoutes: readonly DialectRoute[] = [listMemberships, join, changeMembership, clear, leave];

function chosen(context: DialectContext) {
  return readMembershipId(Number(readKey(context)));
}

function sayAllUsers<Result>(doing: Promise<Result>): Promise<Result> {
  return sayInstead(doing, 'read_only', { word: 'allUsersGroup' });
}

function enterpriseOnly() {
  return refusal('forbidden', { word: 'enterpriseOnly', status: 402 });
}
