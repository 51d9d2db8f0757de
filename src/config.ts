import path from 'node:path';
import * as v from 'valibot';
import { domainLimits } from '#domain/limits.ts';
import { addresses, host, httpUrl, mounts, names, oneOf, postgresUrl, smtpUrl, wholeNumber } from './setting-values.ts';

interface Setting {
  /** The environment variable. */
  readonly name: string;
  /** From text to value. Its message completes "NAME: should be". */
  readonly schema: v.GenericSchema<string, unknown>;
  /** The text that an unset variable stands for; without one the setting may be absent. */
  readonly default?: string;
  readonly about: string;
  /** Whether the value may hold a password, and so is shown nowhere. */
  readonly secret: boolean;
}

/** Every setting there is. The reference docs and their test read this table. */
export const settings = {
  port: {
    name: 'PORT',
    schema: wholeNumber(0, 65_535),
    default: '8080',
    about: 'The port the server listens on; 0 takes any free one.',
    secret: false,
  },
  host: {
    name: 'HOST',
    schema: host(),
    default: '127.0.0.1',
    about: 'The address the server listens on; 0.0.0.0 or :: for every one of the machine.',
    secret: false,
  },
  publicUrl: {
    name: 'PUBLIC_URL',
    schema: httpUrl(),
    about: 'Where clients reach the server, for the links in answers. Unset: made from host and port.',
    secret: false,
  },
  mounts: {
    name: 'MOUNTS',
    schema: mounts(),
    about:
      'Where APIs answer that are not at their usual paths: the name of the API, then @ and a host, then a prefix that ' +
      'stands before its paths, then = and the tenant of who has no credential yet; each but the name may be left out. An ' +
      'API that is named answers there alone, the others stay.',
    secret: false,
  },
  trustedProxies: {
    name: 'TRUSTED_PROXIES',
    schema: addresses(),
    about: 'The proxies before the server, whose X-Forwarded-For says who the client is. Unset: nobody’s does.',
    secret: false,
  },
  metricsAddresses: {
    name: 'METRICS_ADDRESSES',
    schema: addresses(),
    default: '127.0.0.0/8,::1',
    about: 'Who may read /metrics without a token.',
    secret: false,
  },
  metricsToken: {
    name: 'METRICS_TOKEN',
    schema: v.pipe(
      v.string(),
      v.regex(/^[\x21-\x7e]{16,256}$/, 'at least 16 letters, digits and signs, without spaces'),
    ),
    about: 'Whoever sends it as "Authorization: Bearer ..." may read /metrics. Unset: addresses alone decide.',
    secret: true,
  },
  databaseUrl: {
    name: 'DATABASE_URL',
    schema: postgresUrl(),
    about: 'The PostgreSQL to use, 15 or later. Unset: the one that comes along, with its data in MUSTER_DATA.',
    secret: true,
  },
  databasePoolMax: {
    name: 'DATABASE_POOL_MAX',
    schema: wholeNumber(1, 1_000),
    default: '10',
    about: 'The most connections to the database that one server holds.',
    secret: false,
  },
  migrateDatabaseUrl: {
    name: 'MIGRATE_DATABASE_URL',
    schema: postgresUrl(),
    about: 'The same database as its owner, who may change the schema. Unset: DATABASE_URL.',
    secret: true,
  },
  databaseStatementTimeoutMs: {
    name: 'DATABASE_STATEMENT_TIMEOUT_MS',
    schema: wholeNumber(1, 600_000),
    default: '5000',
    about: 'How long one statement may take, in milliseconds.',
    secret: false,
  },
  databaseLockTimeoutMs: {
    name: 'DATABASE_LOCK_TIMEOUT_MS',
    schema: wholeNumber(1, 600_000),
    default: '2000',
    about: 'How long one statement may wait for a lock, in milliseconds.',
    secret: false,
  },
  dataFolder: {
    name: 'MUSTER_DATA',
    schema: v.pipe(
      v.string(),
      v.transform((folder) => path.resolve(folder)),
    ),
    default: '.muster',
    about: 'The folder for the data of the PostgreSQL that comes along, and for the first token.',
    secret: false,
  },
  logLevel: {
    name: 'LOG_LEVEL',
    schema: oneOf(['fatal', 'error', 'warn', 'info', 'debug', 'silent']),
    default: 'info',
    about: 'How much is logged.',
    secret: false,
  },
  journalDays: {
    name: 'JOURNAL_DAYS',
    schema: wholeNumber(1, 36_500),
    about:
      'For how many days the journal is kept. Unset: for ever. A start and `muster migrate` write it into the database as ' +
      'its owner; without the owner in MIGRATE_DATABASE_URL what was written last counts.',
    secret: false,
  },
  requestLogDays: {
    name: 'REQUEST_LOG_DAYS',
    schema: wholeNumber(0, 3_650),
    default: '30',
    about:
      'For how many days the request log is kept; 0 keeps none and drops what there is. Written into the database as ' +
      'JOURNAL_DAYS is.',
    secret: false,
  },
  requestLogValues: {
    name: 'REQUEST_LOG_VALUES',
    schema: oneOf(['keep', 'redact']),
    default: 'keep',
    about:
      'Whether the request log keeps the values in bodies and filters, or names, flags and ids alone. Secrets never.',
    secret: false,
  },
  accessTokenLifetimeSeconds: {
    name: 'ACCESS_TOKEN_LIFETIME_SECONDS',
    schema: wholeNumber(60, 6 * 60 * 60),
    default: '3600',
    about: 'How long an OAuth access token lives; at most 6 hours.',
    secret: false,
  },
  entraAuthority: {
    name: 'ENTRA_AUTHORITY',
    schema: httpUrl(),
    default: 'https://login.microsoftonline.com',
    about:
      'Where the keys of Microsoft Entra are, with which it signs tokens of its own; another for a national cloud.',
    secret: false,
  },
  smtpUrl: {
    name: 'SMTP_URL',
    schema: smtpUrl(),
    about:
      'The mail server that sends mails, such as those to choose a new password: smtps:// is TLS from the start, smtp:// begins it by STARTTLS and sends nothing without, but to a server on this machine. Unset: the log says who would get one.',
    secret: true,
  },
  mailFrom: {
    name: 'MAIL_FROM',
    schema: v.pipe(
      v.string(),
      v.regex(/^[^\r\n]*[^\s@<>]+@[^\s@<>]+>?$/, 'an address such as roll@example.org or Muster <roll@example.org>'),
    ),
    default: 'Muster <muster@localhost>',
    about: 'Who the mails come from.',
    secret: false,
  },
  tokenLifetimeDays: {
    name: 'TOKEN_LIFETIME_DAYS',
    schema: wholeNumber(1, domainLimits.tokenLifetimeDays),
    default: '365',
    about: 'After how many days the token of a new connection expires.',
    secret: false,
  },
  metabaseEdition: {
    name: 'METABASE_EDITION',
    schema: oneOf(['free', 'enterprise']),
    default: 'free',
    about:
      'As which edition the API of Metabase answers; `enterprise` has managers of groups and heeds METABASE_USER_VISIBILITY and METABASE_SANDBOXED_GROUPS.',
    secret: false,
  },
  metabaseDeactivated: {
    name: 'METABASE_DEACTIVATED',
    schema: oneOf(['readable', 'missing']),
    default: 'readable',
    about:
      'Whether the API of Metabase shows a deactivated person by id, as from Metabase 0.51, or answers 404, as before.',
    secret: false,
  },
  metabasePasswords: {
    name: 'METABASE_PASSWORDS',
    schema: oneOf(['weak', 'normal', 'strong']),
    default: 'normal',
    about: 'What passwords the API of Metabase takes, in the levels of Metabase.',
    secret: false,
  },
  metabaseSetup: {
    name: 'METABASE_SETUP',
    schema: oneOf(['open', 'closed']),
    default: 'open',
    about:
      'Whether the API of Metabase lets somebody set up a tenant that never had a person, as Metabase does: he becomes its superuser.',
    secret: false,
  },
  metabaseUserVisibility: {
    name: 'METABASE_USER_VISIBILITY',
    schema: oneOf(['all', 'group', 'none']),
    default: 'all',
    about:
      'Whom people see in the enterprise edition who are no superusers: everybody, those of their groups, or themselves.',
    secret: false,
  },
  metabaseSandboxedGroups: {
    name: 'METABASE_SANDBOXED_GROUPS',
    schema: names(),
    default: '',
    about: 'The names of groups whose members see themselves alone in the enterprise edition, with commas between.',
    secret: false,
  },
} as const satisfies Readonly<Record<string, Setting>>;

type Table = typeof settings;
type ValueOf<S extends Setting> =
  | v.InferOutput<S['schema']>
  | (S extends { readonly default: string } ? never : undefined);

/** The settings as the program uses them. */
export type Config = { readonly [K in keyof Table]: ValueOf<Table[K]> };

/**
 * Reads the settings from the environment. An empty variable counts as unset. Throws one Error that names every mistake,
 * each on its own line with what would be right, and never a value: values may be secrets.
 */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const values: Record<string, unknown> = {};
  const mistakes = unknownNames(env).map(
    (name) => `${name}: is not a setting; those of this kind are ${ownNames.join(', ')}`,
  );
  for (const [key, setting] of Object.entries<Setting>(settings)) {
    const text = env[setting.name] || setting.default;
    if (text === undefined) continue;
    const result = v.safeParse(setting.schema, text);
    if (result.success) values[key] = result.output;
    else mistakes.push(`${setting.name}: should be ${result.issues[0].message}`);
  }
  const config = values as Config;
  if (env.MIGRATE_DATABASE_URL && !env.DATABASE_URL)
    mistakes.push('MIGRATE_DATABASE_URL: needs DATABASE_URL beside it');
  if (mistakes.length > 0) {
    throw new Error(`The settings cannot be used; correct these and start again:\n  ${mistakes.join('\n  ')}`);
  }
  return Object.freeze({ ...config, migrateDatabaseUrl: config.migrateDatabaseUrl ?? config.databaseUrl });
}

/**
 * What the value of a setting should be, in the words that complete "should be"; undefined where any text will do. Which
 * part of one value is wrong is left out.
 */
export function formOf({ schema }: Setting): string | undefined {
  const result = v.safeParse(schema, '\0');
  return result.success ? undefined : result.issues[0].message.replace(/; number \d+ in it .*$/, '');
}

const ownPrefix = 'MUSTER_';
const ownNames: readonly string[] = Object.values(settings)
  .map((setting) => setting.name)
  .filter((name) => name.startsWith(ownPrefix));

/** A misspelt setting would be ignored without a word; those with our prefix can be told from other people's. */
function unknownNames(env: NodeJS.ProcessEnv): readonly string[] {
  return Object.keys(env).filter((name) => name.startsWith(ownPrefix) && !ownNames.includes(name));
}
