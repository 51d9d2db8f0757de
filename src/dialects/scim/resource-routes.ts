import type { ResourceType } from '#attributes/resource-type.ts';
import { Fault } from '#domain/fault.ts';
import type { DialectApp, DialectParts } from '../dialect.ts';
import { basePath } from './base-path.ts';
import { get, list } from './read-routes.ts';
import type { Parts } from './request-parts.ts';
import { create, patch, remove, replace } from './write-routes.ts';

/** Adds the routes of one resource type: RFC 7644 section 3.2. Methods that a path does not have are refused by name. */
export function addResourceRoutes(
  app: DialectApp,
  type: ResourceType,
  { operations, limits, publicUrl }: DialectParts,
): void {
  const parts: Parts = { type, operations, limits, base: publicUrl + basePath };
  const [collection, one] = [type.endpoint, `${type.endpoint}/:id`] as const;
  app.get(collection, (context) => list(context, parts));
  app.post(collection, (context) => create(context, parts));
  app.all(collection, () => refuseMethod('GET', 'HEAD', 'POST', 'OPTIONS'));
  app.get(one, (context) => get(context, parts));
  app.put(one, (context) => replace(context, parts));
  app.patch(one, (context) => patch(context, parts));
  app.delete(one, (context) => remove(context, parts));
  app.all(one, () => refuseMethod('GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'));
}

/** Raises `method_not_allowed` with the methods that a path has: RFC 9110 section 15.5.6. */
export function refuseMethod(...allow: string[]): never {
  throw new Fault('method_not_allowed', `this path takes ${allow.join(', ')}`, { allow });
}
