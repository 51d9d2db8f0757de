import * as v from 'valibot';
import { domainLimits } from '#domain/limits.ts';

const moment = 'must be a date and time with a zone, such as 2026-01-31T12:00:00Z';

/** Text of at most so many characters; the empty text is none. */
export function text(lengthMax = 512) {
  return v.pipe(
    v.string('must be text'),
    v.minLength(1, 'must not be empty'),
    v.maxLength(lengthMax, `must not be longer than ${lengthMax}`),
  );
}

/** A whole number within bounds. */
export function count(min: number, max: number) {
  const message = `must be a whole number from ${min} to ${max}`;
  return v.pipe(v.number(message), v.integer(message), v.minValue(min, message), v.maxValue(max, message));
}

/** One of a few words. */
export function choice<const Words extends readonly string[]>(words: Words) {
  return v.picklist(words, `must be one of ${words.join(', ')}`);
}

/** True or false. */
export const flag = v.boolean('must be true or false');

/** A moment as RFC 3339 has it. */
export const time = v.pipe(v.string(moment), v.isoTimestamp(moment));

/** A UUID in an answer, or as a parameter. */
export const id = v.pipe(v.string('must be a UUID'), v.uuid('must be a UUID'));

/** How long a token or a secret is to live. */
export const lifetime = v.exactOptional(
  v.pipe(count(1, domainLimits.tokenLifetimeDays), v.description('In days; as TOKEN_LIFETIME_DAYS says when absent.')),
);

/** The parameter by which an operator says which tenant he means; without it, his own. */
export const inTenant = {
  tenant: v.exactOptional(v.pipe(text(), v.description('The name of the tenant; without it the own. For operators.'))),
};

/** Where somebody without a credential says which tenant he means. */
export const tenantOfStranger = v.exactOptional(
  v.pipe(text(256), v.description('The name of the tenant; `default` when absent.')),
);

/** The most that one page holds. */
export const pageMax = 200;

/** The parameters of every list. */
export const ofPage = {
  after: v.exactOptional(v.pipe(text(), v.description('`next` of the page before; without it, the first page.'))),
  limit: v.exactOptional(v.pipe(count(1, pageMax), v.description(`How many at most; ${pageMax} when absent.`))),
};

/** The answer of every list: `next` is there when there is more. */
export function pageOf<Item extends v.GenericSchema>(item: Item) {
  return v.strictObject({ items: v.array(item), next: v.exactOptional(v.string()) });
}
