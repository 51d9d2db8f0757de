import type { Attributes, PathOf, ValuesOf } from './attribute.ts';
import { enterpriseUser } from './enterprise-user.ts';
import { musterUser } from './muster-user.ts';
import { plural, text } from './plural.ts';

/** What a user is made of: RFC 7643 section 4.1, the enterprise extension of 4.3, and ours. */
export const userAttributes = {
  userName: {
    type: 'string',
    required: true,
    uniqueness: 'server',
    about: 'The name the user signs in with.',
    stored: { column: 'user_name_key', values: 'text' },
    lengthMax: 254,
  },
  name: {
    type: 'complex',
    about: 'The parts of the user’s name.',
    parts: {
      formatted: text('The full name, ready to show.'),
      familyName: text('The family name.'),
      givenName: text('The given name.'),
      middleName: text('The middle names.'),
      honorificPrefix: text('Titles before the name.'),
      honorificSuffix: text('Suffixes after the name.'),
    },
  },
  displayName: { ...text('The name to show.'), lengthMax: 256 },
  nickName: text('What friends call the user.'),
  profileUrl: {
    type: 'reference',
    references: ['external'],
    caseExact: true,
    about: 'A page about the user.',
    stored: { values: 'text' },
  },
  title: text('The job title.'),
  userType: text('What the user is to the organisation.'),
  preferredLanguage: text('The preferred language, as in Accept-Language.'),
  locale: text('The locale for dates and numbers, such as en-US.'),
  timezone: text('The time zone, such as Europe/Berlin.'),
  active: { type: 'boolean', about: 'Whether the user may sign in.', stored: { column: 'active' } },
  password: {
    type: 'string',
    mutability: 'writeOnly',
    returned: 'never',
    dropped: true,
    about: 'Accepted so that clients which always send one succeed, and forgotten.',
  },
  emails: plural('E-mail addresses.', { ...text('The address.'), lengthMax: 320 }, ['work', 'home', 'other']),
  phoneNumbers: plural('Phone numbers, stored as sent.', text('The number.'), [
    'work',
    'home',
    'mobile',
    'fax',
    'pager',
    'other',
  ]),
  ims: plural('Instant messaging addresses.', text('The address.'), [
    'aim',
    'gtalk',
    'icq',
    'xmpp',
    'msn',
    'skype',
    'qq',
    'yahoo',
  ]),
  photos: plural(
    'Pictures of the user.',
    {
      type: 'reference',
      references: ['external'],
      caseExact: true,
      about: 'Where the picture is.',
      stored: { values: 'text' },
    },
    ['photo', 'thumbnail'],
  ),
  addresses: {
    type: 'complex',
    many: true,
    about: 'Postal addresses.',
    parts: {
      formatted: text('The full address, ready to show.'),
      streetAddress: text('Street and house number.'),
      locality: text('City.'),
      region: text('State or region.'),
      postalCode: text('Postal code.'),
      country: text('Country, best as an ISO 3166 code.'),
      type: {
        type: 'string',
        about: 'What the address is used for.',
        canonical: ['work', 'home', 'other'],
        stored: { values: 'plain' },
      },
      primary: { type: 'boolean', about: 'Whether this is the preferred address.', stored: { values: 'plain' } },
    },
  },
  groups: {
    type: 'complex',
    many: true,
    mutability: 'readOnly',
    computed: true,
    about: 'The groups the user is in, directly or through another group.',
    parts: {
      value: {
        type: 'string',
        caseExact: true,
        mutability: 'readOnly',
        about: 'The id of the group.',
        stored: { link: 'groups' },
      },
      $ref: {
        type: 'reference',
        references: ['Group'],
        caseExact: true,
        mutability: 'readOnly',
        about: 'The location of the group.',
      },
      display: { type: 'string', mutability: 'readOnly', about: 'The name of the group.' },
      type: {
        type: 'string',
        mutability: 'readOnly',
        about: 'How the user came into the group.',
        canonical: ['direct', 'indirect'],
      },
    },
  },
  entitlements: plural('What the user is entitled to.', text('The entitlement.'), []),
  roles: plural('The roles of the user in other systems.', text('The role.'), []),
  x509Certificates: plural(
    'X.509 certificates, DER in base64.',
    { type: 'binary', caseExact: true, about: 'One certificate.', stored: { values: 'plain' } },
    [],
  ),
  enterprise: enterpriseUser,
  muster: musterUser,
} as const satisfies Attributes;

export type User = ValuesOf<typeof userAttributes>;
export type UserPath = PathOf<typeof userAttributes>;
