import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const secretLength = 32;
const checksumLength = 6;

/** What a token looks like: a prefix, 190 random bits and a checksum, so that scanners recognise one that leaked. */
const tokenPattern = /^mst_[0-9A-Za-z]{38}$/;

/** How much of a token people may see. */
const shownLength = 8;

/** Makes a token. It is shown once; the directory keeps its hash and `prefix`. */
export function newToken(): { readonly token: string; readonly hash: Buffer; readonly prefix: string } {
  const body = `mst_${randomText(secretLength)}`;
  const token = body + checksumOf(body);
  return { token, hash: hashToken(token), prefix: token.slice(0, shownLength) };
}

/** SHA-256 of a token: what the database knows it by. A slow hash is for passwords, not for 190 random bits. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** Whether a text can be one of our tokens; anything else is refused without asking the database. */
export function isToken(text: string): boolean {
  return tokenPattern.test(text) && checksumOf(text.slice(0, -checksumLength)) === text.slice(-checksumLength);
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
