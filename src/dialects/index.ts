import type { Dialect } from './dialect.ts';
import { scim } from './scim/scim.ts';

/** Every dialect there is. Mounting, laws and reference docs read this list. */
export const dialects: readonly Dialect[] = [scim];
