import type { Row } from './database.ts';
import type { JournalRow } from './journal-rows.ts';

/** A row of the journal as it was written. */
export interface JournalEntry extends JournalRow {
  readonly sequence: number;
  /** The id of the transaction that wrote it. */
  readonly xact: string;
  /** When that transaction began, ISO 8601. */
  readonly at: string;
}

/** The columns of an entry, of the table `j`. */
export const entryColumns = `j.tenant, j.sequence, j.xact::text as xact, j.at, j.connection, j.person, j.address, j.dialect,
  j.request_id, j.kind, j.resource, j.action, j.changes, j.members, j.removes`;

/** An entry from a row of `entryColumns`. */
export function entryFrom(row: Row): JournalEntry {
  return {
    tenant: row.tenant as number,
    sequence: row.sequence as number,
    xact: row.xact as string,
    at: row.at as string,
    ...(row.connection !== null && { connection: row.connection as string }),
    ...(row.person !== null && { person: row.person as string }),
    ...(row.address !== null && { address: row.address as string }),
    dialect: row.dialect as string,
    requestId: row.request_id as string,
    kind: row.kind as JournalEntry['kind'],
    resource: row.resource as string,
    action: row.action as JournalEntry['action'],
    changes: row.changes as string,
    ...(row.members !== null && { members: row.members as string[] }),
    removes: row.removes as boolean,
  };
}
