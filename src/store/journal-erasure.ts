import type { Db, Tx } from './database.ts';
import { withoutTenant } from './request-log-rows.ts';

/** How much there is of one person. */
export interface PersonalRows {
  /** Rows of the journal that tell what he is made of. */
  readonly journalRows: number;
  /** Rows of the journal that he wrote himself, with his network address. */
  readonly addresses: number;
  readonly externalIds: number;
  readonly sessions: number;
}

const countStatement = {
  name: 'personal-rows',
  text: `select
      (select count(*) from journal j where j.tenant = $1 and j.resource = $2
        and (j.changes <> '[]' or j.address is not null) and j.action <> 'erased') as journal_rows,
      (select count(*) from journal j where j.tenant = $1 and j.person = $2 and j.address is not null) as addresses,
      (select count(*) from external_id e where e.tenant = $1 and e.resource = $2) as external_ids,
      (select count(*) from session s where s.tenant = $1 and s.user_id = $2) as sessions`,
};

/** Counts what an erasure would remove beside the person himself. */
export async function countPersonalRows(db: Db, tenant: number, person: string): Promise<PersonalRows> {
  const [row] = await db.read(countStatement, [tenant, person]);
  return {
    journalRows: row?.journal_rows as number,
    addresses: row?.addresses as number,
    externalIds: row?.external_ids as number,
    sessions: row?.sessions as number,
  };
}

const eraseStatement = { name: 'erase-from-journal', text: 'select erase_from_journal($1, $2) as rows' };

/**
 * Takes what is personal out of the rows of the journal about one person and out of those that he wrote. The row that says
 * so has to be sent in the same transaction before. Gives how many rows it changed.
 */
export async function eraseFromJournal(tx: Tx, tenant: number, person: string): Promise<number> {
  const [row] = await tx.run(eraseStatement, [tenant, person]);
  return row?.rows as number;
}

/** How requests that hold something of a person are known. */
export interface RequestTraces {
  readonly person: string;
  readonly requestIds: readonly string[];
  /** What names him: nobody else's text. */
  readonly texts: readonly string[];
}

const spanStatement = {
  name: 'request-log-span',
  text: 'select floor(extract(epoch from min(r.at)))::float8 as oldest, extract(epoch from max(r.at))::float8 as newest from request_log r where r.tenant = $1',
};

const eraseRequestsStatement = {
  name: 'erase-requests',
  text: `with emptied as (
      update request_log r set path = r.route, body = null, detail = null, user_agent = null,
        address = case when r.person = $4 then null else r.address end
      where r.tenant = $1 and r.at >= to_timestamp($2) and r.at < to_timestamp($3)
        and (r.resource = $4 or r.person = $4 or r.request_id = any($5)
          or lower(concat_ws(' ', r.path, r.body, r.detail)) like any($6::text[])
            and lower(concat_ws(' ', r.path, r.body, r.detail)) ~ any($7::text[]))
      returning 1
    ) select count(*) as rows from emptied`,
};

const hourSeconds = 3_600;

/** Empties the logged requests that hold something of a person, an hour of them at a time. Gives how many there were. */
export async function eraseRequests(db: Db, tenant: number, traces: RequestTraces): Promise<number> {
  const forms = traces.texts.flatMap(formsOf);
  const patterns = forms.map((text) => `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`);
  const words = forms.map(wordOf);
  let rows = 0;
  for (const place of [tenant, withoutTenant]) {
    const [span] = await db.list({ ...spanStatement, values: [place] });
    if (typeof span?.oldest !== 'number') continue;
    for (let from = span.oldest; from <= (span.newest as number); from += hourSeconds) {
      const values = [place, from, from + hourSeconds, traces.person, traces.requestIds, patterns, words];
      const [row] = await db.list({ ...eraseRequestsStatement, values });
      rows += row?.rows as number;
    }
  }
  return rows;
}

/** A regular expression for a text that stands alone: behind no letter but that of an escape of JSON or of a URL. */
function wordOf(text: string): string {
  const plain = text.replaceAll(/[^\p{L}\p{N}]/gu, (sign) => (/[\s\w]/.test(sign) ? sign : `\\${sign}`));
  return `(^|[^[:alnum:]]|%[0-9a-f]{2}|\\\\[bfnrt]|\\\\u[0-9a-f]{4})${plain}($|[^[:alnum:]])`;
}

/** A text as it stands in a body, in JSON and in a URL, which hides the case of what is not ASCII. */
function formsOf(text: string): string[] {
  const inUrl = [text, text.toLowerCase(), text.toUpperCase()].map((spelling) =>
    encodeURIComponent(spelling).toLowerCase(),
  );
  const lower = text.toLowerCase();
  const forms = [
    lower,
    JSON.stringify(lower).slice(1, -1),
    ...inUrl,
    ...inUrl.map((form) => form.replaceAll('%20', '+')),
  ];
  return [...new Set(forms)];
}

const dropStatement = { name: 'drop-old-journal', text: 'select drop_old_journal($1, $2) as rows' };

/** Removes at most so many of the oldest sealed rows that are older than the retention. Gives how many went. */
export async function dropOldJournal(db: Db, tenant: number, rowsMax: number): Promise<number> {
  const [row] = await db.list({ ...dropStatement, values: [tenant, rowsMax] });
  return row?.rows as number;
}
