import { isId } from './is-id.ts';
import { isSecret } from './is-secret.ts';

/** What is kept of the values that clients send: all but secrets, or nothing that can be about a person. */
export type ValuePolicy = 'keep' | 'redact';

const secret = '[secret]';
const hidden = '…';

const session = '[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}';

/** Tokens of ours, wherever they stand: a client puts them in the wrong place first. */
const tokens = new RegExp(`\\b(?:mst_[0-9a-z]{38}|mb_[0-9a-z+/]{43}=?|\\d+_${session})`, 'gi');

/**
 * Tokens of sessions, which are UUIDs that were drawn. In a path or a query they can be nothing else of ours, since our ids
 * are UUIDs of another version; in bodies and filters the ids of other systems look so too, and are kept.
 */
const sessions = new RegExp(`\\b${session}\\b`, 'gi');

/** A text without tokens and without NUL, which no database keeps, and at most so long. */
export function redactText(text: string, lengthMax: number): string {
  const safe = /mst_|mb_|\d_|\0/i.test(text) ? text.replace(tokens, secret).replaceAll('\0', '\ufffd') : text;
  return safe.length > lengthMax ? `${safe.slice(0, lengthMax)}${hidden}` : safe;
}

const quoted = /"(?:[^"\\]|\\.)*"?|'[^']*'?/gs;
const compared = /\b(eq|ne|co|sw|ew|gt|ge|lt|le)(\s+)(?!true\b|false\b|null\b|"|')[^\s()[\]]+/gi;
const asks = /\b(?:eq|ne|co|sw|ew|gt|ge|lt|le|pr)\b/i;

/** A filter without the values that it compares with where those are not to be kept. */
function redactFilter(filter: string, policy: ValuePolicy): string {
  if (isSecret(filter)) return filter.replace(quoted, `"${hidden}"`).replace(compared, `$1$2${hidden}`);
  if (policy === 'keep') return filter;
  const bare = filter.replace(quoted, `"${hidden}"`).replace(compared, `$1$2${hidden}`);
  return asks.test(filter) ? bare : hidden;
}

/** A path of a PATCH operation, or a name, which may be one: its filters are redacted, plain names are kept. */
function redactPath(path: string, policy: ValuePolicy): string {
  return /^[\w.:$-]*$/.test(path) ? path : redactFilter(path, policy);
}

const plainParameters =
  /^(?:startindex|count|sortorder|sortby|attributes|excludedattributes|page|size|limit|offset|cursor)$/i;

/** The path and query of a request, decoded, without secrets. */
export function redactTarget(target: string, policy: ValuePolicy, lengthMax: number): string {
  const cut = target.indexOf('?');
  if (cut === -1) return redactText(withoutSessions(decoded(target)), lengthMax);
  const pairs = target.slice(cut + 1).split('&', 100);
  const query = pairs.map((pair) => redactParameter(pair, policy)).join('&');
  return redactText(`${withoutSessions(decoded(target.slice(0, cut)))}?${query}`, lengthMax);
}

function withoutSessions(text: string): string {
  return text.includes('-') ? text.replace(sessions, secret) : text;
}

function redactParameter(pair: string, policy: ValuePolicy): string {
  const cut = pair.indexOf('=');
  if (cut === -1) return policy === 'keep' ? withoutSessions(decoded(pair)) : hidden;
  const name = decoded(pair.slice(0, cut));
  // A plus sign that a client did not escape belongs to its token.
  const value = decoded(
    pair
      .slice(cut + 1)
      .replace(tokens, secret)
      .replaceAll('+', ' '),
  );
  if (/^filter$/i.test(name)) return `${name}=${redactFilter(value, policy)}`;
  if (isSecret(name) || /^(?:code|key|state)$/i.test(name)) return `${name}=${secret}`;
  return `${name}=${policy === 'keep' || plainParameters.test(name) ? withoutSessions(value) : hidden}`;
}

function decoded(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return '[not decodable]';
  }
}

interface Writing {
  text: string;
  readonly lengthMax: number;
  readonly policy: ValuePolicy;
}

/**
 * A body as JSON text without secrets: what stands under the name of one, and what a PATCH operation sets a secret to. It is
 * written up to a length and then cut, so that a long one costs no more. With `redact` names, flags and ids are left, and
 * every other text and number is gone.
 */
export function redactBody(body: unknown, policy: ValuePolicy, lengthMax: number): string {
  const writing: Writing = { text: '', lengthMax, policy };
  writeValue(writing, body, 'value');
  return redactText(writing.text, lengthMax);
}

type Place = 'value' | 'plain' | 'path' | 'filter' | 'secret';

function writeValue(writing: Writing, value: unknown, place: Place): void {
  if (writing.text.length > writing.lengthMax) return;
  if (Array.isArray(value)) writeList(writing, value, place);
  else if (typeof value === 'object' && value !== null) writeObject(writing, value, place);
  else writing.text += JSON.stringify(simple(writing, value, place)) ?? 'null';
}

function simple({ policy, lengthMax }: Writing, value: unknown, place: Place): unknown {
  if (typeof value !== 'string' && typeof value !== 'number') return value;
  if (place === 'secret') return secret;
  if (place === 'path' && typeof value === 'string') return redactPath(value, policy);
  if (place === 'filter' && typeof value === 'string') return redactFilter(value, policy);
  if (policy === 'keep' || place === 'plain') return typeof value === 'string' ? value.slice(0, lengthMax) : value;
  return typeof value === 'string' && isId(value) ? value : hidden;
}

function writeList(writing: Writing, list: readonly unknown[], place: Place): void {
  writing.text += '[';
  for (const [index, element] of list.entries()) {
    if (index > 0) writing.text += ',';
    writeValue(writing, element, place);
    if (writing.text.length > writing.lengthMax) return;
  }
  writing.text += ']';
}

function writeObject(writing: Writing, object: object, place: Place): void {
  const names = Object.keys(object);
  const values = object as Readonly<Record<string, unknown>>;
  // { "op": "replace", "path": "password", "value": ... } names the secret beside it.
  const isOfSecret = names.some((name) => naming.test(name) && isSecretName(values[name]));
  writing.text += '{';
  for (const [index, name] of names.entries()) {
    const key = redactPath(name, writing.policy);
    writing.text += `${index > 0 ? ',' : ''}${JSON.stringify(key)}:`;
    writeValue(writing, values[name], placeOf(name, values[name], place, isOfSecret));
    if (writing.text.length > writing.lengthMax) return;
  }
  writing.text += '}';
}

const naming = /^(?:path|name|attribute|field)$/i;
const operation = /^(?:add|replace|remove)$/i;

function isSecretName(value: unknown): boolean {
  return typeof value === 'string' && isSecret(value);
}

function placeOf(name: string, value: unknown, outer: Place, isOfSecret: boolean): Place {
  if (outer === 'secret' || isSecret(name)) return 'secret';
  if (/^path$/i.test(name)) return 'path';
  if (/^filter$/i.test(name)) return 'filter';
  if (/^op$/i.test(name) && typeof value === 'string' && operation.test(value)) return 'plain';
  if (isOfSecret && !naming.test(name)) return 'secret';
  return /^(?:schemas|type)$/i.test(name) ? 'plain' : 'value';
}
