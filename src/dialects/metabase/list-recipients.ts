import type { Caller } from '#domain/caller.ts';
import type { Filter } from '#domain/filter.ts';
import type { JsonObject } from '#http/parse-json.ts';
import type { DialectParts, DialectRoute } from '../dialect.ts';
import { toWire } from '../representation.ts';
import { shapeOf } from '../shapes.ts';
import { answerJson } from './answer.ts';
import { answerList, listShape } from './answer-list.ts';
import { namespace, seeing, seesAll } from './asker.ts';
import { writeKeyUser } from './key-user.ts';
import { isSandboxed, ownGroups } from './own-groups.ts';
import { pageOf, pagingParts, readPaging } from './paging.ts';
import { readQuery } from './read-request.ts';
import { user, userOfOthers } from './user.ts';

/** 3.6.2. */
export const listRecipients: DialectRoute = {
  ...{ method: 'GET', path: '/user/recipients', about: 'List the active people whom the caller may write to.' },
  query: pagingParts,
  answers: {
    200: { about: 'The people, by last name; superusers see more of each.', shape: listShape(shapeOf(userOfOthers)) },
  },
  handle: async (context, parts) => {
    const { caller } = context.var;
    const paging = readPaging(readQuery(context.req.url, ['limit', 'offset']));
    if (await seesHimselfAlone(parts, caller)) {
      const { limit = null, offset = null } = paging;
      return answerJson(context, { data: [await himself(parts, caller)], total: 1, limit, offset });
    }
    const filter = await sharingGroup(parts, caller);
    const wish = { namespace, active: true, order: 'family', groups: false, ...pageOf(paging), ...filter } as const;
    const fields = seesAll(caller) ? user : userOfOthers;
    const people = await parts.operations.listPeople(seeing(caller), wish);
    return answerList(context, people, (each) => toWire(fields, each), paging);
  },
};

/** Whom others see is restricted in the enterprise edition alone, and never for a superuser. */
function visibilityFor({ settings }: DialectParts, caller: Caller): 'all' | 'group' | 'none' {
  const { edition, userVisibility } = settings.metabase;
  return edition === 'enterprise' && !seesAll(caller) ? userVisibility : 'all';
}

async function seesHimselfAlone(parts: DialectParts, caller: Caller): Promise<boolean> {
  return visibilityFor(parts, caller) === 'none' || (await isSandboxed(parts, caller));
}

async function himself({ operations }: DialectParts, caller: Caller): Promise<JsonObject> {
  if (caller.person === undefined) return writeKeyUser(await operations.describeKey(caller, namespace));
  return toWire(user, await operations.getOwnPerson(caller, namespace));
}

/** Those who are in a group with the caller. Who is in none sees everybody: 3.6.2. */
async function sharingGroup(parts: DialectParts, caller: Caller): Promise<{ readonly filter?: Filter }> {
  if (visibilityFor(parts, caller) !== 'group') return {};
  const groups = await ownGroups(parts, caller);
  if (groups.length === 0) return {};
  const filters = groups.map(({ id }) => ({ op: 'eq', path: 'groups.value', value: id }) as const);
  return { filter: { op: 'or', filters } };
}
