import { Fault } from './fault.ts';

/** What a caller may do. `write` covers people, groups, org units and every flag but `superuser`. */
export const rights = ['read', 'write', 'superuser', 'admin'] as const;
export type Right = (typeof rights)[number];

/** Who is asking. The first parameter of every operation. */
export interface Caller {
  readonly tenant: number;
  readonly connection: string;
  readonly dialect: string;
  /** The name of the connection's profile; only its dialect knows what it means. */
  readonly profile: string;
  readonly rights: readonly Right[];
  readonly requestId: string;
}

/** Raises `forbidden` unless the caller has the right. */
export function checkRight(caller: Caller, right: Right): void {
  if (!caller.rights.includes(right)) {
    throw new Fault('forbidden', `this connection does not have the right "${right}"`, { wrongCredential: true });
  }
}
