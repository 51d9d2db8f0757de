import type { Caller } from '#domain/caller.ts';
import { Fault } from '#domain/fault.ts';
import type { Namespace } from '#domain/person.ts';
import type { Dialect, DialectApp, DialectContext, DialectParts, DialectRoute } from './dialect.ts';

/** How the paths of a dialect name a person. */
interface Naming extends Pick<Dialect, 'people'> {
  readonly namespace: Namespace;
}

/** Adds routes that are rows of a table. The request log hears whom a request was about that changed something or failed. */
export function addRoutes(
  app: DialectApp,
  routes: readonly DialectRoute[],
  parts: DialectParts,
  { namespace, people }: Naming,
): void {
  for (const { method, path, handle } of routes) {
    const [, parameter] = path.startsWith(`${people}/:`) ? path.slice(people.length).split(/[^\w]+/) : [];
    if (parameter !== undefined) {
      app.on(method, path, async (context, next) => {
        await next();
        const isRead = method === 'GET' && context.res.status < 400;
        if (!isRead) await notePerson(context, parts, namespace, context.req.param(parameter));
      });
    }
    app.on(method, path, (context) => handle(context, parts));
  }
}

/** The answer stands by now: a person who cannot be found out is not noted. Routes that know whom they are about have said so. */
async function notePerson(
  { var: known }: DialectContext,
  { operations }: DialectParts,
  namespace: Namespace,
  key: string | undefined,
): Promise<void> {
  const { caller, record }: { caller?: Caller; record: DialectContext['var']['record'] } = known;
  if (caller === undefined || key === undefined) return;
  if (record.resource !== undefined || record.fault === 'unavailable') return;
  const ids = await operations.resolveKeys(caller, namespace, 'User', [key]).catch(() => undefined);
  const id = ids?.get(key);
  if (id !== undefined) record.resource = id;
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
