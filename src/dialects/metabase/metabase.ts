import { addRoutes } from '../add-routes.ts';
import type { Dialect, DialectApp, DialectParts, DialectRoute } from '../dialect.ts';
import { noteAskers, openDialectApp } from '../dialect-app.ts';
import { apiKeyRoutes } from './api-key-routes.ts';
import { namespace } from './asker.ts';
import { requireCaller, tokensOf } from './credential.ts';
import { errorShapes, writeFault, writeMalformed, writeUnexpected } from './errors.ts';
import { exportFacts } from './export-facts.ts';
import { groupRoutes } from './group-routes.ts';
import { headers, sayMoment } from './headers.ts';
import { jsonType } from './media-types.ts';
import { membershipRoutes } from './membership-routes.ts';
import { refusal } from './refusal.ts';
import { resetRoutes } from './reset-routes.ts';
import { sessionRoutes } from './session-routes.ts';
import { setupRoutes } from './setup-routes.ts';
import { spoken } from './spoken.ts';
import { user } from './user.ts';
import { changePassword } from './user-password.ts';
import { userRoutes } from './user-routes.ts';
import { utilRoutes } from './util-routes.ts';

const routes: readonly DialectRoute[] = [
  ...userRoutes,
  ...sessionRoutes,
  ...resetRoutes,
  ...setupRoutes,
  ...utilRoutes,
  ...groupRoutes,
  ...membershipRoutes,
  ...apiKeyRoutes,
];

/** The API of Metabase 0.52 for people, groups and sessions. */
export const metabase: Dialect = {
  ...spoken,
  prefixes: ['/api'],
  owns: ['/api/user', '/api/session', '/api/permissions', '/api/api-key', '/api/health', '/api/util', '/api/setup'],
  slashes: 'merge',
  mediaType: jsonType,
  keys: 'number',
  people: '/user',
  credential: { header: 'X-API-Key' },
  sessionHeader: 'X-Metabase-Session',
  user,
  routes,
  exports: exportFacts,
  build,
  errorShapes,
  writeFault,
  writeUnexpected,
  writeMalformed,
};

/** Who is asking is found out for each route by itself, so that a path without a route is 404 for everybody. */
function build(parts: DialectParts): DialectApp {
  const { publicUrl } = parts;
  const app = openDialectApp({ ...metabase, headers, around: sayMoment(publicUrl) }, publicUrl);
  noteAskers(app, parts, tokensOf);
  app.options('*', (context) => context.body(null, 200));
  for (const route of routes) {
    const { method, path, isOpen } = route;
    if (!isOpen) app.on(method, path, requireCaller(parts, route === changePassword));
  }
  addRoutes(app, routes, parts, { namespace, people: metabase.people });
  app.all('*', () => {
    throw refusal('not_found', { word: 'noRoute' });
  });
  return app;
}
