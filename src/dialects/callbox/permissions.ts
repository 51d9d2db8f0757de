import type { Shape } from '../representation.ts';
import { listOf, textShape } from '../shapes.ts';

/** The rights in CallBox that a person may have, and the flag of our extension that each is. Answers have this order. */
export const permissions = {
  can_view_monitoring: 'canViewMonitoring',
  can_view_stats_callcenter: 'canViewStatsCallcenter',
  can_view_stats_terminals: 'canViewStatsTerminals',
  can_view_stats_operators: 'canViewStatsOperators',
  can_manage_schedules: 'canManageSchedules',
  can_view_billing: 'canViewBilling',
} as const;

export type Permission = keyof typeof permissions;
export const permissionNames = Object.keys(permissions) as readonly Permission[];

/** How a list of permissions looks. */
export const permissionsShape: Shape = listOf({ ...textShape, enum: permissionNames });
