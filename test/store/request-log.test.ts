import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Fault } from '#domain/fault.ts';
import type { Exchange, RequestRecord } from '#http/request-record.ts';
import type { Db } from '#store/database.ts';
import { retainRequestLog } from '#store/request-log-rows.ts';
import { freshDatabase, type TestDatabase } from '#test/support/database.ts';
import { postgresVersions } from '#test/support/postgres-versions.ts';
import { withClient } from '#test/support/with-client.ts';
import { openRequestLog, type RequestLogOptions } from '#workers/write-request-log.ts';
import { openTestDatabase } from './open-test-database.ts';

/** Opens a request log that tells its warnings. */
function openLog(db: Db, options: Partial<RequestLogOptions> = {}) {
  const warnings: object[] = [];
  const log = { warn: (details: object, message: string) => void warnings.push({ ...details, message }) };
  return { ...openRequestLog({ db, values: 'keep', log, ...options }), warnings };
}

const note = (
  { note }: Pick<ReturnType<typeof openLog>, 'note'>,
  request: Partial<RequestRecord> = {},
  exchange: Partial<Exchange> = {},
) =>
  note(
    { id: 'r', tenant: 1, ...request },
    {
      ...{ startedMs: performance.now(), durationMs: 1, method: 'GET', route: '/a', target: '/a', status: 200 },
      ...exchange,
    },
  );

const awayDb = (database: TestDatabase) =>
  openTestDatabase(database, { connection: { ...database.serverConnection, host: '/nowhere' } });

describe.each(postgresVersions)('on PostgreSQL %i', (version) => {
  let database: TestDatabase;
  let db: Db;
  beforeAll(async () => {
    database = await freshDatabase(version);
    db = openTestDatabase(database);
  });
  afterAll(() => db.close());

  const asOwner = <Row>(text: string) =>
    withClient(database.connection, async (client) => (await client.query(text)).rows as Row[]);
  const daysKept = async () => {
    const rows = await asOwner<{ day: number }>(`
      select to_date(right(inhrelid::regclass::text, 8), 'YYYYMMDD') - (now() at time zone 'UTC')::date as day
      from pg_inherits where inhparent = 'request_log'::regclass order by 1`);
    return rows.map(({ day }) => day);
  };
  const rowsKept = () =>
    db.list({ text: 'select * from request_log where tenant = $1 order by sequence', values: [1] });
  const usual = [-1, 0, 1, 2, 3];

  test('a fresh database has room for some days', async () => {
    expect(await daysKept()).toEqual(usual);
  });

  test('the role of the server drops old days and makes room after a standstill, and may do neither itself', async () => {
    const day = (ago: number) => `(current_date - ${ago})`;
    await asOwner(`do $$ declare day date; begin
      for day in select ${day(0)} + i from generate_series(0, 3) i loop
        execute format('drop table request_log_%s', to_char(day, 'YYYYMMDD'));
      end loop;
      foreach day in array array[${day(40)}, ${day(31)}, ${day(30)}] loop
        execute format('create table request_log_%s partition of request_log for values from (%L) to (%L)',
          to_char(day, 'YYYYMMDD'), day::text || ' 00:00+00', (day + 1)::text || ' 00:00+00');
      end loop;
    end $$`);
    expect(await retainRequestLog(db)).toBe(true);
    expect(await daysKept()).toEqual([-30, ...usual]);
    expect(await retainRequestLog(db)).toBe(true);
    await expect(db.list({ text: 'drop table request_log', values: [] })).rejects.toMatchObject({
      cause: { code: '42501' },
    });
  });

  test('two processes do not do it at once', async () => {
    await withClient(database.connection, async (client) => {
      await client.query('begin');
      await client.query('select retain_request_log()');
      expect(await retainRequestLog(db)).toBe(false);
      await client.query('rollback');
    });
  });

  test('rows arrive as they were, whatever is in them', async () => {
    const log = openLog(db);
    const odd = ['', 'null', 'NULL', '"', '\\', '{a,b}', "'; drop table x --", 'a\nb', 'a\0b', '\ud800', '😀', ' x '];
    for (const detail of odd)
      note(log, { detail, body: { note: detail }, skipped: [detail, 'b'] }, { userAgent: detail });
    note(log, { id: 'bare' });
    await log.flush();
    const rows = await rowsKept();
    const kept = odd.map((text) => text.replace('\0', '\ufffd').replace('\ud800', '\ufffd'));
    expect(rows.map((row) => row.detail)).toEqual([...kept, null]);
    expect(rows.map((row) => row.user_agent)).toEqual([...kept, null]);
    expect(rows[0]?.skipped).toEqual(['', 'b']);
    expect(JSON.parse(String(rows[4]?.body))).toEqual({ note: '\\' });
    expect(rows.at(-1)).toMatchObject({
      request_id: 'bare',
      connection: null,
      body: null,
      skipped: null,
      duration_ms: 1,
    });
    expect(log.counts).toEqual({ written: odd.length + 1, dropped: 0, sampled: 0 });
  });

  test('a row has the time at which its request began, by the clock of the database', async () => {
    const log = openLog(db);
    note(log, { id: 'slow' }, { startedMs: performance.now() - 60_000, durationMs: 50_000 });
    await log.flush();
    const [row] = await db.list({
      text: `select extract(epoch from now() - at)::float8 as age from request_log where tenant = $1 and request_id = $2`,
      values: [1, 'slow'],
    });
    expect(row?.age).toBeGreaterThan(59);
    expect(row?.age).toBeLessThan(80);
  });

  test('a row that the database refuses costs no other, and the log says why, without what is in it', async () => {
    const log = openLog(db);
    const written = (await rowsKept()).length;
    for (let sent = 0; sent < 400; sent += 1) note(log, {}, { status: sent === 123 || sent === 321 ? 99_999 : 200 });
    await log.flush();
    expect(log.counts).toEqual({ written: 398, dropped: 2, sampled: 0 });
    expect(await rowsKept()).toHaveLength(written + 398);
    expect(log.warnings).toEqual([
      {
        ...{ dropped: 2, code: '22003', reason: 'the database refuses them' },
        message: 'rows of the request log are lost',
      },
    ]);
  });

  test('0 days drop all there is, and rows without a place are counted', async () => {
    await asOwner('update retention set request_log_days = 0');
    expect(await retainRequestLog(db)).toBe(true);
    expect(await daysKept()).toEqual([]);
    const log = openLog(db);
    note(log);
    await log.flush();
    expect(log.counts).toEqual({ written: 0, dropped: 1, sampled: 0 });
    expect(log.warnings).toMatchObject([{ dropped: 1 }]);
    await asOwner('update retention set request_log_days = 30');
    await retainRequestLog(db);
    note(log);
    await log.flush();
    expect(log.counts.written).toBe(1);
  });
});

describe('while the database is away', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await freshDatabase();
  });

  test('rows wait, so many at most; more are counted and told in one line', async () => {
    const db = awayDb(database);
    const log = openLog(db, { waitingMax: 3 });
    for (let sent = 0; sent < 10; sent += 1) note(log);
    await log.flush();
    expect(log.counts).toEqual({ written: 0, dropped: 7, sampled: 0 });
    expect(log.warnings).toHaveLength(1);
    await db.close();
  });

  test('long bodies wait no longer than there is room for them', async () => {
    const db = awayDb(database);
    const log = openLog(db);
    const body = { a: 'x'.repeat(20_000) };
    for (let sent = 0; sent < 600; sent += 1) note(log, { body });
    expect(log.counts.dropped).toBeGreaterThan(50);
    await log.flush();
    await db.close();
  });

  test('rows that waited for more than five minutes are dropped, as erasures count on it', async () => {
    const db = openTestDatabase(database);
    const log = openLog(db);
    note(log, {}, { startedMs: performance.now() - 301_000 });
    note(log, {}, { startedMs: performance.now() - 290_000 });
    await log.flush();
    expect(log.counts).toEqual({ written: 1, dropped: 1, sampled: 0 });
    await db.close();
  });

  test('rows that waited are written when it is back', async () => {
    const db = openTestDatabase(database);
    let away = true;
    const fickle: Db = {
      ...db,
      transaction: (work) => (away ? Promise.reject(new Fault('unavailable', 'away')) : db.transaction(work)),
    };
    const log = openLog(fickle);
    note(log);
    await log.flush();
    expect(log.counts).toEqual({ written: 0, dropped: 0, sampled: 0 });
    away = false;
    await log.flush();
    expect(log.counts.written).toBe(1);
    await db.close();
  });
});

describe('refused calls', () => {
  let db: Db;
  beforeAll(async () => {
    db = openTestDatabase(await freshDatabase());
  });
  afterAll(() => db.close());

  test('are kept ten a second for each tenant and status, and without bodies', async () => {
    const log = openLog(db);
    const at = { startedMs: 1_000_000 };
    for (let sent = 0; sent < 25; sent += 1) {
      note(log, { tenant: undefined, body: { a: 1 } }, { ...at, status: 401 });
      note(log, { tenant: 2, body: { a: 1 } }, { ...at, status: 429 });
      note(log, { tenant: 3, body: { a: 1 } }, { ...at, status: 429 });
      note(log, { tenant: 3, body: { a: 1 } }, { ...at, status: 404 });
    }
    note(log, { tenant: undefined }, { startedMs: 1_001_000, status: 401 });
    await log.flush();
    expect(log.counts).toEqual({ written: 10 + 10 + 10 + 25 + 1, dropped: 0, sampled: 45 });
    const rows = await db.list({
      text: 'select tenant, status, count(*), count(body) as bodies from request_log where tenant = any($1) group by 1, 2 order by 1, 2',
      values: [[0, 2, 3]],
    });
    expect(rows).toEqual([
      { tenant: 0, status: 401, count: 11, bodies: 0 },
      { tenant: 2, status: 429, count: 10, bodies: 0 },
      { tenant: 3, status: 404, count: 25, bodies: 25 },
      { tenant: 3, status: 429, count: 10, bodies: 0 },
    ]);
  });
});
