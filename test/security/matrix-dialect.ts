import type { Dialect, DialectRoute } from '#dialects/dialect.ts';
import {
  type About,
  type Ask,
  type Asked,
  type Cells,
  cells,
  everybody,
  foreign,
  type Row,
  readers,
  row,
  strange,
  writers,
} from './matrix-row.ts';

/** What is said of a route whose cells are not those of its kind, by method and path below the prefix. */
export type Said = Readonly<Record<string, readonly (readonly [granted: Cells, about?: About])[]>>;

/** Whoever reads, those of one franchisee and of another tenant among them, who get to see their own. */
export const listed = cells({ ok: [...readers, 'franchise', ...foreign] });

/** The number of the user, as it stands in a path. */
const user = ({ subjects }: Asked) => String(subjects.numbers.user);

/** He who asks, as it stands in a path; the user for who is nobody. */
export const oneself = (asked: Asked) => String(asked.subjects.selfNumbers[asked.column] ?? user(asked));

/**
 * The rows of a dialect's routes: what is said of them, else what goes for their kind. What deletes comes last. Throws for
 * what is said of a route that there is not.
 */
export function dialectRows({ name, prefixes: [prefix = '/'], routes = [] }: Dialect, said: Said): readonly Row[] {
  const known = new Set(routes.map(({ method, path }) => `${method} ${path}`));
  const stray = Object.keys(said).find((route) => !known.has(route));
  if (stray !== undefined) throw new Error(`${name} has no route ${stray}`);
  const rowsOf = (route: DialectRoute) => {
    const { method, path } = route;
    return (said[`${method} ${path}`] ?? [[usual(route)]]).map(([granted, about = {}]) => {
      const fill = { id: user, user_id: user, ...about.fill };
      return row(`${method} ${prefix}${path}`, granted, { tokens: name as Ask['tokens'], ...about, fill });
    });
  };
  return [...routes].sort((one, other) => Number(isDelete(one)) - Number(isDelete(other))).flatMap(rowsOf);
}

function isDelete({ method }: DialectRoute): boolean {
  return method === 'DELETE';
}

function usual({ method, path, isOpen }: DialectRoute): Cells {
  if (isOpen) return everybody('ok');
  if (method !== 'GET') return cells({ ok: writers, missing: strange });
  return path.includes(':') ? cells({ ok: readers, missing: strange }) : listed;
}
