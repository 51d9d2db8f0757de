import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildApp } from '#app.ts';
import { withoutMark } from '#http/routed-path.ts';
import type { Db } from '#store/database.ts';
import { connectTo, freshDatabase } from '#test/support/database.ts';
import { openTestDatabase } from '../store/open-test-database.ts';
import { askCell, buildServers } from './ask-cell.ts';
import { matrix } from './matrix.ts';
import { makeScene, type Scene } from './matrix-callers.ts';
import { columns, nameOf, type Row } from './matrix-row.ts';

let db: Db;
let servers: ReturnType<typeof buildServers<ReturnType<typeof buildApp>>>;
let scene: Scene;

beforeAll(async () => {
  const database = await freshDatabase();
  db = openTestDatabase(database);
  const client = await connectTo(database);
  scene = await makeScene(db, (text, values) => client.query(text, values));
  await client.end();
  servers = buildServers(buildApp, db, pino({ level: 'silent' }));
});
afterAll(() => db.close());

/** A path that refuses all other methods refuses them to everybody alike: a few stand for all. */
const few = ['none', 'expired', 'other dialect', 'reader', 'person'] as const;
const asked = ({ route }: Row) => (route.startsWith('ALL ') ? few : columns);

describe('the authorisation matrix (G-10)', () => {
  test('has a row for every route of the running server, and for no other', () => {
    const routes = new Set(servers.free.routes.map(({ method, path }) => `${method} ${withoutMark(path)}`));
    expect(routes.size).toBeGreaterThan(140);
    expect(new Set(matrix.map(({ route }) => route))).toEqual(routes);
  });

  test.each(matrix.map((row) => [nameOf(row), row] as const))('%s', async (_name, row) => {
    const found = await Promise.all(
      asked(row).map(async (column) => [column, await askCell(servers, scene, row, column)]),
    );
    expect(Object.fromEntries(found)).toEqual(
      Object.fromEntries(asked(row).map((column) => [column, row.cells[column]])),
    );
  });
});
