import type { Operation } from './scim-client.ts';

/** An operation that adds a value. */
export const add = (path: string, value: unknown): Operation => ({ op: 'add', path, value });
/** An operation that replaces a value. */
export const replace = (path: string, value: unknown): Operation => ({ op: 'replace', path, value });
/** An operation that removes a value, or those that are listed. */
export const remove = (path: string, value?: unknown): Operation => ({ op: 'remove', path, value });
/** An operation whose value holds the attributes. */
export const pathless = (value: unknown, op = 'replace'): Operation => ({ op, value });

/** Rows of an id, an operation and more, with the operation as text to name the test by. */
export const named = <Row extends readonly unknown[]>(rows: readonly (readonly [string, Operation, ...Row])[]) =>
  rows.map(([id, operation, ...rest]) => [id, JSON.stringify(operation), operation, ...rest] as const);
