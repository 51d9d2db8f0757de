import { Fault } from '#domain/fault.ts';

const nameLengthMax = 100;

/** Gives the name of a tenant or a connection, or raises `invalid_value` for one that people could not see or type. */
export function checkName(name: string): string {
  const isVisible = name.trim() === name && name !== '' && !/\p{C}/u.test(name);
  if (isVisible && name.length <= nameLengthMax) return name;
  throw new Fault(
    'invalid_value',
    `a name has 1 to ${nameLengthMax} characters, none of them a control character, and no space at its ends`,
    { attribute: 'name' },
  );
}
