/** What the API says, in one place: its documents have none of these texts but those of its framework. */
export const words = {
  /** FastAPI's own. */
  notAuthenticated: 'Not authenticated',
  notFound: 'Not Found',
  methodNotAllowed: 'Method Not Allowed',
  unreadableBody: 'There was an error parsing the body',

  /** Our choice. */
  wrongCredential: 'Could not validate credentials',
  notEnoughPermissions: 'Not enough permissions',
  unknownUser: 'Staff user not found',
  emailTaken: 'Email already registered',
  ownAccount: 'You cannot deactivate or delete your own account',
  ownSuperuser: 'You cannot remove superuser rights from your own account',
  lastSuperuser: 'The last active superuser cannot be deactivated, deleted or demoted',
  protectedAccount: 'This account is protected and cannot be changed',
  changedMeanwhile: 'Staff user was changed by someone else, try again',
  tooLarge: 'Request body is too large',
  tooManyRequests: 'Too many requests',
  held: 'Too many accounts would be deactivated at once, ask an administrator to allow it',
  unavailable: 'Service is temporarily unavailable, try again later',
  unexpected: 'Internal Server Error',
  deleted: 'Staff user deleted successfully',
  unlocked: 'Staff user unlocked successfully',
} as const;

/** What is said of permissions that there are none of. */
export function unknownPermissions(names: readonly string[]): string {
  return `Unknown permissions: ${names.join(', ')}`;
}
