import { Option } from 'commander';
import { defaultTenant } from '#operations/create-tenant.ts';

/** The tenant whose things a command is about. */
export function tenantOption(): Option {
  return new Option('--tenant <tenant>', 'the tenant').default(defaultTenant);
}

/** Whether a program reads the answer. */
export function jsonOption(): Option {
  return new Option('--json', 'answer with one JSON document');
}
