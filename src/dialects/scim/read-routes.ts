import { readEtags, writeEtag } from './etag.ts';
import { profileOf } from './profiles.ts';
import { type Projection, readProjection, shows } from './projection.ts';
import { readFilter } from './read-filter.ts';
import { readPage } from './read-page.ts';
import { readQuery } from './read-request.ts';
import { idOf, type Parts, type ScimContext } from './request-parts.ts';
import { mediaType } from './schemas.ts';
import { writeList } from './write-list.ts';
import { locationOf, writeResource } from './write-resource.ts';

/** GET of one resource: RFC 7644 section 3.4.1; 304 when the client has this version. */
export async function get(context: ScimContext, { type, operations, base }: Parts): Promise<Response> {
  const { attributes, excludedAttributes } = readQuery(context.req.url);
  const projection = readProjection(type, attributes, excludedAttributes);
  const resource = await operations.getResource(context.var.caller, type, idOf(context), wantedBy(projection));
  const headers = { ETag: writeEtag(resource.version), Location: locationOf(type, resource.id, base) };
  const known = readEtags(context.req.header('if-none-match'));
  if (known === 'any' || known?.includes(resource.version)) return context.body(null, 304, headers);
  return context.body(writeResource(resource, writing(base, projection)), 200, {
    ...headers,
    'Content-Type': mediaType,
  });
}

/** GET of a list: RFC 7644 section 3.4.2. */
export async function list(context: ScimContext, { type, operations, base }: Parts): Promise<Response> {
  const query = readQuery(context.req.url);
  const projection = readProjection(type, query.attributes, query.excludedAttributes);
  const { startIndex, count } = readPage(query.startIndex, query.count);
  const lenient = profileOf(context.var.caller.profile).filters === 'lenient';
  const filter = query.filter ? readFilter(query.filter, type, { lenient }) : undefined;
  const listing = { type, filter, page: { offset: startIndex - 1, count }, wanted: wantedBy(projection) };
  const { total, resources } = await operations.listResources(context.var.caller, listing);
  const body = writeList(total, startIndex, resources, writing(base, projection));
  return context.body(body, 200, { 'Content-Type': mediaType });
}

/** What must be read for a projection: groups and members are not touched when nobody sees them. */
export function wantedBy(projection: Projection | undefined) {
  return { groups: shows(projection, 'groups'), members: shows(projection, 'members') };
}

/** Attributes that come from tables of their own: what is not read is not there, and need not be taken out. */
const links = new Set(['groups', 'members']);

/** How an answer is written under a projection. */
export function writing(base: string, projection: Projection | undefined) {
  const isDone = projection?.without !== undefined && [...projection.without].every((path) => links.has(path));
  return { base, ...(projection !== undefined && !isDone && { projection }) };
}
