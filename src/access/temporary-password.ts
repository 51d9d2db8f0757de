import { randomInt } from 'node:crypto';

/** Without letters and digits that look alike: 0 O o, 1 l I i. */
const characters = 'abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const kinds = [/[a-z].*[a-z]/, /[A-Z].*[A-Z]/, /\d/];
const groups = [4, 4, 4, 4];

/** A password for one sign-in, about 90 random bits, which every policy takes. It is shown once. */
export function newTemporaryPassword(): string {
  const pick = (length: number) => Array.from({ length }, () => characters[randomInt(characters.length)]).join('');
  for (;;) {
    const password = groups.map(pick).join('-');
    if (kinds.every((kind) => kind.test(password))) return password;
  }
}
