import { createHash } from 'node:crypto';
import { resourceTypes } from '#attributes/resource-type.ts';
import { Fault } from '#domain/fault.ts';
import type { DialectApp, DialectParts } from '../dialect.ts';
import { basePath } from './base-path.ts';
import { readEtags } from './etag.ts';
import { scimLimits } from './limits.ts';
import { readQuery } from './read-request.ts';
import type { ScimContext } from './request-parts.ts';
import { refuseMethod } from './resource-routes.ts';
import { mediaType, urns } from './schemas.ts';
import { writeListOf } from './write-list.ts';
import { allSchemas, writeDescription } from './write-schema.ts';

/** The one path that needs no token: RFC 7643 section 5 wants clients to find out how to prove who they are. */
export function addOpenRoutes(app: DialectApp, { publicUrl }: DialectParts): void {
  const base = publicUrl + basePath;
  const config = JSON.stringify(serviceProviderConfig(base));
  app.get('/ServiceProviderConfig', (context) => answer(context, config));
}

/** Discovery: RFC 7644 section 4, all of it made from the attribute table. */
export function addDiscoveryRoutes(app: DialectApp, { publicUrl }: DialectParts): void {
  const base = publicUrl + basePath;
  app.all('/ServiceProviderConfig', () => refuseMethod('GET', 'HEAD', 'OPTIONS'));
  addList(app, '/ResourceTypes', describedTypes(base));
  addList(app, '/Schemas', describedOnes(base));
}

/** The list and each of its resources, by id in any case. A filter on it is refused with 403, other parameters are ignored. */
function addList(app: DialectApp, path: '/ResourceTypes' | '/Schemas', all: ReadonlyMap<string, string>): void {
  const whole = writeListOf(all.size, 1, [...all.values()]);
  app.get(path, (context) => {
    if (readQuery(context.req.url).filter !== undefined) throw new Fault('forbidden', 'discovery takes no filter');
    return answer(context, whole);
  });
  app.get(`${path}/:id`, (context) => {
    const one = all.get((context.req.param('id') ?? '').toLowerCase());
    if (one === undefined) throw new Fault('not_found', `there is nothing of this id; see ${path}`);
    return answer(context, one);
  });
  for (const each of [path, `${path}/:id`]) app.all(each, () => refuseMethod('GET', 'HEAD', 'OPTIONS'));
}

/** These never change while the server runs, so their version is a hash of their text. */
function answer(context: ScimContext, text: string): Response {
  const etag = `W/"${createHash('sha256').update(text).digest('hex').slice(0, 16)}"`;
  const known = context.req.header('if-none-match');
  readEtags(known);
  const isKnown = known?.split(',').some((tag) => tag.trim() === etag || tag.trim() === '*');
  if (isKnown) return context.body(null, 304, { ETag: etag });
  return context.body(text, 200, { 'Content-Type': mediaType, ETag: etag });
}

function serviceProviderConfig(base: string): object {
  return writeDescription(urns.serviceProviderConfig, 'ServiceProviderConfig', base, '/ServiceProviderConfig', {
    patch: { supported: true },
    bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
    filter: { supported: true, maxResults: scimLimits.pageSize },
    changePassword: { supported: false },
    sort: { supported: false },
    etag: { supported: true },
    authenticationSchemes: [
      {
        type: 'oauthbearertoken',
        name: 'Bearer token',
        description: 'The token of a connection, sent as "Authorization: Bearer ...".',
        specUri: 'https://www.rfc-editor.org/info/rfc6750',
        primary: true,
      },
    ],
  });
}

function describedTypes(base: string): ReadonlyMap<string, string> {
  return new Map(
    resourceTypes.map(({ name, about, endpoint, urn, attributes }) => {
      const extensions = Object.values(attributes).flatMap((row) => (row.urn === undefined ? [] : [row.urn]));
      const described = writeDescription(urns.resourceType, 'ResourceType', base, `/ResourceTypes/${name}`, {
        id: name,
        name,
        description: about,
        endpoint,
        schema: urn,
        schemaExtensions: extensions.map((schema) => ({ schema, required: false })),
      });
      return [name.toLowerCase(), JSON.stringify(described)];
    }),
  );
}

function describedOnes(base: string): ReadonlyMap<string, string> {
  return new Map(
    allSchemas().map((schema) => {
      const described = writeDescription(urns.schema, 'Schema', base, `/Schemas/${schema.id}`, schema);
      return [schema.id.toLowerCase(), JSON.stringify(described)];
    }),
  );
}
