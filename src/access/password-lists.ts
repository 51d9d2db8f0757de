import { russianPasswords } from './russian-passwords.ts';

let loading: Promise<ReadonlySet<string>> | undefined;

/**
 * The passwords that are too common, in lower case: those of leaks, words and names of Portuguese, and what is common in
 * Russian. Loaded when first asked for, which takes a third of a second: before a transaction begins that asks for them,
 * so that no row is held meanwhile. A server that checks no passwords does without, as its garbage collector would go
 * through a hundred thousand words again and again.
 */
export function commonPasswords(): Promise<ReadonlySet<string>> {
  loading ??= load();
  return loading;
}

async function load(): Promise<ReadonlySet<string>> {
  const [common, portuguese] = await Promise.all([
    import('@zxcvbn-ts/language-common'),
    import('@zxcvbn-ts/language-pt-br'),
  ]);
  const words = portuguese.dictionary;
  return new Set(
    [
      ...common.dictionary['passwords-common'],
      ...words['commonWords-pt-br'],
      ...words['firstnames-pt-br'],
      ...words['lastnames-pt-br'],
      ...russianPasswords(),
    ].map((word) => word.normalize('NFC').toLowerCase()),
  );
}
