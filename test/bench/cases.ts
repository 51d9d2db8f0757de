import { personNumber } from './fill-roll.ts';
import type { Load } from './measure.ts';

/** Whom the requests are about. */
export interface Roll {
  readonly ids: readonly string[];
  /** People who are in no group yet. */
  readonly spare: readonly string[];
  readonly smallGroup: string;
  readonly largeGroup: string;
  readonly token: string;
  /** The tokens of connections that speak other APIs than SCIM. */
  readonly metabase: string;
  readonly callbox: string;
}

/** One line of the table: a request to the product and its counterpart on the floor. */
export interface Case {
  readonly name: string;
  /** It answers with everybody: the small roll on both sides, and four connections. */
  readonly isWhole?: true;
  readonly product: (roll: Roll) => Load['request'];
  readonly floor: (roll: Roll) => Load['request'];
}

let created = 0;
let added = 0;

const pick = (list: readonly string[]) => list[Math.floor(Math.random() * list.length)] ?? '';
const next = (list: readonly string[]) => list[added++ % list.length] ?? '';
const scim = (token: string) => ({ Authorization: `Bearer ${token}`, 'Content-Type': 'application/scim+json' });
const plain = { 'Content-Type': 'application/json' };
const patchBody = (operation: object) =>
  JSON.stringify({ schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: [operation] });
const newPerson = () => JSON.stringify(personNumber(10_000_000 + created++));
const someName = (roll: Roll) => `user${Math.floor(Math.random() * roll.ids.length)}@example.org`;
/** A piece of one person's first name, or of some people's. */
const someSearch = (roll: Roll) => `iven${Math.floor(Math.random() * roll.ids.length)}`;
const activation = () => patchBody({ op: 'replace', path: 'active', value: Math.random() < 0.5 });
const addition = (roll: Roll) => patchBody({ op: 'add', path: 'members', value: [{ value: next(roll.spare) }] });

/** What is measured, in the order of the table. */
export const cases: readonly Case[] = [
  {
    name: 'GET by id',
    product: (roll) => () => ({ method: 'GET', path: `/scim/v2/Users/${pick(roll.ids)}`, headers: scim(roll.token) }),
    floor: (roll) => () => ({ method: 'GET', path: `/get/${pick(roll.ids)}`, headers: plain }),
  },
  {
    name: 'filter userName eq',
    product: (roll) => () => ({
      method: 'GET',
      path: `/scim/v2/Users?filter=userName%20eq%20%22${someName(roll)}%22`,
      headers: scim(roll.token),
    }),
    floor: (roll) => () => ({ method: 'GET', path: `/eq/${someName(roll)}`, headers: plain }),
  },
  {
    name: 'list of 100',
    product: (roll) => () => ({
      method: 'GET',
      path: '/scim/v2/Users?count=100&excludedAttributes=groups',
      headers: scim(roll.token),
    }),
    floor: () => () => ({ method: 'GET', path: '/list', headers: plain }),
  },
  {
    name: 'list of 100 with groups',
    product: (roll) => () => ({ method: 'GET', path: '/scim/v2/Users?count=100', headers: scim(roll.token) }),
    floor: () => () => ({ method: 'GET', path: '/list', headers: plain }),
  },
  {
    name: 'create',
    product: (roll) => () => ({
      method: 'POST',
      path: '/scim/v2/Users',
      headers: scim(roll.token),
      body: scimBody(newPerson()),
    }),
    floor: () => () => ({ method: 'POST', path: '/create', headers: plain, body: newPerson() }),
  },
  {
    name: 'PATCH active',
    product: (roll) => () => ({
      method: 'PATCH',
      path: `/scim/v2/Users/${pick(roll.ids)}`,
      headers: scim(roll.token),
      body: activation(),
    }),
    floor: (roll) => () => ({ method: 'PATCH', path: `/patch/${pick(roll.ids)}`, headers: plain, body: activation() }),
  },
  memberCase('add a member to a group of 10', (roll) => roll.smallGroup),
  memberCase('add a member to a group of 100,000', (roll) => roll.largeGroup),
  {
    name: 'Metabase: 50 of a search',
    product: (roll) => () => ({
      method: 'GET',
      path: `/api/user?limit=50&offset=0&query=${someSearch(roll)}`,
      headers: { 'X-API-Key': roll.metabase },
    }),
    floor: (roll) => () => ({ method: 'GET', path: `/search/${someSearch(roll)}`, headers: plain }),
  },
  {
    name: 'CallBox: all of 11,000',
    isWhole: true,
    product: (roll) => () => ({
      method: 'GET',
      path: '/api/v1/staff/users',
      headers: { Authorization: `Bearer ${roll.callbox}` },
    }),
    floor: () => () => ({ method: 'GET', path: '/staff', headers: plain }),
  },
];

function memberCase(name: string, group: (roll: Roll) => string): Case {
  return {
    name,
    product: (roll) => () => ({
      method: 'PATCH',
      path: `/scim/v2/Groups/${group(roll)}`,
      headers: scim(roll.token),
      body: addition(roll),
    }),
    floor: (roll) => () => ({ method: 'PATCH', path: `/member/${group(roll)}`, headers: plain, body: addition(roll) }),
  };
}

/** The same person in SCIM's words. */
function scimBody(person: string): string {
  return person.replace('"enterprise":', '"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":');
}
