const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether a resource could have this id. Anything else is nobody's and need not be looked up. */
export function isId(text: string): boolean {
  return uuid.test(text);
}
