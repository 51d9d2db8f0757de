import { expect } from 'vitest';
import { withClient } from '#test/support/with-client.ts';
import type { Metabase } from './cast.ts';

/** A key as it is answered when it is made. */
export interface MadeKey {
  readonly id: number;
  readonly name: string;
  readonly unmasked_key: string;
  readonly masked_key: string;
}

/** The journal of a key's connection. */
interface Told {
  readonly resource: string;
  readonly action: string;
  readonly person: string | null;
  readonly changes: readonly unknown[];
}

export type Keys = ReturnType<typeof keysOf>;

/** The API keys of a server. */
export function keysOf({ as, muster }: Metabase) {
  let made = 0;
  return {
    /** Makes a key of a group, of All Users when nothing is said, under a name of its own. */
    make: async (group_id = 1): Promise<MadeKey> => {
      made += 1;
      const { status, body } = await as('crowberto').post('/api/api-key', { group_id, name: `Key ${made}` });
      expect(status).toBe(200);
      return body;
    },
    /** What the journal tells of connections, oldest first. */
    told: async (): Promise<readonly Told[]> => {
      const text = "select resource, action, person, changes from journal where kind = 'Connection' order by sequence";
      const { rows } = await withClient(muster.database.connection, (client) => client.query(text));
      return rows.map((row) => ({ ...row, changes: JSON.parse(row.changes) }));
    },
  };
}
