import { checkDomain, tooMany } from './check-email-domain.ts';
import { listed, unsafeProblem } from './email-characters.ts';

/** An address in its normal form, or why a text is none. */
export type CheckedEmail = { readonly email: string } | { readonly reason: string };

const textLengthMax = 2_048;
const addressBytesMax = 254;
const localLengthMax = 64;

const atom = "[a-zA-Z0-9_!#$%&'*+\\-/=?^`{|}~\\u{80}-\\u{10ffff}]";
const dotAtom = new RegExp(`^${atom}+(?:\\.${atom}+)*$`, 'u');
const atomCharacter = new RegExp(`^(?:\\.|${atom})$`, 'u');
/** A name before an address in angle brackets, as in mails. Pydantic takes the address and drops the name. */
const named = /^(?:[\p{L}\p{N}\s_!#$%&'*+\-/=?^`{|}~]*|\s*"(?:[^"\\]|\\.)+"\s*)<(.+)>\s*$/u;

/**
 * Reads an e-mail address as Pydantic's `EmailStr` does, which is the library email-validator without its look into the
 * DNS: the same texts are refused for the same reasons, in the same words.
 */
export function checkEmail(sent: string): CheckedEmail {
  if ([...sent].length > textLengthMax) return { reason: `Length must not exceed ${textLengthMax} characters` };
  const text = (named.exec(sent)?.[1] ?? sent).trim();
  const split = splitEmail(text);
  if ('reason' in split) return split;
  const local = split.local.normalize('NFC');
  const reason = localProblem(split.local);
  if (reason !== undefined) return { reason };
  const checked = checkDomain(split.domain);
  if ('reason' in checked) return checked;
  const email = `${local}@${checked.domain}`;
  return lengthProblem(text, email, `${local}@${checked.ascii}`) ?? { email };
}

interface Split {
  readonly local: string;
  readonly domain: string;
}

/** At the first @ outside quotation marks. */
function splitEmail(text: string): Split | { readonly reason: string } {
  const at = findSpecial(text);
  if (at === undefined) return { reason: 'An email address must have an @-sign.' };
  if (text[at] === '<') return { reason: bracketProblem(text) };
  return { local: text.slice(0, at), domain: text.slice(at + 1) };
}

function findSpecial(text: string): number | undefined {
  let isQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') isQuoted = !isQuoted;
    else if (isQuoted && character === '\\') at += 1;
    else if (!isQuoted && (character === '@' || character === '<')) return at;
  }
  return undefined;
}

function bracketProblem(text: string): string {
  if (!text.includes('>')) {
    return 'An open angle bracket at the start of the email address has to be followed by a close angle bracket at the end.';
  }
  if (!text.endsWith('>')) return "There can't be anything after the email address.";
  return 'A display name and angle brackets around the email address are not permitted here.';
}

function localProblem(local: string): string | undefined {
  if (local === '' || local === '""') return 'There must be something before the @-sign.';
  const excess = [...local].length - localLengthMax;
  if (excess > 0) return `The email address is too long before the @-sign ${tooMany(excess)}.`;
  if (/^".*"$/s.test(local)) return 'Quoting the part before the @-sign is not allowed here.';
  if (dotAtom.test(local)) return unsafeProblem(local);
  const bad = [...local].filter((character) => !atomCharacter.test(character));
  if (bad.length > 0) return `The email address contains invalid characters before the @-sign: ${listed(bad)}.`;
  if (local.endsWith('.')) return 'An email address cannot have a period immediately before the @-sign.';
  if (local.startsWith('.')) return 'An email address cannot start with a period.';
  return 'An email address cannot have two periods in a row.';
}

/** Servers of mail count the bytes: of what was sent, of the normal form, and of the form without letters of other scripts. */
function lengthProblem(sent: string, normal: string, ascii: string): { readonly reason: string } | undefined {
  const excess = Buffer.byteLength(sent) - addressBytesMax;
  if (excess > 0) return { reason: `The email address is too long ${excessOf(sent, excess)}.` };
  const forms = [
    [normal, 'after normalization'],
    [ascii, 'when the part after the @-sign is converted to IDNA ASCII'],
  ] as const;
  for (const [form, when] of forms) {
    const bytes = Buffer.byteLength(form) - addressBytesMax;
    const count = `${bytes} byte${bytes > 1 ? 's' : ''}`;
    if (bytes > 0) return { reason: `The email address is too long ${when} (${count} too many).` };
  }
  return undefined;
}

/** How many characters may be meant by so many bytes. */
function excessOf(sent: string, bytes: number): string {
  const widest = Math.max(...[...sent].map((character) => Buffer.byteLength(character)));
  const least = Math.max(1, Math.floor(bytes / widest));
  return least === bytes ? tooMany(bytes) : `(${least}-${bytes} characters too many)`;
}
