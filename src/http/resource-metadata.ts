/** Where clients find what a protected resource is and who gives tokens for it; the path of the resource follows: RFC 9728. */
export const resourceMetadataPath = '/.well-known/oauth-protected-resource';
