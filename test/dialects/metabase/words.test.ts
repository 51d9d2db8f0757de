import { expect, test } from 'vitest';
import { say } from '#dialects/metabase/say.ts';
import { type Word, words } from '#dialects/metabase/words.ts';

/** What the original says in English whatever is asked for. */
const english: readonly Word[] = ['unauthenticated', 'malformedJson'];
const all = Object.keys(words) as readonly Word[];
const translated = all.filter((word) => !english.includes(word));
const placesIn = (text: string) => text.match(/\{\w+\}/g)?.sort() ?? [];

test.each(['ru', 'pt'])('every text is there in %s, with the same values in it', (locale) => {
  for (const word of translated) {
    const text = say(word, {}, locale);
    expect([word, text === words[word]]).toEqual([word, false]);
    expect([word, placesIn(text)]).toEqual([word, placesIn(words[word])]);
  }
  for (const word of english) expect(say(word, {}, locale)).toBe(words[word]);
});

test.each(['ru', 'RU', 'ru-RU', 'ru_RU', ' ru'])('%s asks for Russian', (locale) => {
  expect(say('notFound', {}, locale)).toBe('Не найдено.');
});

test.each(['', 'en', 'de', 'rus', 'constructor', '*', 'ß'])('%s is answered in English', (locale) => {
  expect(say('notFound', {}, locale)).toBe('Not found.');
});
