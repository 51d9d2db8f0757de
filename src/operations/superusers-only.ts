import { allAttributes, userType } from '#attributes/resource-type.ts';
import { checkFilter } from '#domain/check-filter.ts';

/** Who has the flag superuser, active or not. */
export const superusersOnly = checkFilter(allAttributes(userType), { op: 'eq', path: 'muster.superuser', value: true });
