import { allAttributes, userType } from '#attributes/resource-type.ts';
import { type Caller, noConnection } from '#domain/caller.ts';
import { checkFilter } from '#domain/check-filter.ts';
import { Fault } from '#domain/fault.ts';
import { fold } from '#domain/fold.ts';
import { isId } from '#domain/is-id.ts';
import { changesOf } from '#journal/changes-of.ts';
import type { Db } from '#store/database.ts';
import { findMentions, listEntries } from '#store/journal-lists.ts';
import { listResources } from '#store/list-resources.ts';
import { checkReadsJournal } from './check-reads-journal.ts';

/**
 * The id of the person who has or had this userName or id. Who has the name now goes before who had it. Raises `not_found`,
 * `forbidden`, and `too_many` when several people had the name.
 */
export async function findPerson(caller: Caller, db: Db, nameOrId: string): Promise<string> {
  checkReadsJournal(caller);
  const named = await findNamed(caller, db, nameOrId);
  if (named !== undefined) return named;
  if (isId(nameOrId) && (await wasUser(caller, db, nameOrId))) return nameOrId.toLowerCase();
  const former = await findFormer(caller, db, nameOrId);
  const [one, ...others] = former;
  if (one === undefined) throw new Fault('not_found', 'nobody in this tenant has or had this userName or id');
  if (others.length === 0) return one;
  throw new Fault('too_many', `several people had this userName; name one by his id: ${former.join(', ')}`);
}

async function findNamed(caller: Caller, db: Db, name: string): Promise<string | undefined> {
  const filter = checkFilter(allAttributes(userType), { op: 'eq', path: 'userName', value: name });
  const { resources } = await listResources(
    db,
    { tenant: caller.tenant, connection: noConnection },
    {
      ...{ type: userType, filter, page: { offset: 0, count: 1 } },
      wanted: { groups: false, members: false },
    },
  );
  return resources[0]?.id;
}

async function wasUser(caller: Caller, db: Db, resource: string): Promise<boolean> {
  const entries = await listEntries(db, caller.tenant, { resource, count: 1 });
  return entries[0]?.kind === 'User';
}

async function findFormer(caller: Caller, db: Db, name: string): Promise<string[]> {
  const isIt = (value: unknown) => typeof value === 'string' && fold(value) === fold(name);
  const mentions = await findMentions(db, caller.tenant, name);
  const had = mentions.filter((mention) =>
    changesOf(mention).some(({ path, from, to }) => path === 'userName' && (isIt(from) || isIt(to))),
  );
  return [...new Set(had.map(({ resource }) => resource))];
}
