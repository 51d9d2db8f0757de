import { randomUUID } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { getCookie } from 'hono/cookie';
import type { DialectVariables } from '../dialect.ts';

/** What every answer says: 3.2. */
export const headers = {
  'Cache-Control': 'max-age=0, no-cache, must-revalidate, proxy-revalidate',
  Expires: 'Tue, 03 Jul 2001 06:00:00 GMT',
  'Strict-Transport-Security': 'max-age=31536000',
  'X-Frame-Options': 'DENY',
  'X-XSS-Protection': '1; mode=block',
  'X-Permitted-Cross-Domain-Policies': 'none',
  'X-Content-Type-Options': 'nosniff',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
} as const;

const deviceCookie = 'metabase.DEVICE';
const deviceLifetimeMs = 20 * 365.25 * 86_400_000;

/** What every answer says that is another each time: when it was made, and a name for a browser that has none yet. */
export function sayMoment(publicUrl: string): MiddlewareHandler<{ Variables: DialectVariables }> {
  const sameSite = publicUrl.startsWith('https:') ? 'SameSite=None; Secure' : 'SameSite=Lax';
  return async (context, next) => {
    await next();
    const { headers: sent } = context.res;
    sent.set('Last-Modified', new Date().toUTCString());
    if (getCookie(context, deviceCookie) !== undefined) return;
    const expires = new Date(Date.now() + deviceLifetimeMs).toUTCString();
    sent.append('Set-Cookie', `${deviceCookie}=${randomUUID()}; HttpOnly; Path=/; Expires=${expires}; ${sameSite}`);
  };
}
