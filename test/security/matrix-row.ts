/** Who asks. The connection that was `revoked` lost its token, the one that `ended` is no more. Each is in the dialect of the route unless it says otherwise. */
export const columns = [
  'none',
  'wrong',
  'expired',
  'revoked',
  'ended',
  'other dialect',
  'session of another dialect',
  'other tenant',
  'reader',
  'reader of a superuser',
  'users only',
  'writer',
  'person',
  'superuser',
  'group manager',
  'franchise',
  'tenant admin',
  'operator',
] as const;

export type Column = (typeof columns)[number];

/** What becomes of a request: done, though a version may be missing (412); sent elsewhere (307); let through and found wrong (400); not to be had in this edition (402); refused. */
export type Cell = 'ok' | 307 | 400 | 401 | 402 | 403 | 404;
export type Cells = Readonly<Record<Column, Cell>>;

/** What requests are about. All of it is in the first tenant and, but for `mine`, of no franchisee. */
export interface Subjects {
  readonly user: string;
  readonly superuser: string;
  readonly group: string;
  readonly orgUnit: string;
  /** A group that the group manager manages. */
  readonly managed: string;
  /** A person of the franchisee to which the franchise is bound. */
  readonly mine: string;
  readonly otherFranchisee: string;
  /** An org unit below that of the franchisee. */
  readonly shop: string;
  readonly connection: string;
  /** One that has the right superuser. */
  readonly strongConnection: string;
  /** An e-mail of somebody who does not sign in by it. */
  readonly taken: string;
  /** The ids of the APIs that have numbers. In the second tenant nothing has any of these. */
  readonly numbers: Readonly<Record<'user' | 'superuser' | 'mine' | 'group' | 'managed' | 'key', number>>;
  /** Those who are signed in, by their ids and by their numbers. */
  readonly selfIds: Readonly<Partial<Record<Column, string>>>;
  readonly selfNumbers: Readonly<Partial<Record<Column, number>>>;
  readonly spare: Readonly<Record<Column, Spare>>;
}

/** What there is for each column alone: a connection to end, how its token begins, and the numbers of a person and a group. */
interface Spare {
  readonly id: string;
  readonly prefix: string;
  readonly person: number;
  readonly group: number;
}

/** Whose tokens there are: those of the callers in a dialect, or sessions that may be ended. */
export const tokenSets = ['scim', 'admin', 'callbox', 'metabase', 'leaving', 'leaving metabase'] as const;

export interface Asked {
  readonly column: Column;
  readonly subjects: Subjects;
  /** Text that no request had before. */
  readonly fresh: string;
}

export interface Ask {
  readonly method: string;
  readonly path: string;
  readonly body?: string;
  /** The media type of the body. */
  readonly type: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly tokens: (typeof tokenSets)[number];
  /** The headers in which a token is sent; absent: every one in which some API takes a token. */
  readonly send?: ((token: string) => Readonly<Record<string, string>>) | undefined;
  /** Which server is asked. */
  readonly edition: 'free' | 'enterprise';
}

/** A route as the router has it, and what each caller hears who asks it. */
export interface Row {
  readonly route: string;
  /** What is special about the request, where a route has several rows. */
  readonly what?: string;
  readonly cells: Cells;
  readonly ask: (asked: Asked) => Ask;
}

const unknown = columns.slice(0, columns.indexOf('other tenant'));

/** Those whose credential is good. */
export const known = columns.slice(columns.indexOf('other tenant'));

export const foreign = ['other tenant'] as const;
export const strange = ['other tenant', 'franchise'] as const;
export const people = ['person', 'superuser', 'group manager'] as const;
export const readers = ['reader', 'reader of a superuser', 'writer', 'superuser', 'tenant admin', 'operator'] as const;
export const writers = ['writer', 'superuser', 'tenant admin'] as const;
export const admins = ['superuser', 'tenant admin', 'operator'] as const;

/** Who is nobody is refused with 401, who is not named here with 403. */
export function cells(said: { readonly ok?: readonly Column[]; readonly missing?: readonly Column[] }): Cells {
  const cellOf = (column: Column): Cell => {
    if (unknown.includes(column)) return 401;
    if (said.ok?.includes(column)) return 'ok';
    return said.missing?.includes(column) ? 404 : 403;
  };
  return Object.fromEntries(columns.map((column) => [column, cellOf(column)])) as Cells;
}

/** These cells, with another for some. */
export function but(some: readonly Column[], cell: Cell, granted: Cells): Cells {
  return { ...granted, ...Object.fromEntries(some.map((column) => [column, cell])) };
}

/** The same for everybody. */
export function everybody(cell: Cell): Cells {
  return Object.fromEntries(columns.map((column) => [column, cell])) as Cells;
}

/** Nothing has this version: who hears 412 was let through, and nothing has changed. */
const never = { 'If-Match': 'W/"999999"' };

/** What people call a row. */
export function nameOf({ route, what }: Row): string {
  return what === undefined ? route : `${route} ${what}`;
}

/** An id that nothing has. */
const nobody = '01890000-0000-7000-8000-000000000000';

type Fill = (asked: Asked) => string;

/** How a request differs from the usual one: what its parameters are, what it sends, and on which condition. */
export interface About {
  readonly what?: string;
  readonly fill?: Readonly<Record<string, Fill>>;
  readonly query?: string;
  readonly body?: (asked: Asked) => unknown;
  readonly form?: string;
  readonly type?: string;
  readonly tokens?: Ask['tokens'];
  readonly send?: Ask['send'];
  readonly edition?: Ask['edition'];
  /** Whether it really happens; else a request that changes something names a version that nothing has. */
  readonly happens?: true;
}

/** A row. Parameters of the path that nobody fills in are ids that nothing has. */
export function row(route: string, granted: Cells, about: About = {}): Row {
  const { what, fill = {}, query = '', body, form, tokens, send, happens, edition = 'free' } = about;
  const [method = '', path = ''] = route.split(' ');
  const { type = form === undefined ? 'application/json' : 'application/x-www-form-urlencoded' } = about;
  const ask = (asked: Asked): Ask => ({
    ...{ method: method === 'ALL' ? 'PROPFIND' : method, type, edition, send },
    path:
      path.replace(/:(\w+)(\{[^}]*\})?/g, (_, name) => fill[name]?.(asked) ?? nobody).replace(/\*$/, 'nothing') + query,
    ...(body !== undefined && { body: JSON.stringify(body(asked)) }),
    ...(form !== undefined && { body: form }),
    tokens: tokens ?? (path.startsWith('/admin/') ? 'admin' : 'scim'),
    ...(happens === undefined && /PUT|PATCH|DELETE/.test(method) && { headers: never }),
  });
  return { route, cells: granted, ask, ...(what !== undefined && { what }) };
}
