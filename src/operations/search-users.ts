import { allAttributes, userType } from '#attributes/resource-type.ts';
import type { Caller } from '#domain/caller.ts';
import { checkFilter } from '#domain/check-filter.ts';
import type { Filter } from '#domain/filter.ts';
import type { Db } from '#store/database.ts';
import { factsOf, type UserFacts } from './describe-user.ts';
import { listResources } from './list-resources.ts';

/** Whom somebody looks for: with both, people for whom both hold; with neither, everybody. */
export interface UserSearch {
  readonly userName?: string;
  readonly email?: string;
  readonly offset: number;
  readonly count: number;
}

/** Some of those who were found, in the order in which they were made, and how many they are in all. */
export interface FoundUsers {
  readonly total: number;
  readonly users: readonly UserFacts[];
}

/** People by the userName or an e-mail, in any case of letters. Raises `forbidden`. */
export async function searchUsers(
  caller: Caller,
  db: Db,
  { userName, email, offset, count }: UserSearch,
): Promise<FoundUsers> {
  const asked: Filter[] = [
    ...(userName === undefined ? [] : [{ op: 'eq', path: 'userName', value: userName } as const]),
    ...(email === undefined ? [] : [{ op: 'eq', path: 'emails.value', value: email } as const]),
  ];
  const [first, second] = asked;
  const both = first && second ? ({ op: 'and', filters: [first, second] } as const) : first;
  const filter = both && checkFilter(allAttributes(userType), both);
  const wanted = { groups: false, members: false };
  const { total, resources } = await listResources(caller, db, {
    type: userType,
    filter,
    page: { offset, count },
    wanted,
  });
  return { total, users: resources.map(factsOf) };
}
