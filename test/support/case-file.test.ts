import { expect, test } from 'vitest';
import { readCaseFile } from './case-file.ts';

const step = { send: ['GET', '/scim/v2/Users'], expect: { status: 200 } };
const whole = { why: 'somebody asks', shows: ['Q-OKTA-01'], profiles: ['rfc'], steps: [step] };
const other = { why: 'somebody asks', shows: ['case 46', '3.6.5', 'Q-ENTRA-05'], provider: 'entra', steps: [step] };

test('a whole case is read', () => {
  expect(readCaseFile(JSON.stringify(whole), 'scim')).toEqual(whole);
  expect(readCaseFile(JSON.stringify(other), 'metabase')).toEqual(other);
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
  ['a section where requirements are shown', { ...whole, shows: ['3.6.5'] }],
  ['a dialect that does not exist', { ...whole, steps: [{ ...step, dialect: 'soap' }] }],
  ['a time that is none', { ...whole, steps: [{ ...step, later: 'soon' }] }],
])('%s is refused', (_, file) => {
  expect(() => readCaseFile(JSON.stringify(file), 'scim')).toThrow('this is no case file');
});

test.each<[string, object]>([
  ['a section that is none', { ...other, shows: ['the third'] }],
  ['profiles where there are none', { ...other, profiles: ['rfc'] }],
])('%s is refused beside SCIM', (_, file) => {
  expect(() => readCaseFile(JSON.stringify(file), 'metabase')).toThrow('this is no case file');
});
