import { type Caller, noConnection } from '#domain/caller.ts';
import type { Difference } from '#domain/difference.ts';
import type { MemberDifference } from '#domain/member-change.ts';
import type { Tx } from '#store/database.ts';
import { insertJournalRow, type JournalRow } from '#store/journal-rows.ts';

/** What happened to one resource in one transaction. */
export interface Entry {
  readonly action: JournalRow['action'];
  readonly kind: JournalRow['kind'];
  readonly id: string;
  readonly differences: readonly Difference[];
  readonly members?: MemberDifference;
  /** The external id of the caller's connection, where it changed. */
  readonly externalId?: { readonly from?: string; readonly to?: string };
  /** Whether an active person was deactivated or deleted. */
  readonly removes?: boolean;
}

/** Writes what a caller did to one resource, in the transaction that does it. Secrets are never among the differences. */
export function appendJournal(tx: Tx, caller: Caller, entry: Entry): void {
  const { kind, id, members, externalId } = entry;
  const changes = [
    ...entry.differences,
    ...(externalId === undefined ? [] : [{ path: 'externalId', ...externalId }]),
    ...(members === undefined ? [] : [{ path: 'members', ...members }]),
  ];
  insertJournalRow(tx, {
    tenant: caller.tenant,
    ...(caller.connection !== noConnection && { connection: caller.connection }),
    ...(caller.person !== undefined && { person: caller.person }),
    ...(caller.address !== undefined && { address: caller.address }),
    dialect: caller.dialect,
    requestId: caller.requestId,
    kind,
    resource: id,
    action: entry.action,
    changes: JSON.stringify(changes),
    ...(members !== undefined && { members: [...members.added, ...members.removed] }),
    removes: entry.removes ?? false,
  });
}
