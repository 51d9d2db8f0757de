import { isIP } from 'node:net';
import * as v from 'valibot';

/** One of a few words. */
export function oneOf<const Words extends readonly string[]>(words: Words) {
  return v.picklist(words, `one of ${words.join(', ')}`);
}

/** Names with commas between. */
export function names() {
  return v.pipe(
    v.string(),
    v.transform((text) => text.split(',').flatMap((each) => each.trim() || [])),
    v.readonly(),
  );
}

/** A whole number in these bounds. */
export function wholeNumber(min: number, max: number) {
  const message = `a whole number from ${min} to ${max}`;
  return v.pipe(
    v.string(),
    v.regex(/^\d{1,9}$/, message),
    v.transform(Number),
    v.minValue(min, message),
    v.maxValue(max, message),
  );
}

/** IP addresses and ranges of them, with commas between. */
export function addresses() {
  return v.pipe(
    v.string(),
    v.transform((text) => text.split(',').map((each) => each.trim())),
    v.check((ranges) => ranges.every(isRange), 'IP addresses and ranges such as 10.0.0.0/8, with commas between'),
    v.readonly(),
  );
}

function isRange(text: string): boolean {
  const [, address = '', bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const family = isIP(address);
  return family !== 0 && !address.includes('%') && (bits === undefined || Number(bits) <= (family === 4 ? 32 : 128));
}

/** A URL of the web, without a slash at its end, so that a path can follow. */
export function httpUrl() {
  return v.pipe(
    v.string(),
    v.check(isPublicUrl, 'an http:// or https:// URL without user, query and fragment'),
    v.transform((url) => url.replace(/\/+$/, '')),
  );
}

/** The URL of a database. */
export function postgresUrl() {
  return v.pipe(v.string(), v.check(isPostgresUrl, 'a URL such as postgres://user:password@host:5432/database'));
}

/** The URL of a mail server. */
export function smtpUrl() {
  return v.pipe(v.string(), v.check(isSmtpUrl, 'a URL such as smtps://user:password@host:465'));
}

/** nodemailer decodes user and password, and takes options from the query; there are none that anybody needs. */
function isSmtpUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^smtps?:\/\/[^?#\s]+$/.test(text) && url.hostname !== '' && isEncoded(text);
}

/** pg decodes every part of the URL, and throws an error that shows it when that fails. */
function isPostgresUrl(text: string): boolean {
  return /^postgres(ql)?:\/\/\S+$/.test(text) && URL.canParse(text) && isEncoded(text);
}

function isEncoded(text: string): boolean {
  try {
    return decodeURIComponent(text) !== '';
  } catch {
    return false;
  }
}

function isPublicUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:\/\/[^?#\s]+$/i.test(text) && url.username === '' && url.password === '';
}

/** An address or a name of a machine. */
export function host() {
  return v.pipe(v.string(), v.check(isHost, 'an IP address or a host name, without port'));
}

function isHost(text: string): boolean {
  return isIP(text) !== 0 || /^(?!-)[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})*$/i.test(text);
}

const label = '(?!-)[a-z0-9-]{1,63}';
const segment = '/(?!\\.{1,2}(?:[/=]|$))[a-z0-9._~-]+';
const mount = new RegExp(`^([a-z]+)(?:@(${label}(?:\\.${label})*))?((?:${segment})*)/?(?:=([^=]+))?$`, 'i');
const mountForm = 'places such as metabase@bi.example.com,callbox/calls,metabase@bi.acme.com/old=acme';

/** What is often wrong with a place; the first that fits is told. */
const mountMistakes: readonly (readonly [form: RegExp, words: string])[] = [
  [/^$/, 'is empty'],
  [/:\/\//, 'has a scheme such as https://; begin with the name of the API'],
  [/^[^/=]*@[^/=]*:\d+(?:[/=]|$)/, 'has a port; a host stands here without one'],
  [/=$/, 'names no tenant after ='],
];

/** APIs by name, each with host, prefix and tenant where it is to answer, with commas between. */
export function mounts() {
  return v.pipe(
    v.string(),
    v.transform((text) => text.split(',').map((each) => each.trim())),
    v.check(
      (places) => places.every((place) => mount.test(place)),
      ({ input }) => mountForm + whichIsWrong(input),
    ),
    v.transform((places) => places.map(readMount)),
    v.readonly(),
  );
}

/** Which place is the first that cannot be read, and why where that is known; without the value. */
function whichIsWrong(places: readonly string[]): string {
  const index = places.findIndex((place) => !mount.test(place));
  const [, why = 'has another form'] = mountMistakes.find(([form]) => form.test(places[index] ?? '')) ?? [];
  return `; number ${index + 1} in it ${why}`;
}

function readMount(place: string) {
  const [, name = '', host, prefix, tenant] = mount.exec(place) ?? [];
  return {
    name: name.toLowerCase(),
    ...(host !== undefined && { host: host.toLowerCase() }),
    ...(prefix && { prefix: prefix as `/${string}` }),
    ...(tenant !== undefined && { tenant }),
  };
}
