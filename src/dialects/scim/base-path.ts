/** The path of the versioned base URI, below which every location is given: RFC 7644 section 3.13. */
export const basePath = '/scim/v2';
