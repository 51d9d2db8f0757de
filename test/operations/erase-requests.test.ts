import { afterAll, beforeAll, expect, test } from 'vitest';
import { userType } from '#attributes/resource-type.ts';
import type { Caller } from '#domain/caller.ts';
import { eraseUser } from '#operations/erase-user.ts';
import { insertRequests } from '#store/request-log-rows.ts';
import { finishErasures } from '#workers/finish-erasures.ts';
import { administratorsOf } from './act-as.ts';
import { openRoll, type TestRoll } from './open-roll.ts';

let roll: TestRoll;
let admin: Caller;
let operator: Caller;
beforeAll(async () => {
  roll = await openRoll(18);
  ({ admin, operator } = administratorsOf(roll));
});
afterAll(() => roll.close());

const logged = { ageSeconds: 5, dialect: 'scim', method: 'GET', route: '/x', status: 200, durationMs: 1 };
const pathsOf = async (requestId: string) => {
  const text = 'select path from request_log where request_id = $1 order by sequence';
  return (await roll.client.query(text, [requestId])).rows.map(({ path }) => path);
};

/** Lets so much time pass since the last erasures, and a worker run. */
async function finish(interval: string): Promise<void> {
  const times = 'erased_at = erased_at - $1::interval, again_at = again_at - $1::interval';
  await roll.client.query(`update erasure set ${times}`, [interval]);
  await finishErasures(roll.db).run();
}

test('an erasure finds short names, and takes nothing of others whose names only contain them', async () => {
  const { id } = await roll.create(userType, { userName: 'bo', displayName: 'User' });
  const paths = [
    '/Groups?filter=displayName eq "bo"',
    '/Groups?filter=displayName%20eq%20%22Bo%22',
    '/Users?filter=userName eq "bob"',
  ];
  const request = {
    tenant: admin.tenant,
    ageSeconds: 5,
    requestId: 'short',
    dialect: 'scim',
    method: 'GET',
    route: '/x',
  };
  await insertRequests(
    roll.db,
    paths.map((path) => ({ ...request, path, status: 200, durationMs: 1 })),
  );
  await eraseUser(admin, roll.db, id);
  const { rows } = await roll.client.query("select path from request_log where request_id = 'short' order by sequence");
  expect(rows.map(({ path }) => path)).toEqual(['/x', '/x', paths[2]]);
});

test('an erasure takes what waited in the memory of a server when it happened, and then forgets what it looked for', async () => {
  const { id } = await roll.create(userType, { userName: 'late-zyx' });
  await eraseUser(admin, roll.db, id);
  const late = { ...logged, requestId: 'late', tenant: admin.tenant, path: '/Users?filter=userName eq "late-zyx"' };
  await insertRequests(roll.db, [late]);
  await finish('0 seconds');
  expect(await pathsOf('late'), 'it waits some seconds').toEqual([late.path]);
  await finish('5 seconds');
  expect(await pathsOf('late')).toEqual(['/x']);
  await insertRequests(roll.db, [{ ...late, ageSeconds: 200 }]);
  await finish('360 seconds');
  expect(await pathsOf('late')).toEqual(['/x', '/x']);
  expect((await roll.client.query('select from erasure')).rowCount, 'what it looked for is forgotten').toBe(0);
});

test('an erasure takes calls whose tenant nobody knows by the id, and by a name only when an operator asks', async () => {
  const make = (userName: string) => roll.create(userType, { userName });
  const [{ id }, other] = [await make('carol'), await make('dora')];
  const paths = [`/Users/${id.toUpperCase()}`, '/Users/carol', '/Users/dora'];
  const rows = paths.map((path) => ({ ...logged, tenant: 0, requestId: 'strange', path, status: 401 }));
  await insertRequests(roll.db, [...rows, { ...logged, tenant: 0, requestId: 'test', path: '/of/another' }]);
  await eraseUser(admin, roll.db, id);
  expect(await pathsOf('strange')).toEqual(['/x', '/Users/carol', '/Users/dora']);
  expect(await pathsOf('test'), 'the request id of his creation, which others may send too').toEqual(['/of/another']);
  await eraseUser(operator, roll.db, other.id);
  expect(await pathsOf('strange')).toEqual(['/x', '/Users/carol', '/x']);
});

test('an erasure does not take names of members, URNs and kinds of things for the name of a person', async () => {
  const { id } = await roll.create(userType, { userName: 'active', displayName: 'User' });
  const request = { ...logged, tenant: admin.tenant, route: '/Users', requestId: 'words' };
  const kept = [
    { path: '/Users', body: '{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"active":true}' },
    { path: '/Users', body: '{"meta":{"resourceType":"User"},"members":[{"type":"User","value":"x"}]}' },
    { path: '/Users/User', detail: 'there is no such User' },
    { path: '/Users?active=true', body: '{"urn:ietf:params:scim:schemas:extension:muster:2.0:User":{}}' },
  ];
  const gone = [
    { path: '/Users', body: '{"schemas":[],"displayName":"User"}' },
    { path: '/Users?filter=displayName eq "User"' },
    { path: '/Users', body: '{"active":false,"note":"is active again"}' },
  ];
  await insertRequests(
    roll.db,
    [...kept, ...gone].map((each) => ({ ...request, ...each })),
  );
  await eraseUser(admin, roll.db, id);
  const { rows } = await roll.client.query(
    `select path, coalesce(body, detail) as said from request_log where request_id = 'words' order by sequence`,
  );
  expect(rows).toEqual([
    ...kept.map(({ path, body, detail }) => ({ path, said: body ?? detail })),
    ...gone.map(() => ({ path: '/Users', said: null })),
  ]);
});
