import { resourceTypes } from '#attributes/resource-type.ts';
import { Fault } from '#domain/fault.ts';
import type { Dialect, DialectApp, DialectParts } from '../dialect.ts';
import { openDialectApp, requireBearer } from '../dialect-app.ts';
import { basePath } from './base-path.ts';
import { addDiscoveryRoutes, addOpenRoutes } from './discovery-routes.ts';
import { errorShape, writeError, writeFault, writeUnexpected } from './errors.ts';
import { profiles } from './profiles.ts';
import { addResourceRoutes } from './resource-routes.ts';
import { mediaType } from './schemas.ts';

/** SCIM 2.0: RFC 7643 and RFC 7644. The unversioned path is the same server. */
export const scim: Dialect = {
  name: 'scim',
  about: 'SCIM 2.0, for identity providers',
  prefixes: [basePath, '/scim'],
  slashes: 'merge',
  mediaType,
  keys: 'id',
  people: '/Users',
  credential: { header: 'Authorization', scheme: 'Bearer' },
  tokenForm: 'mst',
  profiles: Object.keys(profiles),
  usualRights: ['read', 'write'],
  build,
  errorShapes: [errorShape],
  writeFault,
  writeUnexpected,
  writeMalformed: writeError,
};

/** Everything below `addOpenRoutes` needs a token; what is added later is behind it too. */
function build(parts: DialectParts): DialectApp {
  const app = openDialectApp(scim, parts.publicUrl);
  app.options('*', (context) => context.body(null, 204));
  addOpenRoutes(app, parts);
  requireBearer(app, parts, scim.name);
  addDiscoveryRoutes(app, parts);
  for (const type of resourceTypes) addResourceRoutes(app, type, parts);
  app.get('/', () => {
    throw new Fault('forbidden', 'a search over all types is not offered; ask one endpoint, such as /Users');
  });
  app.all('*', () => {
    throw new Fault('not_found', 'there is nothing at this path; see /ResourceTypes for the endpoints');
  });
  return app;
}
