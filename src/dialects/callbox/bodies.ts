import type { Shape } from '../representation.ts';
import { flagShape, maybeTextShape, textShape } from '../shapes.ts';
import { email, flag, nullable, permissionList, text } from './kinds.ts';
import { permissionsShape } from './permissions.ts';
import type { SentPart } from './staff-route.ts';

/** The parts of a new person. */
export const creation: Readonly<Record<string, SentPart>> = {
  email: { about: 'The e-mail address.', shape: { ...textShape, format: 'email' }, kind: email, required: true },
  first_name: { about: 'The first name.', shape: maybeTextShape, kind: nullable(text) },
  last_name: { about: 'The last name.', shape: maybeTextShape, kind: nullable(text) },
  is_superuser: { about: 'Whether the person has every right.', shape: flagShape, kind: flag },
  permissions: { about: 'The rights of the person.', shape: permissionsShape, kind: permissionList },
};

const orNull = (shape: Shape): Shape =>
  typeof shape.type === 'string' ? { ...shape, type: [shape.type, 'null'] } : shape;
const notGiven = ({ required: _required, about, shape, kind }: SentPart): SentPart => ({
  ...{ about: `${about} Null: as before.`, shape: orNull(shape), kind: nullable(kind), assumed: true },
});

/** What can be different about a person. */
export const change: Readonly<Record<string, SentPart>> = {
  email: notGiven(creation.email as SentPart),
  first_name: creation.first_name as SentPart,
  last_name: creation.last_name as SentPart,
  is_active: notGiven({ about: 'Whether the person may sign in.', shape: flagShape, kind: flag }),
  is_superuser: notGiven(creation.is_superuser as SentPart),
  permissions: notGiven(creation.permissions as SentPart),
};
