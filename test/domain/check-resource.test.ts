import { expect, test } from 'vitest';
import { groupType, orgUnitType, userType } from '#attributes/resource-type.ts';
import { checkResource } from '#domain/check-resource.ts';
import { faultOf } from './fault-of.ts';

test('a resource with what is required is given back, and nobody is inactive without being said so', () => {
  expect(checkResource(userType, undefined, { userName: 'ada' })).toEqual({ userName: 'ada', active: true });
  expect(checkResource(userType, undefined, { userName: 'ada', active: false })).toEqual({
    userName: 'ada',
    active: false,
  });
  expect(checkResource(groupType, undefined, { displayName: 'x' })).toEqual({ displayName: 'x' });
});

test.each([
  [userType, {}, 'userName'],
  [userType, { userName: '' }, 'userName'],
  [userType, { userName: ' \t' }, 'userName'],
  [groupType, {}, 'displayName'],
  [orgUnitType, { displayName: 'x' }, 'kind'],
])('what is required and was never there or is blank is an invalid value (%#)', (type, values, attribute) => {
  const fault = faultOf(() => checkResource(type, undefined, values));
  expect([fault.kind, fault.details.attribute]).toEqual(['invalid_value', attribute]);
});

test('what is required and was there cannot be taken away', () => {
  const fault = faultOf(() => checkResource(userType, { userName: 'ada' }, { title: 'x' }));
  expect([fault.kind, fault.details.attribute]).toEqual(['read_only', 'userName']);
});

test('what is required and was there can still not become blank', () => {
  expect(faultOf(() => checkResource(userType, { userName: 'ada' }, { userName: ' ' })).kind).toBe('invalid_value');
});
