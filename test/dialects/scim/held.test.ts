import { afterAll, beforeAll, expect, test } from 'vitest';
import { commandCaller } from '#commands/command-caller.ts';
import { protectUser } from '#operations/protect-user.ts';
import { findTenant } from '#store/tenants.ts';
import { command } from '#test/support/run-command.ts';
import { errorUrn, type Scim, startScim } from './scim-client.ts';

let scim: Scim;
beforeAll(async () => {
  scim = await startScim();
});
afterAll(() => scim.stop());

const run = async (...args: string[]) => {
  const { code, stdout, stderr } = await command(args, { DATABASE_URL: scim.muster.database.url });
  expect({ code, stderr }, args.join(' ')).toEqual({ code: 0, stderr: '' });
  return stdout;
};

test('what a connection may not remove is 503 with a reason, and passes once the operator allows it (S-20)', async () => {
  const okta = await scim.connect({ name: 'okta' });
  const ids: string[] = [];
  for (let count = 0; count < 26; count += 1) ids.push((await okta.makeUser()).id);
  const [last = '', ...others] = ids;
  for (const id of others) expect((await okta.delete(`/Users/${id}`)).status).toBe(204);
  const held = await okta.delete(`/Users/${last}`);
  expect(held).toMatchObject({ status: 503, body: { schemas: [errorUrn], status: '503' } });
  expect(held.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
  expect(held.body.detail).toContain('has deactivated or deleted 25 people within an hour, and its limit is 25');
  expect(held.body.detail).toContain('npx --no-install muster guard allow okta');

  expect(await run('guard', 'allow', 'okta')).toContain('1 more people');
  expect((await okta.delete(`/Users/${last}`)).status).toBe(204);
});

test('a protected account is 403 with the way to lift that, which the operator goes (S-19)', async () => {
  const okta = await scim.connect({ rights: ['read', 'write', 'superuser'] });
  const { id } = await okta.makeUser({ userName: 'glass@example.org' });
  expect(await run('user', 'protect', 'glass@example.org')).toBe('The account is protected.\n');
  const refused = await okta.patch(`/Users/${id}`, [{ op: 'replace', path: 'active', value: false }]);
  expect(refused).toMatchObject({ status: 403, body: { schemas: [errorUrn] } });
  expect(refused.body.detail).toMatch(new RegExp(`: npx --no-install muster user unprotect ${id}$`));
  expect((await okta.delete(`/Users/${id}`)).status).toBe(403);
  const tenant = (await findTenant(scim.muster.db, 'default')) ?? 0;
  await protectUser(commandCaller(tenant), scim.muster.db, id, false);
  expect((await okta.delete(`/Users/${id}`)).status).toBe(204);
});
