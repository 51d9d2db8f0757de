import type { DialectRoute } from '../dialect.ts';
import { createUser } from './create-user.ts';
import { currentUser } from './current-user.ts';
import { listRecipients } from './list-recipients.ts';
import { listUsers } from './list-users.ts';
import { readUser } from './one-user.ts';
import { updateUser } from './update-user.ts';
import { changePassword } from './user-password.ts';
import { deactivateUser, dismissHint, reactivateUser } from './user-state.ts';

/** People: 3.6. */
export const userRoutes: readonly DialectRoute[] = [
  listUsers,
  listRecipients,
  currentUser,
  readUser,
  createUser,
  updateUser,
  reactivateUser,
  changePassword,
  deactivateUser,
  dismissHint,
];
