import { createHash } from 'node:crypto';
import type { Caller } from '#domain/caller.ts';
import { Fault } from '#domain/fault.ts';
import type { Resource } from '#domain/resource.ts';
import type { WriteRules } from '#domain/write-rules.ts';
import type { JsonObject } from '#http/parse-json.ts';
import { readEtags, writeEtag } from './etag.ts';
import { scimLimits } from './limits.ts';
import type { ReadPatch } from './patch.ts';
import { type Profile, profileOf } from './profiles.ts';
import { type Projection, readProjection } from './projection.ts';
import { readPatch } from './read-patch.ts';
import { readQuery, readResourceBody } from './read-request.ts';
import { type ReadResource, readCreation, readReplacement } from './read-resource.ts';
import { wantedBy, writing } from './read-routes.ts';
import type { ReadContext } from './read-value.ts';
import { idOf, type Parts, type ScimContext } from './request-parts.ts';
import { mediaType } from './schemas.ts';
import { locationOf, writeResource } from './write-resource.ts';

/** POST: RFC 7644 section 3.3. */
export async function create(context: ScimContext, parts: Parts): Promise<Response> {
  const reading = readingFor(context);
  const projection = projectionOf(context, parts);
  const body = await bodyOf(context, parts);
  const read = withMembersChecked(readCreation(parts.type, body, reading));
  const { resource, skipped } = await parts.operations.createResource(context.var.caller, parts.type, {
    ...read,
    ...(read.externalId !== undefined && { bodyHash: hashOf(body) }),
    rules: rulesOf(reading.profile),
  });
  report(context, reading, skipped);
  context.var.record.resource = resource.id;
  const whole = read.members?.length ? await reread(context, parts, resource, projection) : resource;
  return answer(context, parts, whole, projection, 201);
}

/** PUT: RFC 7644 section 3.5.1. */
export async function replace(context: ScimContext, parts: Parts): Promise<Response> {
  const reading = readingFor(context);
  const projection = projectionOf(context, parts);
  const ifVersions = readIfMatch(context);
  const body = await bodyOf(context, parts);
  const read = withMembersChecked(readReplacement(parts.type, body, reading));
  const { resource, skipped } = await parts.operations.updateResource(context.var.caller, parts.type, idOf(context), {
    changes: read.changes,
    externalId: read.externalId ?? null,
    members: parts.type.name === 'Group' ? [{ op: 'set', ids: read.members ?? [] }] : [],
    ...ifVersions,
    rules: rulesOf(reading.profile),
  });
  report(context, reading, skipped);
  return answer(context, parts, await reread(context, parts, resource, projection), projection, 200);
}

/** PATCH: RFC 7644 section 3.5.2. Answers with the resource or with nothing, as the profile says; 5.1. */
export async function patch(context: ScimContext, parts: Parts): Promise<Response> {
  const reading = readingFor(context);
  const projection = projectionOf(context, parts);
  const ifVersions = readIfMatch(context);
  const read = readPatch(parts.type, await bodyOf(context, parts), reading);
  const resource = await carryOut(context, parts, read, ifVersions, reading);
  const answers = parts.type.name === 'Group' ? reading.profile.groupPatchAnswer : reading.profile.userPatchAnswer;
  if (answers === 'nothing' && projection === undefined) {
    return context.body(null, 204, resource === undefined ? {} : { ETag: writeEtag(resource.version) });
  }
  const whole = await reread(context, parts, resource, projection);
  return answer(context, parts, whole, projection, 200);
}

/** DELETE: RFC 7644 section 3.6. */
export async function remove(context: ScimContext, { type, operations }: Parts): Promise<Response> {
  const { ifVersions } = readIfMatch(context);
  await operations.deleteResource(context.var.caller, type, idOf(context), ifVersions);
  return context.body(null, 204);
}

/** A PATCH that names nothing but members does not read the group, and other writers hardly wait for it. */
async function carryOut(
  context: ScimContext,
  { type, operations }: Parts,
  read: ReadPatch,
  ifVersions: { readonly ifVersions?: readonly number[] },
  reading: ReadContext,
): Promise<Resource | undefined> {
  const { caller } = context.var;
  const rules = rulesOf(reading.profile);
  const onlyMembers = read.members.length > 0 && read.changes.length === 0 && read.externalId === undefined;
  if (onlyMembers && ifVersions.ifVersions === undefined) {
    report(context, reading, await operations.updateMembers(caller, idOf(context), read.members, rules));
    return undefined;
  }
  const wish = { ...read, ...ifVersions, rules };
  const { resource, skipped } = await operations.updateResource(caller, type, idOf(context), wish);
  report(context, reading, skipped);
  return resource;
}

/** A group is read again for its members; a user was held with everything that an answer shows. */
function reread(
  context: ScimContext,
  parts: Parts,
  resource: Resource | undefined,
  projection: Projection | undefined,
) {
  if (resource !== undefined && parts.type.name !== 'Group') return resource;
  return parts.operations.getResource(
    asReader(context.var.caller),
    parts.type,
    resource?.id ?? idOf(context),
    wantedBy(projection),
  );
}

/** The answer of a write shows what was written, also to who may otherwise not read: refused here, it would have happened. */
function asReader(caller: Caller): Caller {
  return { ...caller, rights: [...caller.rights, 'read'] };
}

function answer(
  context: ScimContext,
  { type, base }: Parts,
  resource: Resource,
  projection: Projection | undefined,
  status: 200 | 201,
): Response {
  return context.body(writeResource(resource, writing(base, projection)), status, {
    'Content-Type': mediaType,
    ETag: writeEtag(resource.version),
    Location: locationOf(type, resource.id, base),
  });
}

/** The body, which the request log keeps too. */
async function bodyOf(context: ScimContext, { limits, type }: Parts): Promise<JsonObject> {
  const body = await readResourceBody(context.req.raw, limits, type);
  context.var.record.body = body;
  return body;
}

function readingFor(context: ScimContext): ReadContext {
  return { profile: profileOf(context.var.caller.profile), skipped: [], changed: [] };
}

function projectionOf(context: ScimContext, { type }: Parts): Projection | undefined {
  const { attributes, excludedAttributes } = readQuery(context.req.url);
  return readProjection(type, attributes, excludedAttributes);
}

function readIfMatch(context: ScimContext): { readonly ifVersions?: readonly number[] } {
  const versions = readEtags(context.req.header('if-match'));
  return versions === undefined || versions === 'any' ? {} : { ifVersions: versions };
}

function rulesOf({ unknownReference, groupNames, createOfDeactivated }: Profile): WriteRules {
  const usual = { emails: 'free', ownAccount: 'free', passwords: 'checked' } as const;
  return { unknownReference, groupNames, createOfDeactivated, ...usual };
}

function withMembersChecked(read: ReadResource): ReadResource {
  if ((read.members?.length ?? 0) <= scimLimits.groupMembers) return read;
  throw new Fault('too_large', `a group may be sent with ${scimLimits.groupMembers} members; add the others by PATCH`);
}

function hashOf(body: JsonObject): Buffer {
  return createHash('sha256').update(JSON.stringify(body)).digest();
}

/** What an id of another system may look like; an e-mail address or a name is no business of the log. */
const plainId = /^[\w-]{1,64}$/;

/** What stands in the brackets of a path are values, often an e-mail address. */
function withoutFilter(path: string): string {
  return path.replace(/\[.*\]|\[.*$/s, '');
}

/** Names of what was left out go to the log, so that an admin sees why something is missing. Long ones are cut. */
function report(context: ScimContext, reading: ReadContext, ids: readonly string[]): void {
  const names = [
    ...reading.skipped.map(withoutFilter),
    ...ids.map((id) => (plainId.test(id) ? id : 'a reference that is no id')),
  ];
  const { record } = context.var;
  if (names.length > 0) record.skipped = cut(names);
  if (reading.changed.length > 0) record.changed = cut([...new Set(reading.changed)]);
}

function cut(names: readonly string[]): readonly string[] {
  return names.slice(0, 20).map((name) => name.slice(0, 80));
}
