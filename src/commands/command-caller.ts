import { randomUUID } from 'node:crypto';
import { type Caller, noConnection, rights } from '#domain/caller.ts';

/** No tenant has this number: the caller of a command that is about none. */
const noTenant = 0;

/** Who uses the command line has the database, and so every right in every tenant. */
export function commandCaller(tenant = noTenant): Caller {
  return { tenant, connection: noConnection, dialect: 'command', profile: '', rights, requestId: randomUUID() };
}
