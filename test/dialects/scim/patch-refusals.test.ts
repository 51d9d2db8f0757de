import { afterAll, beforeAll, expect, test } from 'vitest';
import { add, named, pathless, remove, replace } from './patch-operations.ts';
import { expectError, type Operation, type Scim, startScim } from './scim-client.ts';
import { core, enterprise } from './urns.ts';

let scim: Scim;

beforeAll(async () => {
  scim = await startScim();
});
afterAll(() => scim.stop());

/** What nobody accepts. */
const refused: readonly (readonly [string, Operation, string])[] = [
  ['R-290', { op: 'remove', value: { title: 'x' } }, 'noTarget'],
  ['R-290', pathless('x'), 'invalidValue'],
  ['R-314', remove('schemas', [core]), 'mutability'],
  ['R-315', replace('emails[type eq', 'x'), 'invalidPath'],
  ['R-315', replace('..', 'x'), 'invalidPath'],
  ['R-315', replace('emails[0]', 'x'), 'invalidPath'],
  ['R-315', replace('1abc', 'x'), 'invalidPath'],
  ['R-315', replace('name.', 'x'), 'invalidPath'],
  ['R-315', replace('title ; drop', 'x'), 'invalidPath'],
  ['R-315', replace('title[value eq "x"]', 'x'), 'invalidPath'],
  ['R-315', { op: 'replace', path: 7, value: 'x' }, 'invalidPath'],
  ['R-316', replace('emails[type regex "x"].value', 'x'), 'invalidFilter'],
  ['R-316', replace('emails[nothing eq "x"].value', 'x'), 'invalidFilter'],
  ['R-316', replace('emails[primary gt true].value', 'x'), 'invalidFilter'],
  ['R-318', replace('id', 'x'), 'mutability'],
  ['R-318', replace('meta', {}), 'mutability'],
  ['R-318', replace('meta.version', 'x'), 'mutability'],
  ['R-318', add('groups', [{ value: 'x' }]), 'mutability'],
  ['R-318', remove('groups[value eq "x"]'), 'mutability'],
  ['R-319', { op: 'add', path: 'title' }, 'invalidValue'],
  ['R-319', { op: 'replace', path: 'emails[type eq "work"].value' }, 'invalidValue'],
  ['R-319', { op: 'replace' }, 'invalidValue'],
  ['R-320', replace('title', { a: 1 }), 'invalidValue'],
  ['R-320', replace('title', ['x', 'y']), 'invalidValue'],
  ['R-320', replace('name', 'x'), 'invalidValue'],
  ['R-320', replace('emails', [[]]), 'invalidValue'],
  ['R-320', replace(enterprise, 'x'), 'invalidValue'],
  ['R-322', remove('userName'), 'mutability'],
  ['R-322', replace('userName', null), 'mutability'],
  ['R-103', replace('userName', '  '), 'invalidValue'],
  [
    'R-323',
    add('emails', [
      { value: 'a@b', primary: true },
      { value: 'c@d', primary: true },
    ]),
    'invalidValue',
  ],
  ['R-326', replace('active', 'maybe'), 'invalidValue'],
  ['R-326', replace('active', 1), 'invalidValue'],
];

test.each(named(refused))('%s: %s is refused', async (_id, _shown, operation, type) => {
  const { lenient, rfc } = scim;
  const made = await lenient.makeUser({
    title: 'Dr',
    emails: [{ value: 'w@example.org', type: 'work', primary: true }],
  });
  for (const one of [lenient, rfc]) expectError(await one.patch(`/Users/${made.id}`, [operation]), 400, type);
  expect((await lenient.get(`/Users/${made.id}`)).body).toEqual(made);
});
