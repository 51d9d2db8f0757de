import { Fault } from '#domain/fault.ts';
import { fold } from '#domain/fold.ts';
import { passwordLengthMax } from './hash-password.ts';
import { commonPasswords } from './password-lists.ts';

/** Attributes of a person, as the attribute table names them. */
type Person = Readonly<Record<string, unknown>>;

interface Policy {
  readonly about: string;
  /** In code points. */
  readonly lengthMin: number;
  /** How many characters of each kind there must be. */
  readonly lower?: number;
  readonly upper?: number;
  readonly digits?: number;
  readonly others?: number;
  /** Whether what is on the list of common passwords is refused. */
  readonly uncommon: boolean;
  /** Whether the person's own names are refused. */
  readonly notOwnNames: boolean;
  /** The only words for every refusal, where a dialect's clients expect these. */
  readonly words?: string;
}

const tooCommon = 'password is too common.';

/** What a password must be, by who takes it. The decision on passwords says why they differ. */
export const passwordPolicies = {
  default: {
    about: 'Set through an API: 8 characters, not common, no name of the person.',
    ...{ lengthMin: 8, uncommon: true, notOwnNames: true },
  },
  own: {
    about: 'Chosen on our own pages, where it is the only factor: 15 characters, not common, no name of the person.',
    ...{ lengthMin: 15, uncommon: true, notOwnNames: true },
  },
  metabase: {
    about: 'Metabase, level normal: 6 characters, one digit, not common.',
    ...{ lengthMin: 6, digits: 1, uncommon: true, notOwnNames: false, words: tooCommon },
  },
  'metabase-weak': {
    about: 'Metabase, level weak: 6 characters.',
    ...{ lengthMin: 6, uncommon: false, notOwnNames: false, words: tooCommon },
  },
  'metabase-strong': {
    about: 'Metabase, level strong: 8 characters, 2 lower case, 2 upper case, one digit, one other, not common.',
    ...{ lengthMin: 8, lower: 2, upper: 2, digits: 1, others: 1, uncommon: true, notOwnNames: false, words: tooCommon },
  },
} as const satisfies Readonly<Record<string, Policy>>;

export type PasswordPolicyName = keyof typeof passwordPolicies;

/** The policy of a dialect: its own where it has one. */
export function policyOf(dialect: string): PasswordPolicyName {
  return Object.hasOwn(passwordPolicies, dialect) ? (dialect as PasswordPolicyName) : 'default';
}

/**
 * Checks a password that somebody wants against a policy and gives it back. `person` are the attributes of whose it will
 * be. Raises `invalid_value`; the message never repeats the password.
 */
export async function checkPassword(policyName: PasswordPolicyName, password: string, person: Person): Promise<string> {
  const policy: Policy = passwordPolicies[policyName];
  const problem = await problemOf(policy, password, person);
  if (problem === undefined) return password;
  throw new Fault('invalid_value', policy.words ?? problem, { attribute: 'password' });
}

async function problemOf(policy: Policy, password: string, person: Person): Promise<string | undefined> {
  const length = [...password].length;
  if (!password.isWellFormed()) return 'the password must be well-formed text';
  if (length > passwordLengthMax) return `the password must have at most ${passwordLengthMax} characters`;
  if (length < policy.lengthMin) return `the password must have at least ${policy.lengthMin} characters`;
  for (const [kind, { pattern, name }] of Object.entries(kinds)) {
    const least = policy[kind as keyof typeof kinds] ?? 0;
    if ((password.match(pattern)?.length ?? 0) < least) return `the password must have at least ${least} ${name}`;
  }
  if (policy.notOwnNames && isOwnName(password, person)) return 'the password must not be a name of the person';
  if (policy.uncommon && (await isCommon(password))) return 'the password is too common; choose another one';
  return undefined;
}

const kinds = {
  lower: { pattern: /\p{Ll}/gu, name: 'letters in lower case' },
  upper: { pattern: /\p{Lu}/gu, name: 'letters in upper case' },
  digits: { pattern: /\p{Nd}/gu, name: 'digits' },
  others: { pattern: /[^\p{L}\p{Nd}]/gu, name: 'characters that are neither letters nor digits' },
} as const;

/** Also a single character that is repeated, which no list has in every length. */
async function isCommon(password: string): Promise<boolean> {
  const key = password.normalize('NFC').toLowerCase();
  return new Set(key).size === 1 || (await commonPasswords()).has(key);
}

/** A name with nothing but digits and signs around it is a name still. */
function isOwnName(password: string, person: Person): boolean {
  const whole = fold(password);
  const letters = whole.replace(/[^\p{L}]/gu, '');
  const names = namesOf(person);
  return names.has(whole) || (letters.length >= 3 && names.has(letters));
}

function namesOf(person: Person): ReadonlySet<string> {
  const { name = {}, emails = [], userName, displayName, nickName } = person;
  const addresses = (emails as readonly Person[]).map(({ value }) => value);
  const texts = [userName, displayName, nickName, ...Object.values(name as Person), ...addresses]
    .filter((text) => typeof text === 'string')
    .map(fold);
  const pieces = texts.flatMap((text) => [text, text.replace(/[^\p{L}]/gu, ''), ...text.split(/[^\p{L}\p{Nd}]+/u)]);
  return new Set(pieces.filter((piece) => piece !== ''));
}
