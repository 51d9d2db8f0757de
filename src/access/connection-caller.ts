import { type Caller, rightsWithin } from '#domain/caller.ts';
import type { ConnectionHolder } from '#store/connections.ts';

/** Where a request comes from, beside its credential. */
export interface Origin {
  readonly requestId: string;
  readonly address?: string | undefined;
}

/** The caller of a request that a connection sends, in the dialect of the connection. */
export function connectionCaller(holder: ConnectionHolder, { requestId, address }: Origin): Caller {
  const { tenant, connection, dialect, profile, rights, franchisee } = holder;
  return {
    ...{ tenant, connection, dialect, profile, requestId },
    rights: rightsWithin(rights, franchisee),
    ...(franchisee !== undefined && { franchisee }),
    ...(address !== undefined && { address }),
  };
}
