import { afterAll, beforeAll, expect, test } from 'vitest';
import { domainLimits } from '#domain/limits.ts';
import { add, remove } from './patch-operations.ts';
import { type Client, expectError, newName, nobody, type Scim, startScim } from './scim-client.ts';
import { core, muster } from './urns.ts';

let scim: Scim;
let client: Client;

beforeAll(async () => {
  scim = await startScim();
  client = scim.lenient;
});
afterAll(() => scim.stop());

const most = domainLimits.elements;
const emails = (count: number) => Array.from({ length: count }, (_, n) => ({ value: `p${n}@example.org` }));

test('a person has as many e-mail addresses as the limit says, and they can be removed by name', async () => {
  const { id, emails: kept } = await client.makeUser({ emails: emails(most) });
  expect(kept).toHaveLength(most);
  const answer = await client.patch(`/Users/${id}`, [remove('emails', emails(most))]);
  expect(answer.status).toBe(200);
  expect(answer.body).not.toHaveProperty('emails');
});

test('one more is refused by POST, PUT and PATCH, and changes nothing', async () => {
  const user = await client.makeUser({ emails: emails(most) });
  const path = `/Users/${user.id}`;
  const one = { schemas: [core], userName: newName(), emails: emails(most + 1) };
  expectError(await client.post('/Users', one), 400, 'invalidValue');
  expectError(await client.put(path, one), 400, 'invalidValue');
  expectError(await client.patch(path, [add('emails', { value: 'new@example.org' })]), 400, 'invalidValue');
  expect((await client.get(path)).body).toEqual(user);
});

test('a PATCH that goes through a long list again and again is refused and changes nothing', async () => {
  const user = await client.makeUser({ emails: emails(most) });
  const again = Array.from({ length: 1_000 }, () => remove('emails', [{ value: 'new@example.org' }]));
  expectError(await client.patch(`/Users/${user.id}`, again), 413);
  expect((await client.get(`/Users/${user.id}`)).body).toEqual(user);
});

test('a list full of references to nobody is left out', async () => {
  const shops = Array.from({ length: most }, (_, n) => ({ value: nobody.slice(0, -4) + String(1_000 + n) }));
  const regions = [{ value: nobody }];
  const made = await client.makeUser({ [muster]: { supervisor: true, shops, regions } });
  expect(made[muster]).toEqual({ supervisor: true });
});

test('the members of a group are not concerned', async () => {
  const members = Array.from({ length: most + 1 }, (_, n) => nobody.slice(0, -4) + String(1_000 + n));
  expect(await client.makeGroup(members)).not.toHaveProperty('members');
});
