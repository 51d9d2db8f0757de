import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type RawBuilder,
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

/** The text and values of a statement put together from fragments. */
export function compileSql(statement: RawBuilder<unknown>): Query {
  const { sql, parameters } = statement.compile(compiler);
  return { text: sql, values: parameters };
}
