import type { Values } from '#attributes/attribute.ts';
import type { Change } from '#domain/change.ts';
import { isSuperuser } from '#domain/is-superuser.ts';
import type { JsonValue } from '#http/parse-json.ts';
import type { ExportFacts } from '../export-facts.ts';
import { changeTo, type Representation } from '../representation.ts';
import { administrators, allUsers } from './groups-of.ts';
import { hintsOf, user } from './user.ts';

/** What the API lets nobody write and what still comes along. */
const person: Representation = {
  ...user,
  is_active: { ...user.is_active, read: readActive },
  is_qbnewb: { ...user.is_qbnewb, read: readHint },
  sso_source: { ...user.sso_source, read: (value) => [changeTo('muster.ssoSource', value)] },
  group_ids: {
    about: 'The groups, of which number 2 is that of the superusers.',
    shape: { type: 'array', items: { type: 'integer' } },
    write: () => [],
    read: readGroups,
  },
};

/** What comes along from Metabase. */
export const exportFacts: ExportFacts = {
  request: 'GET /api/user?status=all',
  person,
  lastLogin: 'last_login',
  builtInPeople: ['13371338'],
  groups: {
    request: 'GET /api/permissions/group',
    builtIn: [String(allUsers), String(administrators)],
    ofPerson: 'group_ids',
  },
};

function readActive(value: JsonValue, { active }: Values): readonly Change[] {
  return value === (active !== false) ? [] : [changeTo('active', value)];
}

function readHint(value: JsonValue, before: Values): readonly Change[] {
  const hints = hintsOf(before);
  return value !== false || hints.includes('qbnewb') ? [] : [changeTo('muster.dismissedHints', [...hints, 'qbnewb'])];
}

function readGroups(value: JsonValue, before: Values): readonly Change[] {
  const administers = (value as readonly JsonValue[]).includes(administrators);
  return administers && !isSuperuser(before) ? [changeTo('muster.superuser', true)] : [];
}
