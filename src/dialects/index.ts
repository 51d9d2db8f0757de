import type { Spoken } from '#operations/spoken.ts';
import { callbox } from './callbox/callbox.ts';
import type { Dialect } from './dialect.ts';
import { metabase } from './metabase/metabase.ts';
import { scim } from './scim/scim.ts';

/** Every dialect there is. Mounting, laws and reference docs read this list. */
export const dialects: readonly Dialect[] = [scim, metabase, callbox];

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

/** The APIs to which people sign in through our own. */
export const signInApis = [admin, ...dialects.filter(({ signsIn }) => signsIn)].map(({ name }) => name);
