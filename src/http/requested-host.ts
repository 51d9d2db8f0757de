/**
 * The name of the host that a request is for, in lower case and without port: that of a target that is a whole URL, else
 * of the Host header (RFC 9112 section 3.2). Undefined where there is none, or more than one.
 */
export function requestedHost(target: string, header: string | undefined): string | undefined {
  const [, authority] = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(target) ?? [];
  const [, name] = /^([^\s,:[\]@]+?)\.?(?::\d*)?$/.exec(authority ?? header ?? '') ?? [];
  return name?.toLowerCase();
}
