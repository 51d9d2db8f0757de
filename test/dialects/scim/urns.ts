export const core = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
export const muster = 'urn:ietf:params:scim:schemas:extension:muster:2.0:User';
