import { domainToASCII, domainToUnicode } from 'node:url';
import { listed, unsafeProblem } from './email-characters.ts';

/** A domain as people and as programs write it, or why a text is none. */
export type CheckedDomain = { readonly domain: string; readonly ascii: string } | { readonly reason: string };

const nameLengthMax = 255;
const labelLengthMax = 63;

/** Names under which no mail can arrive from elsewhere: IANA, Special-Use Domain Names. */
const specialNames = ['arpa', 'invalid', 'local', 'localhost', 'onion', 'test'];

/** Reads the part of an e-mail address after the @, as the library email-validator does without its look into the DNS. */
export function checkDomain(sent: string): CheckedDomain {
  const reason = wordingProblem(sent);
  if (reason !== undefined) return { reason };
  const domain = withAsciiDots(sent);
  const problem = dotProblem(domain);
  if (problem !== undefined) return { reason: problem };
  const ascii = isAscii(domain) ? domain : domainToASCII(domain);
  if (ascii === '') return { reason: 'The part after the @-sign is invalid (Invalid IDNA).' };
  const nameProblem = lengthProblem(ascii) ?? levelProblem(ascii);
  if (nameProblem !== undefined) return { reason: nameProblem };
  const shown = ascii.includes('xn--') ? domainToUnicode(ascii) : ascii;
  if (shown === '') return { reason: 'The part after the @-sign is not valid IDNA (Invalid A-label).' };
  return { domain: shown, ascii };
}

function wordingProblem(sent: string): string | undefined {
  if (sent === '') return 'There must be something after the @-sign.';
  if (/^\[.*\]$/s.test(sent)) return 'A bracketed IP address after the @-sign is not allowed here.';
  const bad = [...sent].filter((character) => !/^[a-zA-Z0-9.\-\u{80}-\u{10ffff}]$/u.test(character));
  if (bad.length > 0) return `The part after the @-sign contains invalid characters: ${listed(bad)}.`;
  return unsafeProblem(sent);
}

/** Lower case, one form of every letter, and full stops of all scripts as dots: UTS 46. */
function withAsciiDots(sent: string): string {
  return sent.normalize('NFKC').toLowerCase().normalize('NFC').replaceAll('。', '.');
}

function dotProblem(domain: string): string | undefined {
  if (domain.endsWith('.')) return 'An email address cannot end with a period.';
  if (domain.startsWith('.')) return 'An email address cannot have a period immediately after the @-sign.';
  if (domain.includes('..')) return 'An email address cannot have two periods in a row.';
  if (domain.endsWith('-')) return 'An email address cannot end with a hyphen.';
  if (domain.startsWith('-')) return 'An email address cannot have a hyphen immediately after the @-sign.';
  if (/\.-|-\./.test(domain)) return 'An email address cannot have a period and a hyphen next to each other.';
  if (domain.split('.').some((label) => /^(?!xn)..--/u.test(label))) {
    return (
      'An email address cannot have two letters followed by two dashes immediately after the @-sign ' +
      'or after a period, except Punycode.'
    );
  }
  return undefined;
}

function lengthProblem(ascii: string): string | undefined {
  const excess = ascii.length - nameLengthMax;
  if (excess > 0) return `The email address is too long after the @-sign ${tooMany(excess)}.`;
  const long = ascii.split('.').find((label) => label.length > labelLengthMax);
  if (long === undefined) return undefined;
  return `After the @-sign, periods cannot be separated by so many characters ${tooMany(long.length - labelLengthMax)}.`;
}

function levelProblem(ascii: string): string | undefined {
  if (!ascii.includes('.')) return 'The part after the @-sign is not valid. It should have a period.';
  if (!/[a-z]$/i.test(ascii)) {
    return 'The part after the @-sign is not valid. It is not within a valid top-level domain.';
  }
  if (specialNames.some((name) => ascii.endsWith(`.${name}`))) {
    return 'The part after the @-sign is a special-use or reserved name that cannot be used with email.';
  }
  return undefined;
}

function isAscii(text: string): boolean {
  return /^[\0-\x7f]*$/.test(text);
}

/** How far a part of an address is over its limit. */
export function tooMany(excess: number): string {
  return `(${excess} character${excess > 1 ? 's' : ''} too many)`;
}
