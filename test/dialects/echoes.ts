import { readConfig } from '#config.ts';
import { scim } from '#dialects/scim/scim.ts';
import { makeEcho } from '#test/support/echo-dialect.ts';

const bearer = { header: 'Authorization', scheme: 'Bearer' } as const;
export const callbox = makeEcho({ name: 'callbox', prefixes: ['/api/v1/staff'], slashes: 'keep', credential: bearer });
export const metabase = makeEcho({
  ...{ name: 'metabase', prefixes: ['/api'], owns: ['/api/user', '/api/session', '/api/health'], slashes: 'merge' },
});
export const idealist = makeEcho({
  ...{ name: 'idealist', prefixes: ['/api'], owns: ['/api/user', '/api/session'], slashes: 'merge' },
  ...{ credential: bearer, tokenForm: 'uuid' },
});
/** SCIM, and three that answer with what they know of a request. */
export const dialects = [scim, callbox, metabase, idealist];

/** What the text of MOUNTS wishes for. */
export const wishes = (text: string) => readConfig({ MOUNTS: text }).mounts ?? [];
