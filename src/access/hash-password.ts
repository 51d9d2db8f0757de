import crypto from 'node:crypto';
import { availableParallelism } from 'node:os';
import { Fault } from '#domain/fault.ts';
import { type Line, openWorkQueue } from './work-queue.ts';

/** What argon2id costs: the least that OWASP allows. `memory` is in KiB. */
const cost = { memory: 19_456, passes: 2, parallelism: 1 };
const [saltLength, tagLength] = [16, 32];

/** The longest password, in code points: more adds no safety. */
export const passwordLengthMax = 256;

/** How many wait for the processor in each line before others are sent away. */
export const hashesWaitingMax = 50;

/** The threads that hash are those that read files and resolve names, so one core is left to them. */
const queue = openWorkQueue({ atOnce: Math.max(1, availableParallelism() - 1), waitingMax: hashesWaitingMax });

/** A stored hash, read. */
interface Hash {
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
  readonly salt: Buffer;
  readonly tag: Buffer;
}

/** The hash that nobody's password has: what a try for an unknown person is compared with, for the same work. */
export const nobodysHash = writeHash({ ...cost, salt: Buffer.alloc(saltLength), tag: Buffer.alloc(tagLength) });

/**
 * The argon2id hash of a password as a PHC string. People who wait for it themselves are in the first line, programs that
 * write people in the second, so that an import holds up nobody who signs in. Raises `invalid_value`, and `unavailable`
 * when too many hash at once.
 */
export async function hashPassword(password: string, line: Line = 'first'): Promise<string> {
  if (!isHashable(password)) {
    throw new Fault('invalid_value', `a password must be well-formed text of at most ${passwordLengthMax} characters`, {
      attribute: 'password',
    });
  }
  const salt = crypto.randomBytes(saltLength);
  return writeHash({
    ...cost,
    salt,
    tag: await digest(password, { ...cost, salt, tag: Buffer.alloc(tagLength) }, line),
  });
}

/**
 * Whether a password is the one of a stored hash; `outdated` is right, and worth hashing anew. A hash that costs more
 * than ours is never computed, since it could take all the memory there is. The lines are those of `hashPassword`. Raises
 * `unavailable` when too many hash at once.
 */
export async function verifyPassword(
  password: string,
  stored: string,
  line: Line = 'first',
): Promise<'right' | 'outdated' | 'wrong'> {
  const hash = readHash(stored);
  if (hash === undefined || !isHashable(password)) {
    await digest('', readHash(nobodysHash) as Hash, line);
    return 'wrong';
  }
  const tag = await digest(password, hash, line);
  if (!crypto.timingSafeEqual(tag, hash.tag) || stored === nobodysHash) return 'wrong';
  return hash.memory < cost.memory || hash.passes < cost.passes ? 'outdated' : 'right';
}

/** Text with half a surrogate pair would be the same as other such text. */
function isHashable(password: string): boolean {
  return password.isWellFormed() && [...password].length <= passwordLengthMax;
}

/** Composed and decomposed forms are one password: keyboards differ. */
function digest(password: string, hash: Hash, line: Line): Promise<Buffer> {
  const { memory, passes, parallelism, salt, tag } = hash;
  const message = Buffer.from(password.normalize('NFC'));
  const parameters = { message, nonce: salt, parallelism, tagLength: tag.length, memory, passes };
  return queue.run(
    () =>
      new Promise((resolve, reject) => {
        crypto.argon2('argon2id', parameters, (error, made) => (error ? reject(error) : resolve(made)));
      }),
    line,
  );
}

const form = /^\$argon2id\$v=19\$m=(\d{1,6}),t=(\d{1,2}),p=(\d)\$([A-Za-z0-9+/]{11,64})\$([A-Za-z0-9+/]{22,86})$/;

/** Undefined for what is no hash of ours, or costs more. */
function readHash(stored: string): Hash | undefined {
  const [, m, t, p, salt = '', tag = ''] = form.exec(stored) ?? [];
  const [memory, passes, parallelism] = [Number(m), Number(t), Number(p)];
  const isDear = !(memory <= cost.memory && passes <= cost.passes && parallelism <= cost.parallelism);
  if (isDear || memory < 8 || passes < 1 || parallelism < 1) return undefined;
  return { memory, passes, parallelism, salt: Buffer.from(salt, 'base64'), tag: Buffer.from(tag, 'base64') };
}

function writeHash({ memory, passes, parallelism, salt, tag }: Hash): string {
  const text = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '');
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${text(salt)}$${text(tag)}`;
}
