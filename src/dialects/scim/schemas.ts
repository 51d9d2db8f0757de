const messages = 'urn:ietf:params:scim:api:messages:2.0';

/** The URNs of SCIM's messages and of the schemas that describe the server: RFC 7644 section 8.2, RFC 7643 section 5 to 7. */
export const urns = {
  error: `${messages}:Error`,
  listResponse: `${messages}:ListResponse`,
  patchOp: `${messages}:PatchOp`,
  serviceProviderConfig: 'urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig',
  resourceType: 'urn:ietf:params:scim:schemas:core:2.0:ResourceType',
  schema: 'urn:ietf:params:scim:schemas:core:2.0:Schema',
} as const;

/** What every answer of this dialect is: RFC 7644 section 3.8. Without charset, since SCIM is UTF-8. */
export const mediaType = 'application/scim+json';
