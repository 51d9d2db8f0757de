import type { Value } from '#attributes/attribute.ts';
import { Fault } from './fault.ts';
import type { Filter } from './filter.ts';

/**
 * One wish to set, add to or clear a path, as data. Every write of every dialect becomes a list of these.
 *
 * - `set` gives the path this value and no other; a complex value or a list is replaced whole.
 * - `add` puts values beside those that are there; of a single complex value only the named parts change.
 * - `clear` takes the value away; with a `value`, only the listed elements of a multi-valued attribute.
 */
export interface Change {
  readonly op: 'set' | 'add' | 'clear';
  /** `title`, `name.givenName`, `emails`, `emails.value`, `enterprise.manager`. */
  readonly path: string;
  /** Which elements of a multi-valued attribute are meant; absent: all of them. */
  readonly where?: Filter;
  /** Absent only for `clear`. */
  readonly value?: Value;
  /** What to do when `where` picks nothing. `create` makes the element that the filter describes. Default `fault`. */
  readonly noMatch?: 'fault' | 'create' | 'skip';
}

/** The value of a change that must have one. Raises `invalid_value`. */
export function neededValue(change: Change): Value {
  if (change.value === undefined) {
    throw new Fault('invalid_value', `${change.path} needs a value`, { attribute: change.path });
  }
  return change.value;
}
