import { describe, expect, test } from 'vitest';
import { Fault, type FaultKind } from '#domain/fault.ts';
import { asFault, isTransient } from '#store/faults.ts';

const failure = (message: string, details: object = {}) => Object.assign(new Error(message), details);

describe('what the database says', () => {
  test.each<[code: string, kind: FaultKind, what: string]>([
    ['22P02', 'invalid_value', 'a bad uuid'],
    ['22003', 'invalid_value', 'a number out of range'],
    ['22021', 'invalid_value', 'NUL in text (K-11)'],
    ['22P05', 'invalid_value', 'NUL in JSON (K-11)'],
    ['2201X', 'invalid_value', 'a negative offset (K-14)'],
    ['54000', 'invalid_value', 'an index row too large (K-13)'],
    ['08P01', 'invalid_value', 'too many parameters (K-8)'],
    ['40001', 'unavailable', 'a serialization failure'],
    ['40P01', 'unavailable', 'a deadlock'],
    ['55P03', 'unavailable', 'a lock that is not free in time'],
    ['25P03', 'unavailable', 'an idle transaction ended (K-6)'],
    ['25P04', 'unavailable', 'a long transaction ended (K-6)'],
    ['57014', 'unavailable', 'a statement that took too long'],
    ['57P01', 'unavailable', 'a server that stops'],
    ['57P02', 'unavailable', 'a server that crashed'],
    ['57P03', 'unavailable', 'a server that starts'],
    ['53100', 'unavailable', 'a full disk (F-05)'],
    ['53200', 'unavailable', 'no memory'],
    ['53300', 'unavailable', 'no connection free (K-18)'],
    ['08006', 'unavailable', 'a broken connection'],
    ['08003', 'unavailable', 'no connection'],
    ['58030', 'unavailable', 'a disk that fails'],
    ['XX001', 'unavailable', 'a damaged page (F-29)'],
    ['0A000', 'unavailable', 'a prepared plan of before a migration (K-17)'],
  ])('%s becomes %s: %s', (code, kind) => {
    const cause = failure('secret detail', { code });
    const fault = asFault(cause);
    expect(fault).toBeInstanceOf(Fault);
    expect(fault).toMatchObject({ kind, details: { cause } });
    expect((fault as Fault).message).not.toContain('secret');
    expect((fault as Fault).details.retryAfterSeconds !== undefined).toBe(kind === 'unavailable');
  });

  test('23503 becomes invalid_value: what it refers to is gone', () => {
    expect(asFault(failure('violates foreign key', { code: '23503' }))).toMatchObject({ kind: 'invalid_value' });
  });

  test.each([
    ['app_user_user_name_key', 'userName'],
    ['tenant_name_key', 'name'],
    ['connection_name_key', 'name'],
    ['another_key', undefined],
  ])('23505 on %s names the attribute %s', (constraint, attribute) => {
    const fault = asFault(failure('duplicate key', { code: '23505', constraint })) as Fault;
    expect(fault.kind).toBe('already_exists');
    expect(fault.details.attribute).toBe(attribute);
  });
});

describe('what the driver says without a code of Postgres (K-2)', () => {
  test.each(['ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EHOSTUNREACH', 'EAI_AGAIN'])(
    'the socket error %s is unavailable',
    (code) => {
      expect(asFault(failure('connect', { code }))).toMatchObject({ kind: 'unavailable' });
    },
  );

  test.each([
    'Client has encountered a connection error and is not queryable',
    'Connection terminated unexpectedly',
    'Connection terminated due to connection timeout',
    'timeout exceeded when trying to connect',
    'Query read timeout',
    'Client was closed and is not queryable',
    'Cannot use a pool after calling end on the pool',
  ])('"%s" is unavailable', (message) => {
    expect(asFault(failure(message))).toMatchObject({ kind: 'unavailable' });
  });
});

test('what is neither is a bug and stays as it is; so does a fault', () => {
  const fault = new Fault('not_found', 'there is none');
  for (const thing of [
    fault,
    failure('x is not a function'),
    failure('syntax error', { code: '42601' }),
    'text',
    undefined,
  ]) {
    expect(asFault(thing)).toBe(thing);
  }
});

test('only what may come out differently is tried again', () => {
  expect(['40001', '40P01'].map((code) => isTransient(failure('', { code })))).toEqual([true, true]);
  expect(['23505', '57014', '53300', undefined].map((code) => isTransient(failure('', { code })))).toEqual([
    false,
    false,
    false,
    false,
  ]);
});
