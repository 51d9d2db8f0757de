import type { ResourceType } from '#attributes/resource-type.ts';
import { Fault } from '#domain/fault.ts';
import type { DialectApp, DialectParts } from '../dialect.ts';
import { basePath } from './base-path.ts';
import { get, list } from './read-routes.ts';
import { idOf, type Parts, type ScimContext } from './request-parts.ts';
import { create, patch, remove, replace } from './write-routes.ts';

/** Adds the routes of one resource type: RFC 7644 section 3.2. Methods that a path does not have are refused by name. */
export function addResourceRoutes(
  app: DialectApp,
  type: ResourceType,
  { operations, limits, publicUrl }: DialectParts,
): void {
  const parts: Parts = { type, operations, limits, base: publicUrl + basePath };
  const about = (verb: typeof get) => (context: ScimContext) => {
    context.var.record.resource = idOf(context);
    return verb(context, parts);
  };
  const [collection, one] = [type.endpoint, `${type.endpoint}/:id`] as const;
  app.get(collection, (context) => list(context, parts));
  app.post(collection, (context) => create(context, parts));
  app.all(collection, () => refuseMethod('GET', 'HEAD', 'POST', 'OPTIONS'));
  app.get(one, about(get));
  app.put(one, about(replace));
  app.patch(one, about(patch));
  app.delete(one, about(remove));
  app.all(one, () => refuseMethod('GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'));
}

/** Raises `method_not_allowed` with the methods that a path has: RFC 9110 section 15.5.6. */
export function refuseMethod(...allow: string[]): never {
  throw new Fault('method_not_allowed', `this path takes ${allow.join(', ')}`, { allow });
}
