import { expect, test } from 'vitest';
import type { CaseExpectation } from './case-file.ts';
import { findMismatches, type Lists } from './case-mismatches.ts';

const variables = new Map<string, unknown>([
  ['ada', 'id-1'],
  ['read', { a: 1, b: [2] }],
]);

function judge(expected: Omit<CaseExpectation, 'status'>, body: unknown, lists?: Lists): string[] {
  const text = body === undefined ? '' : JSON.stringify(body);
  const headers = { etag: 'W/"1"', 'set-cookie': ['a=1', 'b=2'] };
  return findMismatches({ status: 200, headers, text, body }, { status: 200, ...expected }, variables, lists);
}

test.each<[string, Omit<CaseExpectation, 'status'>, unknown]>([
  ['a body may have more than is expected', { body: { a: 1 } }, { a: 1, b: 2 }],
  [
    'a variable stands for its value',
    { body: { id: '{ada}', url: '/Users/{ada}' } },
    { id: 'id-1', url: '/Users/id-1' },
  ],
  ['a variable may be a whole object', { body: { '...': '{read}', a: 3 } }, { a: 3, b: [2] }],
  ['the whole body may be a variable', { body: '{read}' }, { a: 1, b: [2] }],
  ['a list may have another order', { body: { a: [{ x: 1 }, { x: 2 }] } }, { a: [{ x: 2 }, { x: 1, y: 3 }] }],
  ['keys of a place may have slashes', { absent: ['/a~1b'] }, { a: { b: 1 } }],
  ['a header may be absent', { headers: { 'Retry-After': null, ETag: 'W/"1"' } }, {}],
  ['a header may come several times', { headers: { 'Set-Cookie': 'b=2' } }, {}],
  ['the bytes may be given as JSON', { text: { id: '{ada}', list: [1, null] } }, { id: 'id-1', list: [1, null] }],
  ['the bytes may be given as text', { text: '{"id":"{ada}"}' }, { id: 'id-1' }],
  ['the bytes may be a variable', { text: '{read}' }, { a: 1, b: [2] }],
])('%s', (_, expected, body) => {
  expect(judge(expected, body)).toEqual([]);
});

test.each<[string, Omit<CaseExpectation, 'status'>, unknown]>([
  ['a body that is not there', { body: { a: 1 } }, undefined],
  ['a value of another type', { body: { a: 1 } }, { a: '1' }],
  ['null for what is absent', { body: { a: null } }, {}],
  ['an object for a text', { body: { a: {} } }, { a: 'x' }],
  ['a member that an object has from its prototype', { body: { toString: {} } }, {}],
  ['a list that is too long', { body: { a: [1] } }, { a: [1, 1] }],
  ['a list with one element twice', { body: { a: [1, 2] } }, { a: [1, 1] }],
  ['an empty list for an absent one', { body: { a: [] } }, {}],
  ['a member that must not be there', { absent: ['/a/0/b'] }, { a: [{ b: null }] }],
  ['a list of another length', { lengths: { '/a': 1 } }, { a: [] }],
  ['the length of what is no list', { lengths: { '/a': 1 } }, { a: 'x' }],
  ['a value that has not changed', { differs: { '/id': '{ada}' } }, { id: 'id-1' }],
  ['a value that is gone and should differ', { differs: { '/id': '{ada}' } }, {}],
  ['a text that must be nowhere', { lacks: ['secret'] }, { a: ['my secret'] }],
  ['another header', { headers: { ETag: 'W/"2"' } }, {}],
  ['a header that must be absent', { headers: { etag: null } }, {}],
  ['a header that comes several times with other values', { headers: { 'Set-Cookie': 'a=2' } }, {}],
  ['another order of the bytes', { text: { a: 1, b: 2 } }, { b: 2, a: 1 }],
  ['a member that the bytes have beside others', { text: { a: 1 } }, { a: 1, b: 2 }],
  ['a text with other bytes', { text: 'Not found.' }, 'Not found'],
])('%s is found', (_, expected, body) => {
  expect(judge(expected, body)).toHaveLength(1);
});

test('where lists are sequences, their order counts', () => {
  const there = { a: [{ x: 1 }, { x: 2, y: 3 }] };
  expect(judge({ body: { a: [{ x: 1 }, { x: 2 }] } }, there, 'sequences')).toEqual([]);
  expect(judge({ body: { a: [{ x: 2 }, { x: 1 }] } }, there, 'sequences')).toHaveLength(2);
  expect(judge({ body: { a: [{ x: 1 }] } }, there, 'sequences')).toHaveLength(1);
});

test('another status is found, and a body below 204', () => {
  const answer = { status: 204, headers: {}, text: ' ', body: undefined };
  expect(findMismatches(answer, { status: 204 }, variables)).toEqual(['an answer 204 has a body']);
  expect(findMismatches(answer, { status: 200 }, variables)).toEqual(['the status is 204 and not 200']);
});

test('a variable that nobody saved is a mistake of the case', () => {
  expect(() => judge({ body: { id: '{bob}' } }, {})).toThrow('{bob}');
});
