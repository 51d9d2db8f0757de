import type { Difference } from '#domain/difference.ts';
import type { ConnectionFacts } from '#store/connections.ts';

const told = ['name', 'dialect', 'profile', 'rights', 'franchisee', 'ratePerSecond', 'guard'] as const;

type Told = Partial<Pick<ConnectionFacts, (typeof told)[number]>>;

/** What changed about a connection, for the journal; nothing of it is secret. */
export function connectionDifferences(before: Told, after: Told): Difference[] {
  return told.flatMap((path) => {
    const [from, to] = [before[path], after[path]];
    if (String(from) === String(to)) return [];
    return [{ path, ...(from !== undefined && { from }), ...(to !== undefined && { to }) }];
  });
}
