import { Fault } from '#domain/fault.ts';
import { withoutMark } from '#http/routed-path.ts';
import { addRoutes, refuseOtherMethods } from '../add-routes.ts';
import type { Dialect, DialectApp, DialectContext, DialectParts } from '../dialect.ts';
import { noteAskers, openDialectApp } from '../dialect-app.ts';
import { errorShapes, writeFault, writeMalformed, writeUnexpected } from './errors.ts';
import { exportFacts } from './export-facts.ts';
import { routes } from './routes.ts';
import { namespace } from './staff-route.ts';
import { staffUser } from './user.ts';
import { words } from './words.ts';

const prefix = '/api/v1/staff';

/** The API of CallBox for its staff. */
export const callbox: Dialect = {
  name: namespace.dialect,
  about: 'CallBox, for scripts that administer its staff',
  prefixes: [prefix],
  slashes: 'keep',
  mediaType: 'application/json',
  keys: 'number',
  people: '/users',
  credential: { header: 'Authorization', scheme: 'Bearer' },
  signsIn: true,
  tokenForm: 'mst',
  profiles: [],
  usualRights: ['read', 'write', 'passwords', 'superuser'],
  user: staffUser,
  routes,
  exports: exportFacts,
  build,
  errorShapes,
  writeFault,
  writeUnexpected,
  writeMalformed,
};

/** Each route finds out by itself who is asking, so that a path or method that is not there is answered to everybody alike. */
function build(parts: DialectParts): DialectApp {
  const app = openDialectApp(callbox, parts.publicUrl);
  noteAskers(app, parts);
  addRoutes(app, routes, parts, { namespace, people: callbox.people });
  refuseOtherMethods(app, routes);
  for (const path of new Set(routes.map((route) => route.path))) {
    app.all(`${path}/`, (context) => {
      const headers = { Location: withoutSlash(context, parts.publicUrl), 'Content-Length': '0' };
      return context.body(null, 307, headers);
    });
  }
  app.all('*', () => {
    throw new Fault('not_found', 'there is nothing at this path', { said: words.notFound });
  });
  return app;
}

/**
 * The same address without its last slash: below that which everybody knows the server by. To who asked by another host
 * it names none, since that which a request brings may be anybody's, and who keeps answers would send others there.
 */
function withoutSlash({ req }: DialectContext, publicUrl: string): string {
  const { host, search } = new URL(req.url);
  const start = req.path.indexOf(prefix);
  const base = host === new URL(publicUrl).host ? publicUrl : withoutMark(req.path.slice(0, start));
  return base + req.path.slice(start, -1) + search;
}
