import { Fault } from '#domain/fault.ts';
import type { DialectApp, DialectParts, DialectRoute } from './dialect.ts';

/** Adds routes that are rows of a table. */
export function addRoutes(app: DialectApp, routes: readonly DialectRoute[], parts: DialectParts): void {
  for (const { method, path, handle } of routes) app.on(method, path, (context) => handle(context, parts));
}

/** Makes every path of the routes raise `method_not_allowed`, with those it has, for other methods: RFC 9110 section 15.5.6. */
export function refuseOtherMethods(app: DialectApp, routes: readonly Pick<DialectRoute, 'method' | 'path'>[]): void {
  for (const path of new Set(routes.map((route) => route.path))) {
    const methods = routes.filter((route) => route.path === path).map(({ method }) => method);
    const allow = methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
    app.all(path, () => {
      throw new Fault('method_not_allowed', `this path takes ${allow.join(', ')}`, { allow });
    });
  }
}
