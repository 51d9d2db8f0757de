import { type Word, words } from './words.ts';
import { portuguese } from './words-pt.ts';
import { russian } from './words-ru.ts';

type Translation = Readonly<Partial<Record<Word, string>>>;

/** The languages that messages are there in, beside English. */
const translations = new Map<string, Translation>([
  ['ru', russian],
  ['pt', portuguese],
]);

/** The codes of all locales in which something can be said, as Metabase writes them. */
export const spokenLocales = ['en', 'pt_BR', 'ru'] as const;

/** The header in which a client says in which language it wants to be spoken to: 3.2. */
export const localeHeader = 'x-metabase-locale';

/**
 * A text with its values in place. `locale` is what a client sent, such as `pt-BR`: only its language counts, and what there
 * is no translation for is English.
 */
export function say(
  word: Word,
  values: Readonly<Record<string, string | number>> = {},
  locale: string | undefined = 'en',
): string {
  const text = translations.get(languageOf(locale))?.[word] ?? words[word];
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** The language of a locale such as `pt_BR`, in lower case. */
export function languageOf(locale: string): string {
  return (/^\s*([a-z]+)/i.exec(locale)?.[1] ?? '').toLowerCase();
}
