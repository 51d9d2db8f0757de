import { resourceTypes } from '#attributes/resource-type.ts';
import type { Db, Tx } from './database.ts';
import { withoutTenant } from './request-log-rows.ts';

/** How requests that hold something of a person are known. */
export interface RequestTraces {
  readonly person: string;
  readonly requestIds: readonly string[];
  /** What names him: nobody else's text. */
  readonly texts: readonly string[];
  /** Whether the calls whose tenant nobody knows, which are other tenants' too, are looked through by his texts. */
  readonly everywhere: boolean;
}

/** For how long a row of the log may wait in the memory of a server before it is written. */
export const requestWaitMaxSeconds = 300;
/** So long after an erasure no server has rows any more that are older; a minute is for the writing. */
const lastPassSeconds = requestWaitMaxSeconds + 60;
const firstPassSeconds = 5;
/** A server that died meanwhile has not done it; then another does. */
const leaseSeconds = 60;

const rememberStatement = {
  name: 'remember-erasure',
  text: `insert into erasure as e (tenant, person, request_ids, texts, everywhere, again_at)
    values ($1, $2, $3, $4, $5, now() + make_interval(secs => ${firstPassSeconds}))
    on conflict (tenant, person) do update set request_ids = e.request_ids || excluded.request_ids,
      texts = e.texts || excluded.texts, everywhere = e.everywhere or excluded.everywhere, erased_at = now(),
      again_at = excluded.again_at`,
};

/** Leaves word of what to look for among the requests that are not written yet. */
export function rememberErasure(tx: Tx, tenant: number, traces: RequestTraces): void {
  const { person, requestIds, texts, everywhere } = traces;
  tx.send(rememberStatement, [tenant, person, requestIds, texts, everywhere]);
}

const takeStatement = {
  name: 'take-erasures',
  text: `update erasure e set again_at = now() + make_interval(secs => ${leaseSeconds}) from tenant t
    where e.tenant = t.tenant and e.again_at <= now()
    returning e.tenant, e.person, e.request_ids, e.texts, e.everywhere,
      floor(extract(epoch from e.erased_at))::float8 - ${2 * lastPassSeconds} as since,
      e.erased_at + make_interval(secs => ${lastPassSeconds}) <= now() as is_last`,
};

const endStatement = {
  name: 'end-erasure',
  text: `with later as (
      update erasure e set again_at = e.erased_at + make_interval(secs => ${lastPassSeconds})
      where e.tenant = $1 and e.person = $2 and not $3
    )
    delete from erasure e where e.tenant = $1 and e.person = $2 and $3`,
};

/**
 * Empties the requests about people whose data was erased that were written after that: once after some seconds, and again when
 * no row can wait in the memory of a server any more. Of several servers one does it.
 */
export async function finishErasures(db: Db): Promise<void> {
  const rows = await db.transaction((tx) => tx.run(takeStatement));
  for (const row of rows) {
    const traces = {
      person: row.person as string,
      requestIds: row.request_ids as string[],
      texts: row.texts as string[],
      everywhere: row.everywhere as boolean,
    };
    const tenant = row.tenant as number;
    await eraseRequests(db, tenant, traces, row.since as number);
    await db.transaction(async (tx) => tx.send(endStatement, [tenant, traces.person, row.is_last]));
  }
}

const spanStatement = {
  name: 'request-log-span',
  text: 'select floor(extract(epoch from min(r.at)))::float8 as oldest, extract(epoch from max(r.at))::float8 as newest from request_log r where r.tenant = $1',
};

const saidText = `lower(concat_ws(e'\\n', r.path, r.body, r.detail))`;
/** What says nothing of a person: names of members and parameters, URNs, and what kind of thing something is. */
const unsaid = [
  String.raw`"([^"\\]|\\.)*":`,
  '[?&][a-z]+=',
  'urn:ietf:params:scim:[a-z0-9:._-]*',
  '"resourcetype":"[^"]*"',
  '"type":"(user|group|orgunit)"',
].join('|');

const eraseStatement = {
  name: 'erase-requests',
  text: `with emptied as (
      update request_log r set path = r.route, body = null, detail = null, user_agent = null,
        address = case when r.person = $4 then null else r.address end
      where r.tenant = $1 and r.at >= to_timestamp($2) and r.at < to_timestamp($3)
        and (r.resource = $4 or r.person = $4 or r.request_id = any($5) or lower(r.path) like '%' || $4::text || '%'
          or ${saidText} like any($6::text[]) and regexp_replace(${saidText}, $8, ' ', 'g') ~ any($7::text[]))
      returning 1
    ) select count(*) as rows from emptied`,
};

const hourSeconds = 3_600;

/**
 * Empties the logged requests since a time, in seconds, that hold something of a person, an hour of them at a time. Gives how
 * many there were. Calls whose tenant nobody knows are known by his id; by his texts only where the traces say `everywhere`.
 */
export async function eraseRequests(db: Db, tenant: number, traces: RequestTraces, since = 0): Promise<number> {
  const { requestIds, texts, everywhere } = traces;
  const own = await eraseIn(db, tenant, traces, since);
  const strange = { ...traces, requestIds: everywhere ? requestIds : [], texts: everywhere ? texts : [] };
  return own + (await eraseIn(db, withoutTenant, strange, since));
}

async function eraseIn(
  db: Db,
  tenant: number,
  { person, requestIds, texts }: RequestTraces,
  since: number,
): Promise<number> {
  const patterns = texts.flatMap(formsOf).map((text) => `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`);
  const words = texts.flatMap((text) => formsOf(text).map(isOfProtocol(text) ? quotedOf : wordOf));
  const [span] = await db.list({ ...spanStatement, values: [tenant] });
  if (typeof span?.oldest !== 'number') return 0;
  let rows = 0;
  for (let from = Math.max(since, span.oldest); from <= (span.newest as number); from += hourSeconds) {
    const values = [tenant, from, from + hourSeconds, person, requestIds, patterns, words, unsaid];
    const [row] = await db.list({ ...eraseStatement, values });
    rows += row?.rows as number;
  }
  return rows;
}

const protocolWords = new Set(
  resourceTypes.flatMap(({ name, endpoint }) => [name.toLowerCase(), endpoint.slice(1).toLowerCase()]),
);

/** Whether paths and answers have the text anyway, whoever they are about. */
function isOfProtocol(text: string): boolean {
  return protocolWords.has(text.toLowerCase());
}

function plainOf(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N}]/gu, (sign) => (/[\s\w]/.test(sign) ? sign : `\\${sign}`));
}

/** A regular expression for a text that stands alone: behind no letter but that of an escape of JSON or of a URL. */
function wordOf(text: string): string {
  return `(^|[^[:alnum:]]|%[0-9a-f]{2}|\\\\[bfnrt]|\\\\u[0-9a-f]{4})${plainOf(text)}($|[^[:alnum:]])`;
}

/** A regular expression for a text that is a whole value. */
function quotedOf(text: string): string {
  return `("|%22)${plainOf(text)}(\\\\?"|%22)`;
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
