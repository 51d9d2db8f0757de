// The floor: what hono and pg do with nothing else. Each route runs one statement on the same tables.
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { Client, Pool } from 'pg';
import { addLists } from './floor-lists.ts';

const connection = JSON.parse(process.argv[2] ?? '{}');
const shared = [new Client({ ...connection, pipeline: true }), new Client({ ...connection, pipeline: true })];
const pool = new Pool({ ...connection, max: 10 });
let turn = 0;

const read = (name: string, text: string, values: unknown[]) => {
  turn = 1 - turn;
  return (shared[turn] as Client).query({ name, text, values });
};
const write = (name: string, text: string, values: unknown[]) => pool.query({ name, text, values });
const json = { 'Content-Type': 'application/scim+json' };

const app = new Hono();
app.get('/get/:id', async (context) => {
  const { rows } = await read('get', 'select document from app_user where tenant = 1 and id = $1', [
    context.req.param('id'),
  ]);
  return context.body(rows[0].document, 200, json);
});
app.get('/eq/:key', async (context) => {
  const { rows } = await read('eq', 'select document from app_user where tenant = 1 and user_name_key = $1', [
    context.req.param('key'),
  ]);
  return context.body(rows[0].document, 200, json);
});
app.get('/list', async (context) => {
  const { rows } = await read('list', 'select document from app_user where tenant = 1 order by id limit 100', []);
  return context.body(`[${rows.map((row) => row.document).join(',')}]`, 200, json);
});
app.post('/create', async (context) => {
  const body = await context.req.json();
  await write(
    'create',
    `insert into floor_user (tenant, id, object_id, number, has_references, label, document, active, user_name_key)
      values (1, gen_random_uuid(), gen_random_uuid()::text, nextval('floor_number'), false, $1, $2, true, $3)`,
    [body.userName, JSON.stringify(body), body.userName],
  );
  return context.body('{}', 201, json);
});
app.patch('/patch/:id', async (context) => {
  const body = await context.req.json();
  await write(
    'patch',
    'update floor_user set active = $2, version = version + 1, modified_at = now() where tenant = 1 and id = $1',
    [context.req.param('id'), body.Operations[0].value],
  );
  return context.body('{}', 200, json);
});
app.patch('/member/:group', async (context) => {
  const body = await context.req.json();
  await write(
    'member',
    `with added as (insert into floor_member values (1, $1, $2, 'User') on conflict do nothing returning 1)
      update floor_group set version = version + 1, modified_at = now() where tenant = 1 and id = $1`,
    [context.req.param('group'), body.Operations[0].value[0].value],
  );
  return context.body(null, 204);
});

await addLists(app, async ({ name, text, values }) => {
  const query = { text, values: [...values], ...(name !== undefined && { name }) };
  return (await pool.query(query)).rows;
});

await Promise.all(shared.map((client) => client.connect()));
const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => {
  process.stdout.write(`http://127.0.0.1:${port}\n`);
});
process.on('SIGTERM', () => server.close(() => process.exit(0)));
