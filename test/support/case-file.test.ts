import { expect, test } from 'vitest';
import { readCaseFile } from './case-file.ts';

const step = { send: ['GET', '/scim/v2/Users'], expect: { status: 200 } };
const whole = { why: 'somebody asks', shows: ['Q-OKTA-01'], profiles: ['rfc'], steps: [step] };

test('a whole case is read', () => {
  expect(readCaseFile(JSON.stringify(whole))).toEqual(whole);
});

test.each<[string, object]>([
  ['an unknown key', { ...whole, whys: 'x' }],
  ['an unknown key in a step', { ...whole, steps: [{ ...step, sends: 1 }] }],
  ['an unknown key in what is expected', { ...whole, steps: [{ ...step, expect: { status: 200, bodies: {} } }] }],
  ['no steps', { ...whole, steps: [] }],
  ['no name', { ...whole, why: '' }],
  ['no profile', { ...whole, profiles: [] }],
  ['a profile that does not exist', { ...whole, profiles: ['oktan'] }],
  ['a requirement that is none', { ...whole, shows: ['Okta 3'] }],
  ['a step without status', { ...whole, steps: [{ ...step, expect: {} }] }],
  ['a path that would be escaped on its way', { ...whole, steps: [{ ...step, send: ['GET', '/Users?filter=a b'] }] }],
  ['a place that is no pointer', { ...whole, steps: [{ ...step, expect: { status: 200, absent: ['emails.0'] } }] }],
])('%s is refused', (_, file) => {
  expect(() => readCaseFile(JSON.stringify(file))).toThrow('this is no case file');
});
