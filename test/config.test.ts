import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { readConfig, settings } from '#config.ts';

function mistakesOf(env: NodeJS.ProcessEnv): readonly string[] {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    return (error as Error).message
      .split('\n')
      .slice(1)
      .map((line) => line.trim());
  }
}

describe('the settings', () => {
  test('have defaults with which the program runs in an empty environment', () => {
    expect(readConfig({})).toEqual({
      port: 8080,
      host: '127.0.0.1',
      databasePoolMax: 10,
      databaseStatementTimeoutMs: 5000,
      databaseLockTimeoutMs: 2000,
      dataFolder: path.resolve('.muster'),
      logLevel: 'info',
      tokenLifetimeDays: 365,
      mailFrom: 'Muster <muster@localhost>',
      accessTokenLifetimeSeconds: 3600,
      entraAuthority: 'https://login.microsoftonline.com',
      metricsAddresses: ['127.0.0.0/8', '::1'],
      requestLogDays: 30,
      requestLogValues: 'keep',
      ...{ metabaseEdition: 'free', metabaseDeactivated: 'readable', metabasePasswords: 'normal' },
      ...{ metabaseSetup: 'open', metabaseUserVisibility: 'all', metabaseSandboxedGroups: [] },
    });
  });

  test('are read from the variables of the environment', () => {
    const env = {
      PORT: '0',
      HOST: '::1',
      PUBLIC_URL: 'https://id.example.com/roll/',
      DATABASE_URL: 'postgres://muster:secret@db.example.com/muster?sslmode=require',
      DATABASE_POOL_MAX: '20',
      MIGRATE_DATABASE_URL: 'postgresql://owner@%2Fvar%2Frun%2Fpostgresql:5432/muster',
      MUSTER_DATA: '/var/lib/muster',
      LOG_LEVEL: 'debug',
      DATABASE_STATEMENT_TIMEOUT_MS: '1',
      DATABASE_LOCK_TIMEOUT_MS: '600000',
      TOKEN_LIFETIME_DAYS: '90',
      SMTP_URL: 'smtps://roll:secret@mail.example.com:465',
      MAIL_FROM: 'Roll <roll@example.com>',
      MOUNTS: 'metabase@bi.example.com=acme, callbox/calls',
      TRUSTED_PROXIES: '10.0.0.0/8, fd00::1',
      METRICS_ADDRESSES: '192.0.2.1',
      METRICS_TOKEN: 'sixteen-or-more-!',
      REQUEST_LOG_DAYS: '0',
      REQUEST_LOG_VALUES: 'redact',
      METABASE_EDITION: 'enterprise',
      METABASE_DEACTIVATED: 'missing',
      METABASE_PASSWORDS: 'strong',
      METABASE_SETUP: 'closed',
      METABASE_USER_VISIBILITY: 'none',
      METABASE_SANDBOXED_GROUPS: 'Sales,  Night shift , ',
    };
    expect(readConfig(env)).toEqual({
      port: 0,
      host: '::1',
      publicUrl: 'https://id.example.com/roll',
      databaseUrl: env.DATABASE_URL,
      databasePoolMax: 20,
      migrateDatabaseUrl: env.MIGRATE_DATABASE_URL,
      dataFolder: '/var/lib/muster',
      logLevel: 'debug',
      databaseStatementTimeoutMs: 1,
      databaseLockTimeoutMs: 600_000,
      tokenLifetimeDays: 90,
      smtpUrl: env.SMTP_URL,
      mailFrom: env.MAIL_FROM,
      accessTokenLifetimeSeconds: 3600,
      entraAuthority: 'https://login.microsoftonline.com',
      mounts: [
        { name: 'metabase', host: 'bi.example.com', tenant: 'acme' },
        { name: 'callbox', prefix: '/calls' },
      ],
      trustedProxies: ['10.0.0.0/8', 'fd00::1'],
      metricsAddresses: ['192.0.2.1'],
      metricsToken: 'sixteen-or-more-!',
      requestLogDays: 0,
      requestLogValues: 'redact',
      ...{ metabaseEdition: 'enterprise', metabaseDeactivated: 'missing', metabasePasswords: 'strong' },
      ...{ metabaseSetup: 'closed', metabaseUserVisibility: 'none' },
      metabaseSandboxedGroups: ['Sales', 'Night shift'],
    });
  });

  test('cannot be changed once they are read', () => {
    expect(() => Object.assign(readConfig({}), { port: 1 })).toThrow(TypeError);
  });

  test('take the server’s database for migrations when no other is named', () => {
    expect(readConfig({ DATABASE_URL: 'postgres://a@b/c' }).migrateDatabaseUrl).toBe('postgres://a@b/c');
  });

  test('count an empty variable as unset', () => {
    expect(readConfig({ PORT: '', DATABASE_URL: '', LOG_LEVEL: '' })).toEqual(readConfig({}));
  });
});

describe('a mistake in the settings', () => {
  test.each([
    ['PORT', ['65536', '-1', '80a', '8080 ', '1e3', '999999999999']],
    ['HOST', ['http://localhost', 'localhost:8080', 'a b', '-x', '[::1]']],
    [
      'PUBLIC_URL',
      [
        'id.example.com',
        'ftp://x',
        'https://x/?a=1',
        'https://x/#a',
        'https://u:p@x',
        'https://',
        ' https://x',
        'http:/x',
      ],
    ],
    [
      'DATABASE_URL',
      [
        'mysql://a@b/c',
        'localhost/muster',
        'postgres://',
        'postgres://a@b:port/c',
        'postgres:// b/c',
        'postgres://a:%zz@b/c',
      ],
    ],
    ['DATABASE_POOL_MAX', ['0', '1001', 'ten']],
    ['LOG_LEVEL', ['INFO', 'verbose']],
    ['DATABASE_STATEMENT_TIMEOUT_MS', ['0', '600001', '5s']],
    ['DATABASE_LOCK_TIMEOUT_MS', ['0', '600001']],
    ['TOKEN_LIFETIME_DAYS', ['0', '3651', '1.5']],
    ['TRUSTED_PROXIES', ['10.0.0.0/33', '::1/129', 'proxy', '10.0.0.1,,10.0.0.2', '10.0.0.1/', 'fe80::1%eth0', '*']],
    ['METRICS_ADDRESSES', ['localhost', '127.0.0.1:9090']],
    ['REQUEST_LOG_DAYS', ['-1', '3651', 'a week']],
    ['REQUEST_LOG_VALUES', ['true', 'KEEP']],
    ['METRICS_TOKEN', ['short', 'sixteen or more letters']],
  ])('in %s is told with what would be right, without the value', (name, texts) => {
    const mistakes = new Set(texts.map((text) => mistakesOf({ [name]: text }).join('\n')));
    expect([...mistakes]).toEqual([expect.stringMatching(`^${name}: should be .+$`)]);
  });

  test('does not hide the others: all are told at once, by name', () => {
    const mistakes = mistakesOf({
      PORT: 'x',
      DATABASE_URL: 'secret-of-mine',
      LOG_LEVEL: 'loud',
      MUSTER_DATE: 'hidden',
    });
    expect(mistakes.map((line) => line.split(':')[0]).sort()).toEqual([
      'DATABASE_URL',
      'LOG_LEVEL',
      'MUSTER_DATE',
      'PORT',
    ]);
    expect(mistakes.join()).not.toMatch(/secret-of-mine|hidden|loud/);
  });

  test('in a name that begins with MUSTER_ is told with the names that exist', () => {
    expect(mistakesOf({ MUSTER_DIR: '/x' })).toEqual([
      'MUSTER_DIR: is not a setting; those of this kind are MUSTER_DATA',
    ]);
  });

  test('is an owner’s database without a server’s database', () => {
    expect(mistakesOf({ MIGRATE_DATABASE_URL: 'postgres://a@b/c' })).toEqual([
      'MIGRATE_DATABASE_URL: needs DATABASE_URL beside it',
    ]);
  });
});

describe('the table of settings', () => {
  test('has a name once, in capitals, and says of each what it is for', () => {
    const rows = Object.values(settings);
    expect(new Set(rows.map((row) => row.name)).size).toBe(rows.length);
    for (const row of rows) {
      expect(row.name).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
      expect(row.about).toMatch(/\.$/);
    }
  });

  test('marks as secret every setting whose value can hold a password', () => {
    const secrets = Object.values(settings).filter((row) => row.secret);
    expect(secrets.map((row) => row.name)).toEqual([
      'METRICS_TOKEN',
      'DATABASE_URL',
      'MIGRATE_DATABASE_URL',
      'SMTP_URL',
    ]);
  });
});
