import { pino } from 'pino';
import { buildApp } from '#app.ts';
import type { Db } from '#store/database.ts';
import { askCell, buildServers } from '../security/ask-cell.ts';
import { matrix } from '../security/matrix.ts';
import { makeScene } from '../security/matrix-callers.ts';

/** Sends requests to every route, as callers for whom statements differ, and what a franchise asks beside that. */
export async function askEveryRoute(db: Db, sql: (text: string, values: unknown[]) => Promise<unknown>): Promise<void> {
  const scene = await makeScene(db, sql);
  const log = pino({ level: 'silent' });
  const servers = buildServers(buildApp, db, log);
  for (const column of ['superuser', 'operator', 'franchise', 'group manager'] as const) {
    for (const row of matrix) await askCell(servers, scene, row, column);
  }
  const { mine, managed, superuser } = scene.subjects;
  const ask = async (method: string, path: string, body?: unknown) => {
    const headers = {
      Authorization: `Bearer ${scene.tokens.scim.franchise}`,
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
    };
    const init = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
    const { status } = await servers.free.fetch(new Request(`http://x/scim/v2${path}`, init));
    if (status >= 300) throw new Error(`${method} ${path} is answered with ${status}`);
  };
  const patch = (path: string, op: string, at: string, value?: unknown) =>
    ask('PATCH', path, { Operations: [{ op, path: at, ...(value !== undefined && { value }) }] });
  await patch(`/Users/${mine}`, 'add', 'title', 'Dr.');
  await patch(`/Users/${mine}`, 'add', 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager', mine);
  await patch(`/Groups/${managed}`, 'replace', 'members', [{ value: mine }]);
  await patch(`/Groups/${managed}`, 'remove', `members[value eq "${mine}"]`);
  await patch(`/Groups/${managed}`, 'remove', 'members[type eq "User"]');
  const manager = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager';
  const filters = [
    ...[`${manager} eq "${superuser}"`, `${manager} pr`, 'title eq "Dr."', 'not (title pr)', 'schemas eq "urn:x"'],
    ...[`groups.value eq "${managed}"`, 'userName sw "m"', 'title co "r"', 'active eq true'],
  ];
  for (const filter of filters) await ask('GET', `/Users?filter=${encodeURIComponent(filter)}`);
  for (const filter of ['members pr', `members eq "${mine}"`]) {
    await ask('GET', `/Groups?filter=${encodeURIComponent(filter)}`);
  }
  for (const path of [
    '/Users?startIndex=2&count=1',
    '/OrgUnits',
    '/OrgUnits?filter=kind%20eq%20%22SHOP%22',
    '/Groups',
  ]) {
    await ask('GET', path);
  }
  await ask('DELETE', `/Users/${mine}`);
}
