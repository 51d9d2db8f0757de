/** A refusal of the request as such, before anything is read from it. A dialect has its own words for each. */
export interface RequestProblem {
  readonly problem: 'bad_escape' | 'several_credentials' | 'several_hosts' | 'repeated_parameter';
  readonly detail: string;
}

/**
 * Looks for what no honest client sends and what two programs on the way would read differently: a percent escape
 * that is none or no UTF-8 (H-7), an escaped NUL (H-8), two Host headers (RFC 9112 section 3.2, H-15), and two
 * Authorization headers, which arrive joined by a comma (H-16). `target` is the path and query as sent, where it is
 * known. Gives undefined when all is well.
 */
export function checkRequest(headers: Headers, target: string): RequestProblem | undefined {
  if (target.includes('%') && !isDecodable(target)) {
    return {
      problem: 'bad_escape',
      detail: 'the URL has a percent escape that is no UTF-8 character; escape % as %25 and every character as UTF-8',
    };
  }
  if (headers.get('authorization')?.includes(',')) {
    return { problem: 'several_credentials', detail: 'the request has more than one credential; send exactly one' };
  }
  if (headers.get('host')?.includes(',')) {
    return { problem: 'several_hosts', detail: 'the request has more than one Host header; send exactly one' };
  }
  return undefined;
}

function isDecodable(target: string): boolean {
  const decoded = decode(target);
  return decoded !== undefined && !decoded.includes('\0');
}

/** Undoes percent escapes, or gives undefined when one is malformed or the bytes are no UTF-8. */
export function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
