import type { Attributes } from './attribute.ts';
import { commonAttributes } from './every-resource.ts';
import { groupAttributes } from './group.ts';
import { orgUnitAttributes } from './org-unit.ts';
import { userAttributes } from './user.ts';

/** One kind of thing on the roll: RFC 7643 section 6, and the table that keeps it. */
export interface ResourceType {
  readonly name: 'User' | 'Group' | 'OrgUnit';
  readonly endpoint: `/${string}`;
  readonly urn: string;
  readonly about: string;
  readonly table: 'app_user' | 'app_group' | 'org_unit';
  /** The attribute by which people know it; shown where others refer to it. */
  readonly named: string;
  readonly attributes: Attributes;
}

export const userType = {
  name: 'User',
  endpoint: '/Users',
  urn: 'urn:ietf:params:scim:schemas:core:2.0:User',
  about: 'A person or another account.',
  table: 'app_user',
  named: 'userName',
  attributes: userAttributes,
} as const satisfies ResourceType;

export const groupType = {
  name: 'Group',
  endpoint: '/Groups',
  urn: 'urn:ietf:params:scim:schemas:core:2.0:Group',
  about: 'A set of users and groups.',
  table: 'app_group',
  named: 'displayName',
  attributes: groupAttributes,
} as const satisfies ResourceType;

export const orgUnitType = {
  name: 'OrgUnit',
  endpoint: '/OrgUnits',
  urn: 'urn:ietf:params:scim:schemas:muster:2.0:OrgUnit',
  about: 'A company, division, region, shop, franchisee or business direction.',
  table: 'org_unit',
  named: 'displayName',
  attributes: orgUnitAttributes,
} as const satisfies ResourceType;

/** Every resource type there is. Discovery, routes, store and docs read this list. */
export const resourceTypes: readonly ResourceType[] = [userType, groupType, orgUnitType];

export type ResourceName = ResourceType['name'];

/** The resource type of a name. Takes a name of the list, so it always finds one. */
export function resourceTypeOf(name: ResourceName): ResourceType {
  const byName: Record<ResourceName, ResourceType> = { User: userType, Group: groupType, OrgUnit: orgUnitType };
  return byName[name];
}

const everything = new Map<ResourceName, Attributes>(
  resourceTypes.map((type) => [type.name, { ...commonAttributes, ...type.attributes }]),
);

/** The table of a resource type with the attributes that every resource has: what a filter or a projection may name. */
export function allAttributes(type: ResourceType): Attributes {
  return everything.get(type.name) ?? type.attributes;
}
