import type { Values } from '#attributes/attribute.ts';
import { userType } from '#attributes/resource-type.ts';
import { readValues, writeDocument } from './document.ts';

/** The attributes of our extension that tell how a person's sign-ins went, by the column that keeps each. */
export const stateColumns = {
  mustChangePassword: 'must_change_password',
  failedLoginAttempts: 'failed_login_attempts',
  lockedUntil: 'locked_until',
  lastLoginAt: 'last_login_at',
} as const;

const names = Object.keys(stateColumns);

/** The state among the attributes of a user; what is absent has no value. */
export function stateOf(values: Values): Values {
  const own = Object.entries(ownPart(values)).filter(([name]) => names.includes(name));
  return Object.fromEntries(own);
}

/** The attributes without the state, which is not part of the document that the roll keeps. */
export function withoutState(values: Values): Values {
  const { muster: _old, ...others } = values;
  const rest = Object.entries(ownPart(values)).filter(([name]) => !names.includes(name));
  return rest.length === 0 ? others : { ...values, muster: Object.fromEntries(rest) };
}

/** The document of a user as it is shown: with the state, where there is any. */
export function withState(document: string, state: Values): string {
  if (Object.keys(state).length === 0) return document;
  return writeDocument(userType, addState(readValues(userType, document), state));
}

/** The attributes of a user with the state, where there is any. */
export function addState(values: Values, state: Values): Values {
  return Object.keys(state).length === 0 ? values : { ...values, muster: { ...ownPart(values), ...state } };
}

function ownPart({ muster }: Values): Values {
  return (muster ?? {}) as Values;
}
