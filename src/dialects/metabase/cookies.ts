import type { DialectContext, DialectParts } from '../dialect.ts';
import { embeddedSessionCookie, sessionCookie } from './credential.ts';

const timeoutCookie = 'metabase.TIMEOUT';
/** As long as a session lives. */
const lifetimeSeconds = 1_209_600;
const past = 'Thu, 1 Jan 1970 00:00:00 GMT';

/** Gives a browser the session that has begun, for as long as it is open, or where `remember` says so as long as it lives: 3.4. */
export function setSessionCookies(
  context: DialectContext,
  { publicUrl }: Pick<DialectParts, 'publicUrl'>,
  token: string,
  remember = false,
): void {
  const lasting = `; Max-Age=${lifetimeSeconds}`;
  const secure = publicUrl.startsWith('https:') ? '; Secure' : '';
  const cookies = [
    `${sessionCookie}=${token}; HttpOnly; SameSite=Lax; Path=/${remember ? lasting : ''}${secure}`,
    `${timeoutCookie}=alive; Path=/; SameSite=Lax${lasting}${secure}`,
  ];
  for (const cookie of cookies) context.header('Set-Cookie', cookie, { append: true });
}

/** Takes the cookies of a session that is over from a browser. */
export function clearSessionCookies(context: DialectContext): void {
  for (const name of [sessionCookie, embeddedSessionCookie, timeoutCookie]) {
    context.header('Set-Cookie', `${name}=; Path=/; Expires=${past}`, { append: true });
  }
}
