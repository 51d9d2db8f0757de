import { decode } from './check-request.ts';

const slash = 0x2f;
const hash = 0x23;
const percent = 0x25;
const dot = 0x2e;
const question = 0x3f;

/**
 * The path and query as the client sent them when Node serves, else the URL of the Request. That URL has its dot segments
 * already resolved: `/scim/v2/%2e%2e/%2e%2e/metrics` would arrive as `/metrics`, past a proxy that guards `/metrics`.
 */
export function requestTarget(request: Request, env: unknown): string {
  const incoming = (env as { incoming?: { url?: string } } | undefined)?.incoming;
  return incoming?.url ?? request.url;
}

/**
 * Gives the path by which a request is routed: without query, doubled and trailing slashes, each segment decoded once
 * and escaped again in one way, so that `/%55sers` is `/Users`. A segment that decodes to `.`, `..`, or to something
 * with a slash or NUL in it stays one escaped segment: it can be the value of a parameter and never another route
 * (R-018, S-05). A segment whose escapes are wrong stays as it is; `checkRequest` refuses it. Where slashes are kept, only
 * they stay.
 */
export function normalisePath(target: string, { slashes = 'merge' }: { slashes?: 'merge' | 'keep' } = {}): string {
  const start = startOfPath(target);
  let isPlain = target.charCodeAt(start) === slash;
  let end = start;
  let previous = 0;
  for (; end < target.length; end += 1) {
    const code = target.charCodeAt(end);
    if (code === question || code === hash) break;
    if (code === percent || (previous === slash && (code === slash || code === dot))) isPlain = false;
    previous = code;
  }
  if (end - start > 1 && previous === slash) isPlain = false;
  const path = target.slice(start, end);
  return isPlain ? path : normaliseSegments(path, slashes);
}

function normaliseSegments(path: string, slashes: 'merge' | 'keep'): string {
  const segments = path.split('/');
  if (segments[0] === '') segments.shift();
  const kept = slashes === 'merge' ? segments.filter((segment) => segment !== '') : segments;
  return `/${kept.map(normaliseSegment).join('/')}`;
}

function normaliseSegment(segment: string): string {
  const decoded = segment.includes('%') ? decode(segment) : segment;
  if (decoded === undefined) return segment;
  if (decoded === '.' || decoded === '..') return decoded.replaceAll('.', '%2E');
  return decoded === segment || !decoded.isWellFormed() ? segment : encodeURIComponent(decoded);
}

/** A target is a path, or in the absolute form of RFC 9112 section 3.2.2 a whole URL. */
function startOfPath(target: string): number {
  if (target.charCodeAt(0) === slash) return 0;
  const authority = target.indexOf('://');
  const length = target.slice(authority + 3).search(/[/?#]/);
  return authority === -1 || length === -1 ? target.length : authority + 3 + length;
}
