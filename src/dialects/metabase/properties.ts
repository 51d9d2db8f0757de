import type { JsonObject, JsonValue } from '#http/parse-json.ts';
import type { DialectContext, DialectParts } from '../dialect.ts';
import type { Shape } from '../representation.ts';
import { languageOf, localeHeader, spokenLocales } from './say.ts';

/** What the values of the settings depend on. */
interface Facts extends Pick<DialectParts, 'publicUrl'> {
  readonly settings: DialectParts['settings']['metabase'];
  readonly isSetUp: boolean;
  readonly setupToken: string | undefined;
  readonly locale: string;
}

type Table = Readonly<Record<string, JsonValue | ((facts: Facts) => JsonValue)>>;

const version = { date: '2024-11-19', branch: 'release-x.52.x', hash: '' };
const name = 'Muster';

const isEnterprise = ({ settings }: Facts) => settings.edition === 'enterprise';

/** What everybody may know. */
const ofEverybody: Table = {
  'anon-tracking-enabled': false,
  'application-name': name,
  'available-locales': ({ locale }) => localeNames(locale),
  'custom-formatting': {},
  'enable-embedding': false,
  'enable-password-login': true,
  engines: {},
  'google-auth-client-id': null,
  'google-auth-enabled': false,
  'has-sample-database?': false,
  'has-user-setup': ({ isSetUp }) => isSetUp,
  'hide-embed-branding?': false,
  'is-hosted?': false,
  'jwt-enabled': false,
  'landing-page': '',
  'ldap-configured?': false,
  'ldap-enabled': false,
  'other-sso-enabled?': false,
  'password-complexity': ({ settings }) => complexities[settings.passwords],
  'report-timezone-long': 'UTC',
  'report-timezone-short': 'UTC',
  'saml-enabled': false,
  'session-cookies': null,
  'setup-token': ({ setupToken }) => setupToken ?? null,
  'show-metabase-links': false,
  'site-locale': 'en',
  'site-name': name,
  'site-url': ({ publicUrl }) => publicUrl,
  'start-of-week': 'sunday',
  'token-features': (facts) => ({ advanced_permissions: isEnterprise(facts), sandboxes: isEnterprise(facts) }),
  version: (facts) => ({ ...version, tag: isEnterprise(facts) ? 'v1.52.0' : 'v0.52.0' }),
};

/** What people know who are signed in. */
const ofPeople: Table = {
  'custom-homepage': false,
  'custom-homepage-dashboard': null,
  'enable-public-sharing': false,
  'enable-xrays': false,
  'user-visibility': (facts) => (isEnterprise(facts) ? facts.settings.userVisibility : 'all'),
};

/** What superusers know. */
const ofSuperusers: Table = {
  'admin-email': null,
  'check-for-updates': false,
  'premium-embedding-token': null,
  'session-timeout': null,
};

const complexities = {
  weak: { total: 6 },
  normal: { total: 6, digit: 1 },
  strong: { total: 8, lower: 2, upper: 2, digit: 1, special: 1 },
} as const;

/** The form of the answer. */
export const propertiesShape: Shape = {
  type: 'object',
  properties: {
    'has-user-setup': { type: 'boolean' },
    'setup-token': { type: ['string', 'null'] },
    version: { type: 'object', properties: { tag: { type: 'string' } }, required: ['tag'] },
  },
  required: ['has-user-setup', 'setup-token', 'version'],
};

/** The settings that whoever asks may know, in the language that he asks for. */
export async function writeProperties(context: DialectContext, parts: DialectParts): Promise<JsonObject> {
  const { operations, settings, publicUrl } = parts;
  const caller: DialectContext['var']['caller'] | undefined = context.var.caller;
  const tenant = caller?.tenant ?? (await operations.tenantOfStranger(parts.tenant));
  const { isSetUp, token } = await operations.describeSetup(tenant);
  const setupToken = settings.metabase.setup === 'open' ? token : undefined;
  const locale = context.req.header(localeHeader) ?? 'en';
  const facts: Facts = { settings: settings.metabase, publicUrl, isSetUp, setupToken, locale };
  const tables = [
    ofEverybody,
    ...(caller === undefined ? [] : [ofPeople]),
    ...(caller?.rights.includes('superuser') ? [ofSuperusers] : []),
  ];
  const entries = tables.flatMap((table) => Object.entries(table));
  return Object.fromEntries(
    entries.map(([key, value]): [string, JsonValue] => [key, typeof value === 'function' ? value(facts) : value]),
  );
}

/** Each locale in which messages are there, with its name in the language that is asked for. */
function localeNames(locale: string): JsonValue {
  const language = languageOf(locale);
  const isSpoken = spokenLocales.some((each) => languageOf(each) === language);
  const names = new Intl.DisplayNames(isSpoken ? language : 'en', { type: 'language' });
  return spokenLocales.map((each) => [each, names.of(each.replace('_', '-')) ?? each]);
}
