import crypto from 'node:crypto';
import { availableParallelism } from 'node:os';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { checkPassword, type PasswordPolicyName, policyOf } from '#access/check-password.ts';
import {
  hashesWaitingMax,
  hashPassword,
  nobodysHash,
  passwordLengthMax,
  verifyPassword,
} from '#access/hash-password.ts';
import { commonPasswords } from '#access/password-lists.ts';
import { newTemporaryPassword } from '#access/temporary-password.ts';
import type { Values } from '#attributes/attribute.ts';
import type { Fault } from '#domain/fault.ts';
import { faultWhen } from '#test/support/fault-when.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

/** The hash that a password has with other costs or another salt than ours. */
function hashWith(password: string, memory: number, passes: number): string {
  const nonce = Buffer.alloc(16, 7);
  const tag = crypto.argon2Sync('argon2id', {
    message: password,
    nonce,
    parallelism: 1,
    tagLength: 32,
    memory,
    passes,
  });
  const text = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '');
  return `$argon2id$v=19$m=${memory},t=${passes},p=1$${text(nonce)}$${text(tag)}`;
}

describe('a hash', () => {
  test('is argon2id with 19 MiB, 2 passes and a salt of its own, and knows its password from others', async () => {
    const stored = await hashPassword('correct horse');
    expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(await hashPassword('correct horse')).not.toBe(stored);
    expect(await verifyPassword('correct horse', stored)).toBe('right');
    expect(await verifyPassword('correct horsf', stored)).toBe('wrong');
  });

  test('of lower cost is right and outdated', async () => {
    expect(await verifyPassword('old', hashWith('old', 1_024, 1))).toBe('outdated');
    expect(await verifyPassword('other', hashWith('old', 1_024, 1))).toBe('wrong');
  });

  test.each([
    '$argon2id$v=19$m=4194304,t=2,p=1$BwcHBwcHBwcHBwcHBwcHBw$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    '$argon2id$v=19$m=19456,t=99,p=1$BwcHBwcHBwcHBwcHBwcHBw$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    '$argon2id$v=19$m=19456,t=2,p=9$BwcHBwcHBwcHBwcHBwcHBw$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    '$2b$12$abcdefghijklmnopqrstuv',
    '',
  ])('A-2: %s is never computed, and refuses with the work of any other', async (stored) => {
    const argon2 = vi.spyOn(crypto, 'argon2');
    expect(await verifyPassword('x', stored)).toBe('wrong');
    expect(argon2.mock.calls.map(([, { memory, passes }]) => [memory, passes])).toEqual([[19_456, 2]]);
  });

  test('of nobody is nobody’s, also for the text that is hashed in its place', async () => {
    expect(await verifyPassword('', nobodysHash)).toBe('wrong');
  });

  test('A-3: text with half a character is refused and equal to no other', async () => {
    const stored = await hashPassword('\ufffd');
    expect(await verifyPassword('\ud800', stored)).toBe('wrong');
    expect(await faultWhen(hashPassword('\udfff'))).toMatchObject({ kind: 'invalid_value' });
  });

  test(`is made of ${passwordLengthMax} code points at most`, async () => {
    expect(await hashPassword('😀'.repeat(passwordLengthMax))).toMatch(/^\$argon2id/);
    expect(await faultWhen(hashPassword('a'.repeat(passwordLengthMax + 1)))).toMatchObject({
      kind: 'invalid_value',
    });
  });

  test('is the same for a composed and a decomposed letter', async () => {
    expect(await verifyPassword('caf\u0065\u0301', await hashPassword('caf\u00e9'))).toBe('right');
  });

  test(`A-1: is made for so many at once, ${hashesWaitingMax} wait, and the others are sent away before any work`, async () => {
    let running = 0;
    let most = 0;
    vi.spyOn(crypto, 'argon2').mockImplementation((_algorithm, _parameters, done) => {
      running += 1;
      most = Math.max(most, running);
      setImmediate(() => {
        running -= 1;
        done(null, Buffer.alloc(32, 1));
      });
    });
    const atOnce = Math.max(1, availableParallelism() - 1);
    const all = Array.from({ length: atOnce + hashesWaitingMax + 3 }, () => hashPassword('x'));
    const results = await Promise.allSettled(all);
    const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
    expect(refused).toHaveLength(3);
    expect(refused[0]).toMatchObject({ kind: 'unavailable', details: { retryAfterSeconds: 1 } });
    expect(most).toBe(atOnce);
  });

  test('of an import waits behind those of people, takes none of their places, and has as many of its own', async () => {
    const held: (() => void)[] = [];
    vi.spyOn(crypto, 'argon2').mockImplementation((_algorithm, _parameters, done) => {
      held.push(() => done(null, Buffer.alloc(32, 1)));
    });
    const atOnce = Math.max(1, availableParallelism() - 1);
    const ended: string[] = [];
    const begin = (who: string, hashing: Promise<unknown>) =>
      hashing.then(
        () => void ended.push(who),
        (error: unknown) => void ended.push(`${who} ${(error as Fault).kind}`),
      );
    const imports = Array.from({ length: atOnce + hashesWaitingMax + 1 }, () => hashPassword('x', 'second'));
    const all = imports.map((hashing) => begin('import', hashing));
    const people = [hashPassword('x'), verifyPassword('x', nobodysHash)].map((hashing) => begin('person', hashing));
    // A hash that is under way is let end; then come the people.
    while (held.length > 0 || ended.length < all.length + people.length) {
      held.shift()?.();
      await new Promise(setImmediate);
    }
    expect(ended.slice(0, 1)).toEqual(['import unavailable']);
    expect(ended.slice(1, 1 + atOnce)).toEqual(Array(atOnce).fill('import'));
    expect(ended.slice(1 + atOnce, 3 + atOnce)).toEqual(['person', 'person']);
    expect(ended.slice(3 + atOnce)).toEqual(Array(hashesWaitingMax).fill('import'));
    await Promise.all([...all, ...people]);
  });
});

const nobody: Values = {};
const ivan: Values = {
  userName: 'ivan.petrov@example.org',
  name: { givenName: 'Иван', familyName: 'Петров-Водкин' },
  displayName: 'Ivan Petrov',
};

const refusals: readonly (readonly [PasswordPolicyName, string, Values, RegExp])[] = [
  ['metabase', 'abc12', nobody, /^password is too common\.$/],
  ['metabase', 'abcdefghij', nobody, /^password is too common\.$/],
  ['metabase', 'password1', nobody, /^password is too common\.$/],
  ['metabase', 'PassWord1', nobody, /^password is too common\.$/],
  ['metabase', 'пароль123', nobody, /^password is too common\.$/],
  ['metabase-weak', 'abcde', nobody, /^password is too common\.$/],
  ['metabase-strong', 'ABcdefg1', nobody, /^password is too common\.$/],
  ['metabase-strong', 'ABcde1!', nobody, /^password is too common\.$/],
  ['default', 'k7#pqxz', nobody, /at least 8 characters/],
  ['default', 'фывапролд', nobody, /too common/],
  ['default', 'Пароль2024', nobody, /too common/],
  ['default', 'gfhjkm123', nobody, /too common/],
  ['default', 'borboleta', nobody, /too common/],
  ['default', 'aaaaaaaaaaaaaaaaaaaaaaaa', nobody, /too common/],
  ['default', 'Ivan.Petrov@example.org', ivan, /a name of the person/],
  ['default', 'петров123', ivan, /a name of the person/],
  ['default', 'IvanPetrov!1', ivan, /a name of the person/],
  ['own', 'k7#pqxz-k7#pqx', nobody, /at least 15 characters/],
];

describe('a policy', () => {
  test.each(refusals)('%s refuses %s', async (policy, password, person, words) => {
    const fault = await faultWhen(checkPassword(policy, password, person));
    expect(fault).toMatchObject({ kind: 'invalid_value', details: { attribute: 'password' } });
    expect(fault.message).toMatch(words);
    expect(fault.message).not.toContain(password);
  });

  test.each([
    ['metabase', 'k7pqxz'],
    ['metabase-weak', '123456'],
    ['metabase-strong', 'ABcdefg1!'],
    ['default', 'k7#pqxzw'],
    ['own', 'correct horse battery'],
  ] as const)('%s takes %s', async (policy, password) => {
    expect(await checkPassword(policy, password, ivan)).toBe(password);
  });

  test('of a dialect is its own where it has one', () => {
    expect([policyOf('metabase'), policyOf('scim'), policyOf('toString')]).toEqual(['metabase', 'default', 'default']);
  });
});

test('the list has more than 12,000 passwords, all as they are looked up', async () => {
  const list = await commonPasswords();
  expect(list.size).toBeGreaterThan(12_000);
  expect([...list].filter((word) => word !== word.toLowerCase() || word.trim() === '')).toEqual([]);
  for (const word of ['123456', 'йцукен', 'qwerty', 'ytrewq', 'privet', 'ghbdtn', 'senha123']) {
    expect(list.has(word), word).toBe(true);
  }
});

test('a temporary password is long, has no two characters that look alike, and every policy takes it', async () => {
  const made = Array.from({ length: 50 }, newTemporaryPassword);
  expect(new Set(made).size).toBe(50);
  for (const password of made) {
    expect(password).toMatch(/^[^0O1lIio]{4}(-[^0O1lIio]{4}){3}$/);
    await checkPassword('own', password, ivan);
    await checkPassword('metabase-strong', password, ivan);
  }
});
