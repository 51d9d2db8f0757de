import type { Values } from '#attributes/attribute.ts';
import type { Change } from '#domain/change.ts';
import { isSuperuser } from '#domain/is-superuser.ts';
import type { Person } from '#domain/person.ts';
import type { JsonObject, JsonValue } from '#http/parse-json.ts';
import {
  changeTo,
  emailOf,
  type Field,
  lowerCaseEmail,
  type Representation,
  readOnly,
  same,
  switched,
  valueAt,
} from '../representation.ts';
import { flagShape, integerShape, maybeMomentShape, maybeTextShape, momentShape } from '../shapes.ts';
import { normalLocale } from './locale.ts';
import { attributesOf, pairsOf } from './login-attributes.ts';

/** A time as Metabase writes it: in microseconds. */
export function inMicroseconds(time: string): string {
  return `${new Date(time).toISOString().slice(0, -1)}000Z`;
}

/** The name, else the e-mail, else null. */
function commonName({ values }: Person): string | null {
  const parts = [valueAt(values, 'name.givenName'), valueAt(values, 'name.familyName')];
  const name = parts
    .filter((part) => part !== null)
    .join(' ')
    .trim();
  return name === '' ? emailOf(values) : name;
}

const email = lowerCaseEmail('The primary e-mail, in lower case; the user name too, where the two were the same.', [
  'ada@example.org',
]);

const locale: Field = {
  about: 'The language of the person, such as `es_MX`.',
  shape: maybeTextShape,
  path: 'locale',
  examples: ['es_MX', 'es', null],
  write: ({ values }) => localeOf(values),
  read: (value, before) => (value === localeOf(before) ? [] : [changeTo('locale', value)]),
};

const loginAttributes: Field = {
  about: 'What a sign-in passes on, by name. A value that is no text becomes one; no attributes are null.',
  shape: { type: ['object', 'null'], additionalProperties: maybeTextShape },
  path: 'muster.loginAttributes',
  assumed: true,
  examples: [{ region: 'north', tier: null }, null],
  write: ({ values }) => attributesOf(values),
  read: (value, before) => changesOfAttributes(value, before),
};

/** A person as superusers see everybody, and everybody himself: 3.5. */
export const user = {
  id: readOnly('The id brought along, else the number.', integerShape, ({ key }) => Number(key)),
  email,
  date_joined: readOnly(
    'When the person was put on the roll.',
    momentShape,
    ({ createdAt }) => inMicroseconds(createdAt),
    'meta.created',
  ),
  first_name: same('name.givenName', 'The given name.', { shape: maybeTextShape, examples: ['Ada', null] }),
  last_name: same('name.familyName', 'The family name.', { shape: maybeTextShape, examples: ['Lovelace', null] }),
  last_login: readOnly('The last sign-in.', maybeMomentShape, ({ values }) => lastLogin(values), 'muster.lastLoginAt'),
  is_superuser: switched('muster.superuser', 'Whether the person administers this directory.', isSuperuser),
  is_qbnewb: readOnly(
    'Whether the hint about the query builder is still to be shown.',
    flagShape,
    ({ values }) => !hintsOf(values).includes('qbnewb'),
    'muster.dismissedHints',
  ),
  sso_source: readOnly(
    'The single sign-on that the person came through.',
    maybeTextShape,
    ({ values }) => valueAt(values, 'muster.ssoSource'),
    'muster.ssoSource',
  ),
  is_active: readOnly('Whether the person may sign in.', flagShape, ({ values }) => values.active !== false, 'active'),
  updated_at: readOnly(
    'When the person last changed.',
    momentShape,
    ({ modifiedAt }) => inMicroseconds(modifiedAt),
    'meta.lastModified',
  ),
  login_attributes: loginAttributes,
  locale,
  common_name: readOnly('The name, else the e-mail.', maybeTextShape, commonName),
} as const satisfies Representation;

const { id, first_name, last_name, common_name, is_superuser, last_login } = user;

/** A person as a manager of a group sees him in lists. */
export const userOfManagers = {
  ...{ id, email, first_name, last_name, is_superuser, last_login, common_name },
} as const satisfies Representation;

/** A person as everybody sees him. */
export const userOfOthers = { id, email, first_name, last_name, common_name } as const satisfies Representation;

/** The hints that somebody wants to see no more. */
export function hintsOf(values: Values): readonly string[] {
  return (valueAt(values, 'muster.dismissedHints') ?? []) as readonly string[];
}

/** When somebody was last here; null for who never was. */
function lastLogin(values: Values): string | null {
  const time = valueAt(values, 'muster.lastLoginAt');
  return typeof time === 'string' ? inMicroseconds(time) : null;
}

function localeOf(values: Values): string | null {
  const value = valueAt(values, 'locale');
  return typeof value === 'string' ? normalLocale(value) : null;
}

function changesOfAttributes(value: JsonValue, before: Values): readonly Change[] {
  if (JSON.stringify(value) === JSON.stringify(attributesOf(before))) return [];
  const pairs = pairsOf((value ?? {}) as JsonObject);
  return [changeTo('muster.loginAttributes', pairs.length === 0 ? null : pairs)];
}
