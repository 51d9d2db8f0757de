import type { Client } from 'pg';
import { waitUntil } from '#test/support/wait-until.ts';

/** Waits until so many sessions of the client's database wait for a lock. */
export async function waitForWaiting(client: Client, sessions: number): Promise<void> {
  await waitUntil(async () => {
    // Within a transaction the activity is otherwise what it was when it was first asked about.
    await client.query('select pg_stat_clear_snapshot()');
    const { rowCount } = await client.query(
      `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    return rowCount === sessions;
  }, `${sessions} sessions to wait for a lock`);
}
