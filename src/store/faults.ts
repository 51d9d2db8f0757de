import { Fault } from '#domain/fault.ts';

/** Seconds after which a client may come back when the database was away. */
const retryAfterSeconds = 5;
/** Seconds after which somebody may have seen to what the server lacks. */
const unpermittedRetryAfterSeconds = 300;

/** Which attribute a violated constraint speaks of. */
const constraintAttributes: Readonly<Record<string, string>> = {
  app_user_user_name_key: 'userName',
  connection_name_key: 'name',
  tenant_name_key: 'name',
};

/** What Postgres says (SQLSTATE, or the beginning of its class) and what it means to the caller. */
const meanings: readonly (readonly [code: string, meaning: (error: DatabaseError) => Fault])[] = [
  ['23505', taken],
  ['23503', dangling],
  ['22', hole],
  ['54', hole],
  ['08P01', hole],
  ['42501', unpermitted],
  ['40', away],
  ['55P03', away],
  ['25P0', away],
  ['57', away],
  ['53', away],
  ['58', away],
  ['0A000', away],
  ['XX00', away],
  ['08', away],
];

const socketCodes = new Set([
  'ENOENT',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'EAI_AGAIN',
]);

/** `pg` gives these no code at all. */
const lostConnection =
  /connection error and is not queryable|connection terminated|timeout exceeded when trying to connect|query read timeout|client was closed|cannot use a pool after calling end/i;

interface DatabaseError {
  readonly code?: string;
  readonly constraint?: string;
  readonly message: string;
}

/**
 * Turns what the database or its driver raised into a fault: uniqueness by constraint, a lost or busy database into
 * `unavailable`. Gives anything else back as it is; that is a bug and will be logged as one.
 */
export function asFault(error: unknown): unknown {
  if (error instanceof Fault || !(error instanceof Error)) return error;
  const { code } = error as DatabaseError;
  const meaning = meanings.find(([prefix]) => code?.startsWith(prefix));
  if (meaning !== undefined) return meaning[1](error);
  return (code !== undefined && socketCodes.has(code)) || lostConnection.test(error.message) ? away(error) : error;
}

/**
 * Whether the same work may succeed when it is tried again: after a deadlock, a serialization failure, or on another
 * connection.
 */
export function isTransient(error: unknown): boolean {
  const { code } = error as DatabaseError;
  return code === '40001' || code === '40P01' || isOutdated(error);
}

/** Whether a plan that was prepared on a connection no longer fits the tables, which a migration changed: K-17. */
export function isOutdated(error: unknown): boolean {
  const { code, message } = error as DatabaseError;
  return code === '0A000' && message.includes('cached plan');
}

function taken(error: DatabaseError): Fault {
  const attribute = constraintAttributes[error.constraint ?? ''];
  return new Fault('already_exists', attribute === undefined ? 'that is taken' : `this ${attribute} is taken`, {
    ...(attribute !== undefined && { attribute }),
  });
}

function dangling({ constraint }: DatabaseError): Fault {
  const isBound = constraint === 'connection_franchisee_fkey';
  const bound = 'a live connection is bound to this franchisee, or the franchisee is no longer there';
  return new Fault('invalid_value', isBound ? bound : 'a resource that this one refers to is no longer there');
}

function away(error: DatabaseError): Fault {
  return new Fault('unavailable', 'the directory cannot be reached at the moment; try again', {
    retryAfterSeconds,
    cause: error,
  });
}

/** The server's role lacks a right: a grant is missing, which the next start makes, or the program wants what it never may. */
function unpermitted(error: DatabaseError): Fault {
  return new Fault(
    'unavailable',
    'the directory may not do this in its database; whoever runs it should read its log',
    {
      retryAfterSeconds: unpermittedRetryAfterSeconds,
      cause: error,
    },
  );
}

/** Our own validation let something through that the database refuses: the caller hears 400, the log hears more. */
function hole(error: DatabaseError): Fault {
  return new Fault('invalid_value', 'a value has a form that cannot be stored', { cause: error });
}
