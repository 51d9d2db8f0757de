import type { Attributes, Value, Values } from '#attributes/attribute.ts';
import type { ResourceType } from '#attributes/resource-type.ts';
import { Fault } from './fault.ts';

/**
 * Checks what must hold for a whole resource: every required attribute has a value that is not blank. Gives the values
 * back, `active` set to true where nobody said anything. Raises `invalid_value` for one that was never there and `read_only` for one that a change took away (RFC 7644
 * section 3.5.2.2).
 */
export function checkResource(type: ResourceType, before: Values | undefined, after: Values): Values {
  checkRequired(type.attributes, before, after);
  return 'active' in type.attributes && after.active === undefined ? { ...after, active: true } : after;
}

function checkRequired(table: Attributes, before: Values | undefined, after: Values): void {
  for (const [name, attribute] of Object.entries(table)) {
    if (!attribute.required || !isBlank(after[name])) continue;
    const takenAway = after[name] === undefined && before?.[name] !== undefined;
    throw takenAway
      ? new Fault('read_only', `${name} is required and cannot be removed`, { attribute: name })
      : new Fault('invalid_value', `${name} is required and must not be blank`, { attribute: name });
  }
}

function isBlank(value: Value | undefined): boolean {
  return value === undefined || (typeof value === 'string' && value.trim() === '');
}
