import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Muster, startMuster } from '#test/support/muster.ts';
import { waitUntil } from '#test/support/wait-until.ts';
import { withClient } from '#test/support/with-client.ts';
import { type Client, clientOf } from '../dialects/scim/scim-client.ts';
import { openRaw } from '../http/raw-socket.ts';

let muster: Muster;
let client: Client;

beforeAll(async () => {
  muster = await startMuster();
  client = clientOf(muster, await muster.connect());
});
afterAll(() => muster.stop());

function rawPatch(path: string, body: string, length = Buffer.byteLength(body)): string {
  const headers = [
    `PATCH /scim/v2${path} HTTP/1.1`,
    'Host: x',
    `Authorization: Bearer ${client.token}`,
    'Content-Type: application/json',
    `Content-Length: ${length}`,
  ];
  return `${headers.join('\r\n')}\r\n\r\n${body}`;
}

const renamed = '{"Operations":[{"op":"replace","path":"title","value":"written"}]}';

test('F-12: a write whose client goes away is finished, once, and has its entry', async () => {
  const user = await client.makeUser();
  await withClient(muster.database.connection, async (db) => {
    await db.query('begin');
    await db.query('select from app_user where id = $1 for update', [user.id]);
    const { socket } = await openRaw(muster.server.port, rawPatch(`/Users/${user.id}`, renamed));
    await waitUntil(async () => {
      const found = await db.query(
        `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
      return found.rowCount === 1;
    }, 'the write to wait for the row');
    socket.destroy();
    await db.query('commit');
    await waitUntil(async () => (await client.get(`/Users/${user.id}`)).body.title === 'written', 'the write');
    const entries = await db.query('select 1 from journal where resource = $1', [user.id]);
    expect(entries.rowCount).toBe(2);
  });
  expect((await client.get(`/Users/${user.id}`)).body.meta.version).toBe('W/"2"');
});

test('F-13: half a body writes nothing', async () => {
  const user = await client.makeUser();
  const { socket } = await openRaw(muster.server.port, rawPatch(`/Users/${user.id}`, renamed, renamed.length + 1));
  const lines = muster.logged().length;
  socket.destroy();
  await waitUntil(() => muster.logged().length > lines, 'the request to end');
  expect((await client.get(`/Users/${user.id}`)).body).toEqual(user);
});

test('many clients that go away leave no connection of the pool in use', async () => {
  const user = await client.makeUser();
  const sockets = await Promise.all(
    Array.from({ length: 40 }, () => openRaw(muster.server.port, rawPatch(`/Users/${user.id}`, renamed))),
  );
  for (const { socket } of sockets) socket.destroy();
  const answers = await Promise.all(Array.from({ length: 40 }, () => client.get('/Users')));
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  expect((await client.get(`/Users/${user.id}`)).body.meta.version).toMatch(/^W\/"[12]"$/);
});
