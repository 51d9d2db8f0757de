import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Client, expectError, nobody, orgUnit, type Scim, startScim } from './scim-client.ts';
import { muster } from './urns.ts';

let scim: Scim;
let client: Client;

beforeAll(async () => {
  scim = await startScim();
  client = scim.lenient;
});
afterAll(() => scim.stop());

const make = async (attributes: object) =>
  (await client.post('/OrgUnits', { schemas: [orgUnit], kind: 'SHOP', displayName: 'shop', ...attributes })).body;

describe('R-115: a resource type of our own is like any other', () => {
  test('it is created, read, replaced, patched and deleted', async () => {
    const region = await make({ kind: 'REGION', displayName: 'north' });
    const shop = await make({
      code: 'S-1',
      parent: { value: region.id },
      coordinates: { latitude: 52.5, longitude: 13 },
    });
    const parent = { value: region.id, $ref: region.meta.location, display: 'north' };
    expect(shop).toMatchObject({ schemas: [orgUnit], kind: 'SHOP', code: 'S-1', parent });
    const path = `/OrgUnits/${shop.id}`;
    expect((await client.get(path)).body).toEqual(shop);
    const patched = await client.patch(path, [{ op: 'replace', path: 'coordinates.latitude', value: 53 }]);
    expect([patched.status, patched.body.coordinates]).toEqual([200, { latitude: 53, longitude: 13 }]);
    const replaced = await client.put(path, { schemas: [orgUnit], kind: 'SHOP', displayName: 'other' });
    expect(Object.keys(replaced.body).sort()).toEqual(['active', 'displayName', 'id', 'kind', 'meta', 'schemas']);
    expect((await client.delete(path)).status).toBe(204);
    expectError(await client.get(path), 404);
  });

  test('a kind that there is not, and a parent that is nobody, are 400 under rfc', async () => {
    const sent = { schemas: [orgUnit], displayName: 'x', kind: 'SHOP' };
    expectError(await scim.rfc.post('/OrgUnits', { ...sent, kind: 'PLANET' }), 400, 'invalidValue');
    expectError(await scim.rfc.post('/OrgUnits', { ...sent, parent: { value: nobody } }), 400, 'invalidValue');
    expectError(await scim.rfc.find('/OrgUnits', 'userName eq "x"'), 400, 'invalidFilter');
  });

  test('people refer to it by name', async () => {
    const shop = await make({ displayName: 'corner' });
    const user = await client.makeUser({ [muster]: { shops: [{ value: shop.id }] } });
    expect(user[muster].shops).toEqual([{ value: shop.id, $ref: shop.meta.location, display: 'corner' }]);
    expect((await client.find('/Users', `${muster}:shops.value eq "${shop.id}"`)).body.totalResults).toBe(1);
  });
});

describe('R-115: it is found by', () => {
  beforeAll(async () => {
    const { id } = await make({ displayName: 'west', code: 'W1', active: false, coordinates: { latitude: 11.5 } });
    await make({ kind: 'DIVISION', displayName: 'east', parent: { value: id } });
  });

  test.each([
    ['kind eq "DIVISION"', ['east']],
    ['displayName sw "we"', ['west']],
    ['coordinates.latitude gt 10', ['west']],
    ['parent.value pr', ['east']],
    ['active eq false', ['west']],
    ['meta.resourceType eq "OrgUnit" and code eq "w1"', ['west']],
  ])('%s', async (filter, names) => {
    const { body } = await client.find('/OrgUnits', filter);
    expect(body.Resources.map(({ displayName }: { displayName: string }) => displayName)).toEqual(names);
  });
});
