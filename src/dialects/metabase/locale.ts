import { type Kind, nonBlank, textThat, wrong } from './kinds.ts';

const pattern = /^([a-z]{2})(?:[-_]([a-z]{2}))?$/i;
const regionNames = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
const unknownRegion = 'ZZ';

/** A language, or a language of a country, that there is; it becomes `es_MX`. */
export const locale: Kind<string> = {
  word: 'mustBeLocale',
  shape: { type: 'string' },
  read: (value) => {
    const text = nonBlank.read(value);
    if ('specifics' in text) return { specifics: [...text.specifics, ...wrong(value, 'valid locale').specifics] };
    const read = textThat(value, ['valid locale', isKnown]);
    return 'specifics' in read ? read : { value: normalLocale(read.value) };
  },
};

/** A locale as Metabase writes it. What is no locale to it stays as it is. */
export function normalLocale(text: string): string {
  const [whole, language = '', region] = pattern.exec(text) ?? [];
  if (whole === undefined) return text;
  return region === undefined ? language.toLowerCase() : `${language.toLowerCase()}_${region.toUpperCase()}`;
}

function isKnown(text: string): boolean {
  const [whole, language = '', region = ''] = pattern.exec(text) ?? [];
  if (whole === undefined || Intl.DateTimeFormat.supportedLocalesOf(language).length === 0) return false;
  const country = region.toUpperCase();
  return country === '' || (country !== unknownRegion && regionNames.of(country) !== undefined);
}
