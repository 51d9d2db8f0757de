import type pg from 'pg';

/** A few clients that everybody shares in turn. */
export interface Pipelines {
  readonly next: () => Promise<pg.PoolClient>;
  /** Takes a client out of use; what it has under way it may end. */
  readonly retire: (client: pg.PoolClient) => void;
  readonly close: () => Promise<void>;
}

/** Opens up to `pipelinesMax` shared clients; one that fails is given back at once and replaced at the next use of its slot. */
export function openPipelines(pool: pg.Pool, pipelinesMax: number): Pipelines {
  const slots: (Promise<pg.PoolClient> | undefined)[] = [];
  const forgets = new Map<pg.PoolClient, () => void>();
  const retire = (client: pg.PoolClient) => {
    const forget = forgets.get(client);
    if (forget === undefined) return;
    forgets.delete(client);
    forget();
    client.release(true);
  };
  const connect = async (forget: () => void) => {
    const client = await pool.connect();
    forgets.set(client, forget);
    client.once('error', () => retire(client));
    client.once('end', () => retire(client));
    return client;
  };
  let turn = 0;
  const next = () => {
    turn = (turn + 1) % pipelinesMax;
    const slot = turn;
    const known = slots[slot];
    if (known !== undefined) return known;
    // By the time a client ends its slot may have another, which must not be lost.
    const forget = () => {
      if (slots[slot] === fresh) slots[slot] = undefined;
    };
    const fresh = connect(forget);
    slots[slot] = fresh;
    fresh.catch(forget);
    return fresh;
  };
  const close = async () => {
    await Promise.allSettled(slots);
    for (const client of [...forgets.keys()]) retire(client);
    await pool.end();
  };
  return { next, retire, close };
}
