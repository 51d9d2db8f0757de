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

/** What becomes of a request: done, though a version may be missing (412); let through and found wrong (400); refused. */
export type Cell = 'ok' | 400 | 401 | 403 | 404;
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
  /** For each column a connection to end, and how its token begins. */
  readonly spare: Readonly<Record<Column, { readonly id: string; readonly prefix: string }>>;
}

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
  /** Whose tokens are sent: those of the callers in a dialect, or sessions that may be ended. */
  readonly tokens: 'scim' | 'admin' | 'leaving';
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

/** Who is nobody is refused with 401, who is not named here with 403. */
export function cells(said: { readonly ok?: readonly Column[]; readonly missing?: readonly Column[] }): Cells {
  const cellOf = (column: Column): Cell => {
    if (unknown.includes(column)) return 401;
    if (said.ok?.includes(column)) return 'ok';
    return said.missing?.includes(column) ? 404 : 403;
  };
  return Object.fromEntries(columns.map((column) => [column, cellOf(column)])) as Cells;
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
interface About {
  readonly what?: string;
  readonly fill?: Readonly<Record<string, Fill>>;
  readonly query?: string;
  readonly body?: (asked: Asked) => unknown;
  readonly form?: string;
  readonly tokens?: Ask['tokens'];
  /** Whether it really happens; else a request that changes something names a version that nothing has. */
  readonly happens?: true;
}

/** A row. Parameters of the path that nobody fills in are ids that nothing has. */
export function row(
  route: string,
  granted: Cells,
  { what, fill = {}, query = '', body, form, tokens, happens }: About = {},
): Row {
  const [method = '', path = ''] = route.split(' ');
  const ask = (asked: Asked): Ask => ({
    method: method === 'ALL' ? 'PROPFIND' : method,
    path: path.replace(/:(\w+)/g, (_, name) => fill[name]?.(asked) ?? nobody).replace(/\*$/, 'nothing') + query,
    ...(body !== undefined && { body: JSON.stringify(body(asked)) }),
    ...(form !== undefined && { body: form }),
    tokens: tokens ?? (path.startsWith('/admin/') ? 'admin' : 'scim'),
    type: form === undefined ? 'application/json' : 'application/x-www-form-urlencoded',
    ...(happens === undefined && /PUT|PATCH|DELETE/.test(method) && { headers: never }),
  });
  return { route, cells: granted, ask, ...(what !== undefined && { what }) };
}
