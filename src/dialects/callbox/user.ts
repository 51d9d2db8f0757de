import type { Values } from '#attributes/attribute.ts';
import type { Change } from '#domain/change.ts';
import { isSuperuser } from '#domain/is-superuser.ts';
import type { Person } from '#domain/person.ts';
import type { JsonValue } from '#http/parse-json.ts';
import {
  changeTo,
  emailOf,
  type Field,
  lowerCaseEmail,
  type Representation,
  readOnly,
  type Shape,
  same,
  switched,
} from '../representation.ts';
import { flagShape, integerShape, maybeMomentShape, maybeTextShape, momentShape } from '../shapes.ts';
import { type Permission, permissionNames, permissions, permissionsShape } from './permissions.ts';

/** The attributes of ours that people have in no other API. */
const fact = (name: string) => `muster.${name}`;

const name = {
  id: readOnly('The id.', integerShape, ({ key }) => Number(key)),
  email: lowerCaseEmail('The e-mail address, by which the person signs in.', ['ada@example.kz', 'әлия@example.kz']),
  first_name: same('name.givenName', 'The first name.', { shape: maybeTextShape, examples: ['Aida', 'Әлия'] }),
  last_name: same('name.familyName', 'The last name.', { shape: maybeTextShape, examples: ['Omarova', 'Қасымова'] }),
  full_name: {
    ...readOnly('Both names; the e-mail address of who has none.', maybeTextShape, fullName),
    assumed: true,
  },
} as const satisfies Representation;

const state = {
  is_active: switched('active', 'Whether the person may sign in.', ({ active }) => active !== false),
  is_superuser: switched(fact('superuser'), 'Whether the person has every right.', isSuperuser),
  must_change_password: readOnly(
    'Whether the person has to choose a password at the next sign-in.',
    flagShape,
    ({ values }) => ofMuster(values, 'mustChangePassword') === true,
    fact('mustChangePassword'),
  ),
  permissions: {
    about: 'The rights that the person has beside those of a superuser.',
    shape: permissionsShape,
    examples: [['can_view_monitoring', 'can_view_billing'], []],
    write: ({ values }) => permissionNames.filter((permission) => has(values, permission)),
    read: readPermissions,
  } satisfies Field,
} as const satisfies Representation;

const tries = {
  failed_login_attempts: readOnly(
    'How often in a row the password was wrong.',
    integerShape,
    ({ values }) => ofMuster(values, 'failedLoginAttempts') ?? 0,
    fact('failedLoginAttempts'),
  ),
  locked_until: shown('lockedUntil', 'Until when the person may not sign in.', maybeMomentShape),
} as const satisfies Representation;

const history = {
  created_at: readOnly('Since when there is the person.', momentShape, ({ createdAt }) => createdAt),
  last_login_at: shown('lastLoginAt', 'When the person last signed in.', maybeMomentShape),
} as const satisfies Representation;

/** What the person may do, with all that a superuser may. */
const rights: Representation = Object.fromEntries(
  permissionNames.map((permission) => [
    permission,
    readOnly(
      `Whether the person has the permission ${permission} or is a superuser.`,
      flagShape,
      ({ values }) => isSuperuser(values) || has(values, permission),
      fact(permissions[permission]),
    ),
  ]),
);

/** A person as every route but the list shows him. */
export const staffUser: Representation = { ...name, ...state, ...history, ...rights };

/** A person in the list. */
export const listedStaffUser: Representation = { ...name, ...state, ...tries, ...history, ...rights };

function shown(name: string, about: string, shape: Shape): Field {
  return readOnly(about, shape, ({ values }) => ofMuster(values, name), fact(name));
}

function ofMuster({ muster }: Values, name: string): JsonValue {
  return ((muster as Values | undefined)?.[name] ?? null) as JsonValue;
}

function fullName({ values }: Person): string | null {
  const { givenName, familyName } = (values.name ?? {}) as Values;
  const parts = [givenName, familyName].filter((part) => typeof part === 'string').map((part) => part.trim());
  return parts.join(' ').trim() || emailOf(values);
}

function has(values: Values, permission: Permission): boolean {
  return ofMuster(values, permissions[permission]) === true;
}

function readPermissions(value: JsonValue, before: Values): readonly Change[] {
  if (value === null) return [];
  const wanted = value as readonly string[];
  return permissionNames
    .filter((permission) => wanted.includes(permission) !== has(before, permission))
    .map((permission) => changeTo(fact(permissions[permission]), wanted.includes(permission) ? true : null));
}
