import type { DialectParts } from '../dialect.ts';

/**
 * The page that takes the token of a mail, where Metabase has it: 3.4. `purpose` is `#new` for who chooses his first
 * password.
 */
export function resetPage({ publicUrl }: Pick<DialectParts, 'publicUrl'>, purpose: '' | '#new') {
  return { before: `${publicUrl}/auth/reset_password/`, after: purpose };
}
