import { describe, expect, test } from 'vitest';
import { connectTo, emptyDatabase, freshDatabase } from './database.ts';
import { postgresVersions } from './postgres-versions.ts';

describe.each(postgresVersions)('a database of a test file on PostgreSQL %i', (version) => {
  test('has every migration, no rows and the version asked for', async () => {
    const client = await connectTo(await freshDatabase(version));
    const { rows } = await client.query(
      "select (select count(*)::int from app_user) as people, current_setting('server_version_num') as number",
    );
    await client.end();
    expect(rows).toEqual([{ people: 0, number: expect.stringMatching(`^${version}`) }]);
  });

  test('is reached by its URL', async () => {
    const { Client } = await import('pg');
    const database = await emptyDatabase(version);
    const client = new Client(database.url);
    await client.connect();
    const { rows } = await client.query('select current_database() as name');
    await client.end();
    expect(rows).toEqual([{ name: database.connection.database }]);
  });

  test('is gone after it is dropped, even while somebody is connected', async () => {
    const database = await freshDatabase(version);
    const client = await connectTo(database);
    client.on('error', () => {});
    await database.drop();
    await expect(client.query('select 1')).rejects.toThrow();
    await expect(connectTo(database)).rejects.toThrow('does not exist');
  });
});
