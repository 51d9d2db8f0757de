import type { Spoken } from '#operations/spoken.ts';

/** What connections that speak Metabase's API are like. Their clients have always been superusers. */
export const spoken: Spoken = {
  name: 'metabase',
  about: 'Metabase 0.52, for scripts that administer its people and groups',
  tokenForm: 'mb',
  profiles: [],
  usualRights: ['read', 'write', 'passwords', 'superuser'],
};
