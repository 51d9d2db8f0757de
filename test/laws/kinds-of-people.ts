import type { Values } from '#attributes/attribute.ts';
import type { Person } from '#domain/person.ts';

/** Kinds of people whom an API has to show and write back, by what is particular about them. */
const kinds: Readonly<Record<string, Values>> = {
  'with a name and an e-mail': {
    userName: 'ada@example.org',
    name: { givenName: 'Ada', familyName: 'Lovelace' },
    emails: [{ type: 'work', value: 'ada@example.org', primary: true }],
    active: true,
  },
  'without any attribute': {},
  'without a name': { userName: 'nameless@example.org', emails: [{ value: 'nameless@example.org', primary: true }] },
  'with half a name': { userName: 'жук', name: { familyName: 'Жуков' } },
  deactivated: { userName: 'gone@example.org', active: false, emails: [{ value: 'gone@example.org', primary: true }] },
  'a superuser with every flag': {
    userName: 'boss@example.org',
    emails: [{ value: 'boss@example.org', primary: true }],
    active: true,
    muster: {
      ...{ superuser: true, canViewMonitoring: true, canViewStatsCallcenter: true, canViewStatsTerminals: true },
      ...{ canViewStatsOperators: true, canManageSchedules: true, canViewBilling: true },
    },
  },
  'with a user name that is no e-mail': {
    userName: 'CORP\\bob',
    emails: [
      { type: 'home', value: 'bob@home.example' },
      { type: 'work', value: 'Bob@Work.example', primary: true },
    ],
  },
  'with an e-mail that is not marked': { userName: 'eve', emails: [{ value: 'eve@example.org' }] },
  'with everything beside': {
    userName: 'full@example.org',
    name: { givenName: 'Zoë', familyName: 'O’Hara', formatted: 'Dr. Zoë O’Hara' },
    displayName: 'Zoë',
    title: 'Chief',
    locale: 'es_MX',
    timezone: 'America/Mexico_City',
    emails: [{ type: 'work', value: 'full@example.org', primary: true }],
    active: true,
    muster: {
      ...{ canViewBilling: true, ssoSource: 'google', dismissedHints: ['qbnewb'] },
      loginAttributes: [{ name: 'region', value: 'north' }],
      ...{ mustChangePassword: true, failedLoginAttempts: 2, lastLoginAt: '2026-01-02T03:04:05.678Z' },
    },
  },
};

/** One person of each kind, and what is particular about him. */
export const kindsOfPeople: readonly (readonly [kind: string, person: Person])[] = Object.entries(kinds).map(
  ([kind, values], index) => [kind, personWith(values, index + 1)],
);

/** A person with these attributes. */
export function personWith(values: Values, number = 1): Person {
  return {
    id: `01900000-0000-7000-8000-${String(number).padStart(12, '0')}`,
    key: String(number),
    version: 1,
    createdAt: '2026-01-01T00:00:00.000Z',
    modifiedAt: '2026-01-02T00:00:00.000Z',
    values,
    groups: [],
  };
}
