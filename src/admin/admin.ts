import { refuseOtherMethods } from '#dialects/add-routes.ts';
import type { Dialect, DialectApp, DialectParts } from '#dialects/dialect.ts';
import { bearerGuard, openDialectApp, requireBearer } from '#dialects/dialect-app.ts';
import { Fault } from '#domain/fault.ts';
import { describeRoutes } from './describe-routes.ts';
import { problemType, writeFault, writeMalformed, writeUnexpected } from './errors.ts';
import type { AdminParts, AdminRoute } from './route.ts';
import { adminRoutes } from './routes.ts';

const name = 'admin';
const prefix = '/admin/v1';

/** Answers are for whoever asked, and are what they say they are. */
const headers = { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' };

/** Our own API: mounted as a dialect is, but of no directory's shape. */
export const admin = {
  name,
  prefixes: [prefix],
  slashes: 'merge',
  mediaType: problemType,
  build,
  writeMalformed,
} satisfies Pick<Dialect, 'name' | 'prefixes' | 'slashes' | 'mediaType' | 'writeMalformed'> & {
  readonly build: unknown;
};

/** The open routes come first; whatever is added behind them needs a credential, unknown paths too. */
function build(parts: DialectParts & Omit<AdminParts, 'describe'>): DialectApp {
  const app = openDialectApp({ name, mediaType: problemType, headers, writeFault, writeUnexpected }, parts.publicUrl);
  let document: Promise<object> | undefined;
  const describe = () => {
    document ??= describeRoutes(adminRoutes, `${parts.publicUrl}${prefix}`);
    return document;
  };
  const all = { ...parts, describe };
  for (const route of adminRoutes.filter(({ isOpen }) => isOpen)) addRoute(app, route, all);
  for (const route of adminRoutes.filter(({ allowMustChange }) => allowMustChange)) {
    app.on(route.method, route.path, bearerGuard(parts, name, true));
    addRoute(app, route, all);
  }
  requireBearer(app, parts, name);
  for (const route of adminRoutes.filter(isBehindGuard)) addRoute(app, route, all);
  refuseOtherMethods(app, adminRoutes);
  app.all('*', () => {
    throw new Fault('not_found', `there is nothing at this path; see ${prefix}/openapi.json for what there is`);
  });
  return app;
}

function isBehindGuard({ isOpen, allowMustChange }: AdminRoute): boolean {
  return !isOpen && allowMustChange !== true;
}

function addRoute(app: DialectApp, { method, path, handle }: AdminRoute, parts: AdminParts): void {
  app.on(method, path, (context) => handle(context, parts));
}
