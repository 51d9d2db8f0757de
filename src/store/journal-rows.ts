import type { ResourceName } from '#attributes/resource-type.ts';
import type { Tx } from './database.ts';

/** One row of the journal: one resource changed by one transaction. */
export interface JournalRow {
  readonly tenant: number;
  readonly connection?: string;
  /** The signed-in user who did it. */
  readonly person?: string;
  readonly address?: string;
  readonly dialect: string;
  readonly requestId: string;
  readonly kind: ResourceName | 'Connection' | 'Tenant';
  readonly resource: string;
  readonly action: 'created' | 'updated' | 'deleted' | 'erased';
  /** What changed, as JSON. */
  readonly changes: string;
  /** The members that came or went, for a group. */
  readonly members?: readonly string[];
  /** Whether an active person was deactivated or deleted. */
  readonly removes: boolean;
}

const insertStatement = {
  name: 'insert-journal',
  text: `insert into journal (tenant, connection, person, address, dialect, request_id, kind, resource, action, changes,
      members, removes)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
};

/** Writes one row of the journal; it travels with the commit of the change that it reports. */
export function insertJournalRow(tx: Tx, row: JournalRow): void {
  tx.send(insertStatement, [
    row.tenant,
    row.connection ?? null,
    row.person ?? null,
    row.address ?? null,
    row.dialect,
    row.requestId,
    row.kind,
    row.resource,
    row.action,
    row.changes,
    row.members ?? null,
    row.removes,
  ]);
}
