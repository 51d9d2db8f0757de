import type { Context, Hono } from 'hono';
import type { Authenticate, FindAsker } from '#access/authenticate.ts';
import type { Caller } from '#domain/caller.ts';
import type { Fault } from '#domain/fault.ts';
import type { Limits } from '#http/limits.ts';
import type { RequestVariables } from '#http/observe-requests.ts';
import type { Mailer } from '#operations/mailer.ts';
import type { Operations } from '#operations/operations.ts';
import type { Spoken } from '#operations/spoken.ts';
import type { DialectSettings } from './dialect-settings.ts';
import type { ExportFacts } from './export-facts.ts';
import type { Representation, Shape } from './representation.ts';

/** What a dialect is given to do its work with. */
export interface DialectParts {
  readonly operations: Operations;
  readonly authenticate: Authenticate;
  readonly findAsker: FindAsker;
  readonly limits: Limits;
  /** Sends mails such as those to choose a new password. */
  readonly mailer: Mailer;
  /** The absolute URL under which clients reach the server, without a slash at its end. */
  readonly publicUrl: string;
  /** The name of the tenant of who has no credential yet. */
  readonly tenant: string;
  readonly settings: DialectSettings;
}

/** What the routes of a dialect know about a request beside the request itself. */
export interface DialectVariables extends RequestVariables {
  caller: Caller;
}

export type DialectApp = Hono<{ Variables: DialectVariables }>;
export type DialectContext = Context<{ Variables: DialectVariables }>;

/** An answer as data: what a route sends instead of what was asked for. */
export interface ErrorAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Where it is another than the dialect's. */
  readonly mediaType?: string;
}

/** One form of the bodies of errors. */
export interface ErrorShape {
  readonly mediaType: string;
  readonly about: string;
  readonly shape: Shape;
}

/** A request that failed, as far as the words for it depend on it. */
export interface FailedRequest {
  readonly id: string;
  readonly publicUrl: string;
  readonly header: (name: string) => string | undefined;
}

/** One thing that is sent or answered: a parameter, a member of a body, a whole answer. */
export interface Part {
  readonly about: string;
  readonly shape: Shape;
  readonly required?: true;
  /** Our own choice, since the API's documents do not say. */
  readonly assumed?: true;
}

/** One route as data: OpenAPI and the reference docs read everything but `handle`. */
export interface DialectRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the dialect's prefix; a parameter as `:id` or `:id{[0-9]+}`. */
  readonly path: `/${string}`;
  /** What it does, in a few words. */
  readonly about: string;
  /** It needs no credential. */
  readonly isOpen?: true;
  readonly query?: Readonly<Record<string, Part>>;
  readonly body?: Readonly<Record<string, Part>>;
  /** By status; without a shape the answer has no body. */
  readonly answers: Readonly<Record<number, { readonly about: string; readonly shape?: Shape }>>;
  /** What of it is our own choice, in sentences. */
  readonly assumed?: readonly string[];
  readonly handle: (context: DialectContext, parts: DialectParts) => Response | Promise<Response>;
}

/** One way in which the outside speaks. */
export interface Dialect extends Spoken {
  /** Where its clients expect it; the first is the one that is shown. */
  readonly prefixes: readonly `/${string}`[];
  /**
   * The paths below its prefixes that are its own. Below the others it only says that there is nothing, unless another
   * dialect is there. Absent: all of them.
   */
  readonly owns?: readonly `/${string}`[];
  /** Whether doubled and trailing slashes mean nothing in its paths. */
  readonly slashes: 'merge' | 'keep';
  readonly mediaType: string;
  /** What its clients put into a path to name a person. */
  readonly keys: 'id' | 'number' | 'objectId';
  /** The path of its people below the prefix; one of them is a segment below it, by his key. */
  readonly people: `/${string}`;
  /** The header in which a connection sends its token. */
  readonly credential: { readonly header: string; readonly scheme?: 'Bearer' };
  /** The header in which a person's session is sent, where that is another. */
  readonly sessionHeader?: string;
  /** Whether people sign in to it through our own API, since it has no sign-in of its own that we know. */
  readonly signsIn?: true;
  /** Its users; absent for SCIM, whose users are the attribute table itself. */
  readonly user?: Representation;
  /** Absent for SCIM, whose routes are made from the resource types. */
  readonly routes?: readonly DialectRoute[];
  /** What comes along when Muster takes the place of such a system; absent where nothing does. */
  readonly exports?: ExportFacts;
  readonly build: (parts: DialectParts) => DialectApp;
  /** What the bodies of its errors look like, each with its media type. */
  readonly errorShapes: readonly ErrorShape[];
  /** Every fault in its words. */
  readonly writeFault: (fault: Fault, request: FailedRequest) => ErrorAnswer;
  /** The answer to an error that nobody foresaw. It says nothing but where to look. */
  readonly writeUnexpected: (request: FailedRequest) => ErrorAnswer;
  /** The body of the answer to what never became a request, such as headers that are too long. */
  readonly writeMalformed: (status: number, detail: string) => string;
}
