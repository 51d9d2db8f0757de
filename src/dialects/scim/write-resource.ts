import type { Attribute, Value, Values } from '#attributes/attribute.ts';
import { type ResourceType, resourceTypeOf } from '#attributes/resource-type.ts';
import type { Member, Membership, Resource } from '#domain/resource.ts';
import { writeEtag } from './etag.ts';
import { type Projection, project } from './projection.ts';

/** What an answer depends on beside the resource: where the server says it is, and what the client asked to see. */
export interface Writing {
  /** The base URI, such as `https://example.org/scim/v2`. */
  readonly base: string;
  readonly projection?: Projection;
}

/** A resource as SCIM JSON text: RFC 7643 section 3. Without references or a projection its document is not parsed. */
export function writeResource(resource: Resource, { base, projection }: Writing): string {
  const type = resourceTypeOf(resource.kind);
  const document = resource.refers ? writeReferences(type, resource, base) : resource.document;
  const text = spliced(type, resource, document, base);
  return projection === undefined ? text : JSON.stringify(project(type, JSON.parse(text), projection));
}

/** Where a resource is: `meta.location`. */
export function locationOf(type: ResourceType, id: string, base: string): string {
  return `${base}${type.endpoint}/${id}`;
}

/** The document with what others decide put around it, as text. */
function spliced(type: ResourceType, resource: Resource, document: string, base: string): string {
  const { id, externalId, objectId } = resource;
  const label = externalId === undefined ? '' : `"externalId":${JSON.stringify(externalId)},`;
  const unnamed = type.name === 'User' && !document.includes('"userName":') ? `"userName":"${objectId}",` : '';
  const links = writeGroups(resource.groups, base) + writeMembers(resource.members, base);
  return `{"id":"${id}",${label}${unnamed}${document.slice(1, -1)}${links},"meta":${writeMeta(type, resource, base)}}`;
}

function writeMeta(type: ResourceType, { id, createdAt, modifiedAt, version }: Resource, base: string): string {
  const etag = JSON.stringify(writeEtag(version));
  return `{"resourceType":"${type.name}","created":"${createdAt}","lastModified":"${modifiedAt}","location":"${locationOf(type, id, base)}","version":${etag}}`;
}

function writeGroups(groups: readonly Membership[] | undefined, base: string): string {
  if (groups === undefined || groups.length === 0) return '';
  const texts = groups.map(
    ({ id, label, direct }) =>
      `{"value":"${id}","$ref":"${base}/Groups/${id}","display":${JSON.stringify(label)},"type":"${direct ? 'direct' : 'indirect'}"}`,
  );
  return `,"groups":[${texts.join(',')}]`;
}

function writeMembers(members: readonly Member[] | undefined, base: string): string {
  if (members === undefined || members.length === 0) return '';
  const texts = members.map(
    ({ id, kind, label }) =>
      `{"value":"${id}","$ref":"${base}/${kind}s/${id}","type":"${kind}","display":${JSON.stringify(label)}}`,
  );
  return `,"members":[${texts.join(',')}]`;
}

/** The document with the location and the name of everything that it refers to. */
function writeReferences(type: ResourceType, resource: Resource, base: string): string {
  const document = JSON.parse(resource.document) as Record<string, Value>;
  for (const [name, attribute] of Object.entries(type.attributes)) {
    const key = attribute.urn ?? name;
    const value = document[key];
    if (value === undefined) continue;
    document[key] =
      attribute.urn === undefined
        ? filled(attribute, value, resource, base)
        : filledParts(attribute, value, resource, base);
  }
  return JSON.stringify(document);
}

function filledParts(extension: Attribute, value: Value, resource: Resource, base: string): Values {
  const rows = extension.parts ?? {};
  return Object.fromEntries(
    Object.entries(value as Values).map(([name, inner]) => [
      name,
      filled(rows[name] ?? extension, inner, resource, base),
    ]),
  );
}

function filled(attribute: Attribute, value: Value, resource: Resource, base: string): Value {
  const [target] = attribute.type === 'complex' ? (attribute.references ?? []) : [];
  if (target === undefined) return value;
  if (attribute.many)
    return (value as readonly Values[]).map((one) => withTarget(attribute, target, one, resource, base));
  return withTarget(attribute, target, value as Values, resource, base);
}

function withTarget(attribute: Attribute, target: string, value: Values, resource: Resource, base: string): Values {
  const label = resource.labels?.get(String(value.value));
  const nameAs = attribute.parts?.displayName === undefined ? 'display' : 'displayName';
  return { ...value, $ref: `${base}/${target}s/${value.value}`, ...(label !== undefined && { [nameAs]: label }) };
}
