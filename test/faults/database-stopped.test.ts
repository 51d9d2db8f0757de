import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EmbeddedPostgres } from '#postgres/embedded-postgres.ts';
import { grantServerRole } from '#store/grant-server-role.ts';
import { migrate } from '#store/migrate.ts';
import { shipped } from '#test/support/migration-folder.ts';
import { type Muster, startMuster } from '#test/support/muster.ts';
import { waitUntil } from '#test/support/wait-until.ts';
import { withClient } from '#test/support/with-client.ts';
import { type Client, clientOf, newName } from '../dialects/scim/scim-client.ts';
import { makeDataFolder, start } from '../postgres/data-folders.ts';
import { expectAway } from './expect-away.ts';

let folder: string;
let postgres: EmbeddedPostgres;
let muster: Muster;
let client: Client;

beforeAll(async () => {
  folder = await makeDataFolder();
  postgres = await start(folder);
  const { host, port, user, serverUser, database } = postgres;
  const connection = { host, port, user, database };
  const serverConnection = { host, port, user: serverUser, database };
  await withClient(connection, async (db) => {
    await migrate(db, shipped);
    await grantServerRole(db, { name: serverUser, make: true });
  });
  const drop = () => Promise.resolve();
  muster = await startMuster({ database: { version: 18, url: '', connection, serverConnection, drop } });
  client = clientOf(muster, await muster.connect());
});
afterAll(async () => {
  await muster.stop();
  await postgres.stop();
});

const ready = async () => (await fetch(`${muster.server.url}/readyz`)).status;

test('F-02, F-06: a database that is stopped and started again is 503 meanwhile, and the server goes on by itself', async () => {
  const problems: unknown[] = [];
  const note = (problem: unknown) => void problems.push(problem);
  process.on('unhandledRejection', note);
  const user = await client.makeUser({ title: 'before' });
  expect(await ready()).toBe(200);

  const meanwhile = Array.from({ length: 30 }, (_, n) =>
    n % 2 ? client.get('/Users') : client.patch(`/Users/${user.id}`, [{ op: 'add', path: 'nickName', value: `n${n}` }]),
  );
  await postgres.stop();
  for (const answer of await Promise.all(meanwhile)) if (answer.status !== 200) expectAway(answer);

  for (let round = 0; round < 3; round += 1) {
    expectAway(await client.get(`/Users/${user.id}`));
    expectAway(await client.get('/Users'));
    expectAway(await client.get('/Groups?filter=displayName%20eq%20%22x%22'));
    expectAway(await client.post('/Users', { userName: newName() }));
    expectAway(await client.put(`/Users/${user.id}`, { userName: 'x' }));
    expectAway(await client.patch(`/Users/${user.id}`, [{ op: 'remove', path: 'title' }]));
    expectAway(await client.delete(`/Users/${user.id}`));
  }
  expect((await fetch(`${muster.server.url}/livez`)).status).toBe(200);
  expect(await ready()).toBe(503);
  expect((await muster.send(undefined, 'GET', '/ServiceProviderConfig')).status).toBe(200);

  postgres = await start(folder);
  await waitUntil(async () => (await client.get('/Users')).status === 200, 'a read after the start');
  expect((await client.get(`/Users/${user.id}`)).body.title).toBe('before');
  expect((await client.post('/Users', { userName: newName() })).status).toBe(201);
  expect(await ready()).toBe(200);
  process.off('unhandledRejection', note);
  expect(problems).toEqual([]);
});
