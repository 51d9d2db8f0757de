import type { ExportFacts } from '../export-facts.ts';
import { changeTo } from '../representation.ts';
import { listedStaffUser } from './user.ts';

/** What comes along from CallBox. */
export const exportFacts: ExportFacts = {
  request: 'GET /api/v1/staff/users?include_inactive=true',
  person: {
    ...listedStaffUser,
    must_change_password: {
      about: 'Whether the person has to choose a password at the next sign-in.',
      shape: { type: 'boolean' },
      write: () => null,
      read: (value) => (value === true ? [changeTo('muster.mustChangePassword', true)] : []),
    },
  },
  lastLogin: 'last_login_at',
  builtInPeople: [],
};
