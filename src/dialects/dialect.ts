import type { Hono } from 'hono';
import type { Authenticate } from '#access/authenticate.ts';
import type { Caller } from '#domain/caller.ts';
import type { Limits } from '#http/limits.ts';
import type { RequestVariables } from '#http/observe-requests.ts';
import type { Mailer } from '#operations/mailer.ts';
import type { Operations } from '#operations/operations.ts';
import type { Spoken } from '#operations/spoken.ts';

/** What a dialect is given to do its work with. */
export interface DialectParts {
  readonly operations: Operations;
  readonly authenticate: Authenticate;
  readonly limits: Limits;
  /** Sends mails such as those to choose a new password. */
  readonly mailer: Mailer;
  /** The absolute URL under which clients reach the server, without a slash at its end. */
  readonly publicUrl: string;
}

/** What the routes of a dialect know about a request beside the request itself. */
export interface DialectVariables extends RequestVariables {
  caller: Caller;
}

export type DialectApp = Hono<{ Variables: DialectVariables }>;

/** One way in which the outside speaks. */
export interface Dialect extends Spoken {
  /** Where its clients expect it; the first is the one that is shown. */
  readonly prefixes: readonly `/${string}`[];
  readonly mediaType: string;
  readonly build: (parts: DialectParts) => DialectApp;
  /** The body of the answer to what never became a request, such as headers that are too long. */
  readonly writeMalformed: (status: number, detail: string) => string;
}
