import { checkPassword, type PasswordPolicyName } from '#access/check-password.ts';
import type { JsonValue } from '#http/parse-json.ts';
import type { DialectSettings } from '../dialect-settings.ts';
import { refusal, sayInstead } from './refusal.ts';

/** What a password must be, by the level that the operator chose. */
const policies = {
  weak: 'metabase-weak',
  normal: 'metabase',
  strong: 'metabase-strong',
} as const satisfies Readonly<Record<DialectSettings['metabase']['passwords'], PasswordPolicyName>>;

/** The policy that an operator chose. */
export function passwordPolicy({ metabase }: DialectSettings): PasswordPolicyName {
  return policies[metabase.passwords];
}

/**
 * A password that somebody wants. Raises `invalid_value` with the only words that Metabase has for one that is no good, also
 * for one that is missing; what was sent is never repeated.
 */
export async function checkNewPassword(password: JsonValue | undefined, settings: DialectSettings): Promise<string> {
  const said = { word: 'passwordTooCommon', field: 'password' } as const;
  if (typeof password !== 'string') throw refusal('invalid_value', said);
  return sayInstead(checkPassword(passwordPolicy(settings), password, {}), 'invalid_value', said);
}
