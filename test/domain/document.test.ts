import { describe, expect, test } from 'vitest';
import type { Values } from '#attributes/attribute.ts';
import { groupType, userType } from '#attributes/resource-type.ts';
import { labelOf, readValues, referencesOf, writeDocument } from '#domain/document.ts';

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const muster = 'urn:ietf:params:scim:schemas:extension:muster:2.0:User';
const values: Values = {
  muster: { divisions: [{ value: 'd1' }, { value: 'd2' }], supervisor: true },
  userName: 'ada',
  name: { givenName: 'Ada' },
  enterprise: { manager: { value: 'm' } },
};

describe('a document', () => {
  test('has the schemas first, and extensions under their URN in the order of the table', () => {
    const written = writeDocument(userType, values);
    expect(Object.keys(JSON.parse(written))).toEqual(['schemas', 'userName', 'name', enterprise, muster]);
    expect(JSON.parse(written).schemas).toEqual([userType.urn, enterprise, muster]);
  });

  test('gives back the values that it was written from', () => {
    expect(readValues(userType, writeDocument(userType, values))).toEqual(values);
    expect(readValues(userType, writeDocument(userType, {}))).toEqual({});
  });

  test('has nothing that the table does not have', () => {
    expect(readValues(userType, '{"schemas":[],"userName":"ada","shoeSize":9,"urn:x":{"a":1}}')).toEqual({
      userName: 'ada',
    });
  });
});

test('the references of a resource are those of its attributes and of its extensions, one by one', () => {
  const found = referencesOf(userType, values).map(({ path, id }) => [path, id]);
  expect(found).toEqual([
    ['enterprise.manager', 'm'],
    ['muster.divisions', 'd1'],
    ['muster.divisions', 'd2'],
  ]);
  expect(referencesOf(groupType, { displayName: 'x' })).toEqual([]);
});

test.each<[Values, string]>([
  [{ userName: 'ada', displayName: 'Ada L.', name: { formatted: 'Ada Lovelace' } }, 'Ada L.'],
  [{ userName: 'ada', name: { formatted: 'Ada Lovelace' } }, 'Ada Lovelace'],
  [{ userName: 'ada', name: { givenName: 'Ada' } }, 'ada'],
  [{}, '0123456789abcdef01234567'],
])('%j is called %s', (user, label) => {
  expect(labelOf(userType, user, '0123456789abcdef01234567')).toBe(label);
});
