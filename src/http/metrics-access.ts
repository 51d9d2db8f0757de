import { createHash, timingSafeEqual } from 'node:crypto';
import type { Context } from 'hono';
import type { AddressList } from './address-list.ts';
import { isClientHidden } from './client-address.ts';
import type { RequestVariables } from './observe-requests.ts';

/** Who may read `/metrics`: who sends the token, and who asks from one of the addresses. */
export interface MetricsAccess {
  readonly token?: string | undefined;
  readonly isAllowed: AddressList;
  readonly isTrusted: AddressList;
}

/**
 * Makes the question whether a request may read the metrics. The address is the client's, not that of a trusted proxy;
 * a request that somebody else passed on, or a trusted proxy without saying for whom, has no address that counts. The token is compared in constant time.
 */
export function metricsAccess({ token, isAllowed, isTrusted }: MetricsAccess) {
  const expected = token === undefined ? undefined : hashOf(`Bearer ${token}`);
  return (context: Context<{ Variables: RequestVariables }>): boolean => {
    const sent = context.req.header('authorization');
    if (sent !== undefined && expected !== undefined)
      return timingSafeEqual(hashOf(sent.replace(/^bearer +/i, 'Bearer ')), expected);
    const { address } = context.var.record;
    const isNear = address !== undefined && isAllowed(address);
    return isNear && !isClientHidden(context.req.raw.headers, context.env, isTrusted);
  };
}

/** Hashes have one length, as the comparison needs, and tell nothing of the token's. */
function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
