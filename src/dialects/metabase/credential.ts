import type { MiddlewareHandler } from 'hono';
import { getCookie } from 'hono/cookie';
import { tokenForms } from '#access/token.ts';
import { Fault } from '#domain/fault.ts';
import type { DialectContext, DialectParts, DialectVariables } from '../dialect.ts';
import { noteAsker } from '../dialect-app.ts';

/** The cookies of signed-in people. */
export const sessionCookie = 'metabase.SESSION';
export const embeddedSessionCookie = 'metabase.EMBEDDED_SESSION';

type Guard = MiddlewareHandler<{ Variables: DialectVariables }>;

/**
 * Lets nobody pass who is not known; `allowMustChange` lets him pass who has to choose a new password first. Raises
 * `unauthenticated`.
 */
export function requireCaller(parts: DialectParts, allowMustChange = false): Guard {
  return async (context, next) => {
    const token = await findCaller(context, parts, allowMustChange);
    if (token === undefined) throw new Fault('unauthenticated', 'no credential of the request is good');
    await next();
  };
}

/**
 * Finds out who is asking where that makes a difference and lets everybody pass: gives the token that is good, or undefined.
 * A credential that is nobody's is passed over for the next: 3.4.
 */
export async function findCaller(
  context: DialectContext,
  { authenticate }: DialectParts,
  allowMustChange = false,
): Promise<string | undefined> {
  const { record } = context.var;
  const { id: requestId, address } = record;
  for (const token of tokensOf(context)) {
    try {
      const proof = { token, dialect: 'metabase', requestId, address, allowMustChange };
      const caller = await authenticate({ ...proof, noteAsker: (asker) => noteAsker(context, asker) });
      record.tenant = caller.tenant;
      record.connection = caller.connection;
      record.person = caller.person;
      context.set('caller', caller);
      return token;
    } catch (error) {
      if (!(error instanceof Fault) || error.kind !== 'unauthenticated') throw error;
    }
  }
  return undefined;
}

/** What the request brings that may be a credential, in the order in which it counts. */
export function tokensOf(context: DialectContext): readonly string[] {
  const key = context.req.header('x-api-key');
  return [...sessionTokensOf(context), ...(key?.startsWith('mb_') ? [key] : [])];
}

/** A session of an embedded page counts only with a header that no other page can send. Nothing but a session is a session. */
function sessionTokensOf(context: DialectContext): readonly string[] {
  const embedded = context.req.header('x-metabase-anti-csrf-token') && getCookie(context, embeddedSessionCookie);
  const tokens = [embedded, getCookie(context, sessionCookie), context.req.header('x-metabase-session')];
  return tokens.filter(isSession);
}

/** No key and no token of another kind has the form of a session. */
function isSession(token: string | undefined): token is string {
  return token !== undefined && tokenForms.uuid.isOne(token);
}
