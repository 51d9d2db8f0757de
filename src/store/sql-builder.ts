import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type RawBuilder,
  sql,
} from 'kysely';
import type { Query } from './database.ts';

/** Compiles statements; runs none. Statements built for one request are put together with kysely and run by `Db`. */
const compiler = new Kysely<unknown>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});

/** A fragment from text with the placeholders `$1` to `$9`, each of which may stand in it more than once. */
export function fragment(text: string, values: readonly unknown[]): RawBuilder<unknown> {
  const parts = text.split(/\$(\d)/);
  return sql.join(
    parts.map((part, index) => (index % 2 === 0 ? sql.raw(part) : sql`${values[Number(part) - 1]}`)),
    sql``,
  );
}

/** The text and values of a statement put together from fragments. */
export function compileSql(statement: RawBuilder<unknown>): Query {
  const { sql: text, parameters } = statement.compile(compiler);
  return { text, values: parameters };
}
