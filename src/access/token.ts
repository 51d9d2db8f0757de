import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { TokenForm } from '#store/connections.ts';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const secretLength = 32;
const checksumLength = 6;

/** A way in which tokens are made and recognised. */
interface Form {
  readonly make: () => string;
  readonly isOne: (text: string) => boolean;
  readonly length: number;
  /** How much of a token people may see. */
  readonly shownLength: number;
}

const mstPattern = /^mst_[0-9A-Za-z]{38}$/;
const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const mbPattern = /^mb_[0-9A-Za-z+/]{43}=$/;

/** What tokens look like. Each dialect has the one that its clients expect. */
export const tokenForms = {
  // 190 random bits and a checksum, so that scanners recognise one that leaked.
  mst: {
    make: newMst,
    isOne: (text) =>
      mstPattern.test(text) && checksumOf(text.slice(0, -checksumLength)) === text.slice(-checksumLength),
    length: 42,
    shownLength: 8,
  },
  // 122 random bits.
  uuid: {
    make: () => randomUUID(),
    isOne: (text) => uuidPattern.test(text),
    length: 36,
    shownLength: 8,
  },
  // 256 random bits in base64, as Metabase makes them.
  mb: {
    make: () => `mb_${randomBytes(32).toString('base64')}`,
    isOne: (text) => mbPattern.test(text),
    length: 47,
    shownLength: 7,
  },
} as const satisfies Readonly<Record<TokenForm, Form>>;

export type { TokenForm };

const forms: readonly Form[] = Object.values(tokenForms);

/** Makes a token. It is shown once; the directory keeps its hash and `prefix`. */
export function newToken(form: TokenForm): { readonly token: string; readonly hash: Buffer; readonly prefix: string } {
  const { make, shownLength } = tokenForms[form];
  const token = make();
  return { token, hash: hashToken(token), prefix: token.slice(0, shownLength) };
}

function newMst(): string {
  const body = `mst_${randomText(secretLength)}`;
  return body + checksumOf(body);
}

/** A token as people may see it: how it begins, and an asterisk for each character behind. */
export function maskToken(form: TokenForm, prefix: string): string {
  return prefix.padEnd(tokenForms[form].length, '*');
}

/** SHA-256 of a token: what the database knows it by. A slow hash is for passwords, not for 122 random bits and more. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** Whether a text can be one of our tokens; anything else is refused without asking the database. */
export function isToken(text: string): boolean {
  return forms.some(({ isOne }) => isOne(text));
}

function checksumOf(body: string): string {
  let rest = crc32(body);
  let text = '';
  for (let place = 0; place < checksumLength; place += 1) {
    text = alphabet.charAt(rest % alphabet.length) + text;
    rest = Math.floor(rest / alphabet.length);
  }
  return text;
}

/** Each character with the same likelihood: bytes that do not fit are thrown away. */
function randomText(length: number): string {
  const fair = 256 - (256 % alphabet.length);
  let text = '';
  while (text.length < length) {
    const letters = [...randomBytes(length)]
      .filter((byte) => byte < fair)
      .map((byte) => alphabet.charAt(byte % alphabet.length));
    text += letters.join('');
  }
  return text.slice(0, length);
}
