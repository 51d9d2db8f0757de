import { cp, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Client } from 'pg';
import { expect, test } from 'vitest';
import { userType } from '#attributes/resource-type.ts';
import { migrate } from '#store/migrate.ts';
import { nameKey } from '#store/name-key.ts';
import { valueRows } from '#store/value-rows.ts';
import { emptyDatabase } from '#test/support/database.ts';
import { makeFolder } from '#test/support/make-folder.ts';
import { shipped } from '#test/support/migration-folder.ts';
import { withClient } from '#test/support/with-client.ts';

const before = 9;
const idOf = (number: number) => `01890000-0000-7000-8000-${String(number).padStart(12, '0')}`;

test('people who were there before have the names that a save would give them', async () => {
  const all = [{}, { givenName: 'Ἄννα' }, { familyName: 'Straße' }, { givenName: 'J'.repeat(200), familyName: '' }];
  await withMigrated(
    async (client) => {
      for (const [number, name] of all.entries()) {
        await client.query(
          `insert into app_user (tenant, id, number, object_id, active, has_references, label, user_name_key, document)
            values (1, $1, $2, $3, true, false, '', $3, '{}')`,
          [idOf(number), number, String(number)],
        );
        for (const row of valueRows(userType, { name })) {
          const values = [row.path, idOf(number), row.text_key];
          await client.query(
            `insert into attribute_value (tenant, path, owner, element, searchable, text_key) values (1, $1, $2, 0, true, $3)`,
            values,
          );
        }
      }
    },
    async (client) => {
      const { rows } = await client.query('select name_key from app_user order by number');
      expect(rows).toEqual(all.map((name) => ({ name_key: nameKey({ name }) })));
    },
  );
});

test('groups that have the numbers 1 and 2 get others, and no later one gets these', async () => {
  const numbers = (client: Client, tenant: number) =>
    client
      .query('select number::integer from app_group where tenant = $1 order by number', [tenant])
      .then(({ rows }) => rows.map(({ number }) => number));
  await withMigrated(
    async (client) => {
      for (const [tenant, groups] of [3, 2, 0].entries()) {
        for (let made = 1; made <= groups; made += 1) await makeGroup(client, tenant + 1, made);
      }
    },
    async (client) => {
      for (const tenant of [1, 2, 3]) await makeGroup(client, tenant, 9);
      expect(await numbers(client, 1)).toEqual([3, 4, 5, 6]);
      expect(await numbers(client, 2)).toEqual([3, 4, 5]);
      expect(await numbers(client, 3)).toEqual([3]);
    },
  );
});

/** Makes a database as it was before, with three tenants; brings it up to date, and looks. */
async function withMigrated(fill: (client: Client) => Promise<void>, look: (client: Client) => Promise<void>) {
  const folder = await makeFolder({});
  const old = (await readdir(shipped)).sort().slice(0, before - 1);
  for (const name of old) await cp(path.join(shipped, name), path.join(folder, name));
  const { connection } = await emptyDatabase();
  await withClient(connection, async (client) => {
    await migrate(client, folder);
    for (const tenant of [1, 2, 3]) {
      await client.query('insert into tenant (name) values ($1)', [tenant]);
      await client.query(`select make_number_sequence('app_group', $1)`, [tenant]);
    }
    await fill(client);
  });
  await withClient(connection, async (client) => {
    await migrate(client, shipped);
    await look(client);
  });
}

async function makeGroup(client: Client, tenant: number, label: number): Promise<void> {
  await client.query(
    `insert into app_group (tenant, id, number, object_id, has_references, label, document)
      values ($1, $2, nextval($4), $3, false, $3, '{}')`,
    [tenant, idOf(100 * tenant + label), String(label), `app_group_number_${tenant}`],
  );
}
