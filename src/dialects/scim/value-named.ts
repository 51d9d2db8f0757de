/** The value that a JSON object has under a name in any case: RFC 7643 section 2.1. Takes the name in lower case. */
export function valueNamed(object: Record<string, unknown>, name: string): unknown {
  return Object.entries(object).find(([key]) => key.toLowerCase() === name)?.[1];
}
