/** What a case knows by name. */
export type Variables = ReadonlyMap<string, unknown>;

const mention = /\{([a-z][A-Za-z0-9]*)\}/g;

/** A text with its variables put in. Throws for one that nobody saved. */
export function fillText(text: string, variables: Variables): string {
  return text.replaceAll(mention, (_, name: string) => String(lookUp(name, variables)));
}

/** A JSON value with the variables put into its strings and keys, and the members of "..." put in place. */
export function fillJson(value: unknown, variables: Variables): unknown {
  if (typeof value === 'string') return fillString(value, variables);
  if (Array.isArray(value)) return value.map((element) => fillJson(element, variables));
  if (typeof value !== 'object' || value === null) return value;
  const filled: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value)) {
    if (key === '...') Object.assign(filled, fillJson(inner, variables));
    else filled[fillText(key, variables)] = fillJson(inner, variables);
  }
  return filled;
}

function fillString(text: string, variables: Variables): unknown {
  const [whole] = text.matchAll(mention);
  return whole?.[0] === text ? lookUp(whole[1] ?? '', variables) : fillText(text, variables);
}

function lookUp(name: string, variables: Variables): unknown {
  if (!variables.has(name)) throw new Error(`the case names {${name}}, which nothing before has saved`);
  return variables.get(name);
}

/** What a body has at a JSON pointer: RFC 6901. Undefined: nothing. */
export function atPointer(body: unknown, pointer: string): unknown {
  const keys = pointer.split('/').slice(1);
  return keys.reduce((value, key) => memberOf(value, key.replaceAll('~1', '/').replaceAll('~0', '~')), body);
}

function memberOf(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Record<string, unknown>)[key];
}
