import type { Tx } from './database.ts';

/** By what the log can know a person. */
export interface Traces {
  readonly person: string;
  /** Names and addresses under which others may have asked for him, as they were written. */
  readonly texts: readonly string[];
  /** The requests that changed him, or groups because of him: those of his rows in the journal. */
  readonly requestIds: readonly string[];
}

const daysStatement = {
  name: 'days-of-requests',
  text: `select generate_series(date_trunc('day', min(at)), now(), interval '1 day') as day
    from request_log where tenant = $1`,
};

const eraseStatement = {
  name: 'erase-requests',
  text: `update request_log set body = null, detail = null, path = route, user_agent = null,
      address = case when person = $3 then null else address end
    where tenant = $1 and at >= $2::timestamptz and at < $2::timestamptz + interval '1 day' and (
      person = $3 or resource = $3 or request_id = any($4::text[])
      or path ilike any($5::text[]) or body ilike any($6::text[])
    )`,
};

/**
 * Takes out of the request log what it holds about one person: body, query, detail and client of each request that he sent,
 * that was about him, or that names him. That there was such a request, and its outcome, stays. A day at a time, so that
 * no statement takes long.
 */
export async function eraseFromRequestLog(tx: Tx, tenant: number, traces: Traces): Promise<void> {
  const { person, requestIds, texts } = traces;
  const inPaths = texts.map(anywhere);
  const inBodies = texts.map((text) => anywhere(JSON.stringify(text).slice(1, -1)));
  for (const { day } of await tx.run(daysStatement, [tenant])) {
    await tx.run(eraseStatement, [tenant, day, person, requestIds, inPaths, inBodies]);
  }
}

/** The pattern of LIKE for a text that stands anywhere. */
function anywhere(text: string): string {
  return `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`;
}
