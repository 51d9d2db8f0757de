import type { Values } from '#attributes/attribute.ts';
import type { Caller } from './caller.ts';
import { Fault } from './fault.ts';
import { isSuperuser } from './is-superuser.ts';
import type { WriteRules } from './write-rules.ts';

/**
 * Raises `forbidden` for somebody who is signed in and would deactivate himself (`own_account`) or take the flag superuser
 * from himself (`own_superuser`), where the rules keep him from it. A connection is nobody.
 */
export function checkOwnAccount(
  { person }: Caller,
  id: string,
  before: Values,
  after: Values,
  { ownAccount }: WriteRules,
): void {
  if (ownAccount === 'free' || person !== id) return;
  if (before.active !== false && after.active === false) {
    throw new Fault('forbidden', 'nobody deactivates himself; ask another superuser to', { rule: 'own_account' });
  }
  if (isSuperuser(before) && !isSuperuser(after)) {
    throw new Fault('forbidden', 'nobody takes the flag superuser from himself; ask another superuser to', {
      rule: 'own_superuser',
    });
  }
}
