import type { Spoken } from '#operations/spoken.ts';
import type { Dialect } from './dialect.ts';
import { metabase } from './metabase/metabase.ts';
import { scim } from './scim/scim.ts';

/** Every dialect there is. Mounting, laws and reference docs read this list. */
export const dialects: readonly Dialect[] = [scim, metabase];

/** Our own API, which is no dialect. */
const admin: Spoken & Pick<Dialect, 'prefixes'> = {
  name: 'admin',
  about: 'our own, for scripts that administer',
  prefixes: ['/admin/v1'],
  tokenForm: 'mst',
  profiles: [],
  usualRights: ['read', 'write', 'passwords', 'admin'],
};

/** Everything that a connection may speak. */
export const spoken: readonly (Spoken & Pick<Dialect, 'prefixes'>)[] = [...dialects, admin];
