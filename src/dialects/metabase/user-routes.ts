import type { DialectRoute } from '../dialect.ts';

/** People. */
export const userRoutes: readonly DialectRoute[] = [];
