import { expect, test } from 'vitest';
import type { Values } from '#attributes/attribute.ts';
import { userType } from '#attributes/resource-type.ts';
import { type Difference, differenceOf } from '#domain/difference.ts';

test.each<[string, Values, Values, Difference[]]>([
  ['nothing', { title: 'x' }, { title: 'x' }, []],
  ['what came', {}, { title: 'x' }, [{ path: 'title', to: 'x' }]],
  ['what went', { title: 'x' }, {}, [{ path: 'title', from: 'x' }]],
  ['what is another', { active: true }, { active: false }, [{ path: 'active', from: true, to: false }]],
  [
    'no order of keys',
    { name: { givenName: 'a', familyName: 'b' } },
    { name: { familyName: 'b', givenName: 'a' } },
    [],
  ],
  [
    'a complex attribute whole',
    { name: { givenName: 'a' } },
    { name: { givenName: 'b' } },
    [{ path: 'name', from: { givenName: 'a' }, to: { givenName: 'b' } }],
  ],
  [
    'an extension attribute by attribute, in the order of the table',
    { enterprise: { department: 'a', costCenter: '1' } },
    { title: 'x', enterprise: { department: 'b', costCenter: '1' }, muster: { admin: true } },
    [
      { path: 'title', to: 'x' },
      { path: 'enterprise.department', from: 'a', to: 'b' },
      { path: 'muster.admin', to: true },
    ],
  ],
])('a difference has %s', (_what, before, after, expected) => {
  expect(differenceOf(userType.attributes, before, after)).toEqual(expected);
});
