import { send } from './run-muster.ts';

/** Clients that create people as fast as they are answered, and what became of each person. */
export interface Load {
  readonly acknowledged: () => readonly string[];
  /** The names whose creation got no answer, or one that refuses. */
  readonly refused: () => readonly string[];
  /** Ends the load and waits for the requests that are under way. */
  readonly stop: () => Promise<void>;
}

const clients = 6;

/** Starts clients that go on until the server no longer takes their requests. */
export function startLoad(url: string, token: string, prefix: string): Load {
  const acknowledged: string[] = [];
  const refused: string[] = [];
  let over = false;
  const client = async (number: number) => {
    for (let turn = 1; !over; turn += 1) {
      const userName = `${prefix}-${number}-${turn}`;
      const isDone = await creates(url, token, userName);
      (isDone ? acknowledged : refused).push(userName);
      if (!isDone) return;
    }
  };
  const running = Promise.all(Array.from({ length: clients }, (_, number) => client(number)));
  return {
    acknowledged: () => acknowledged,
    refused: () => refused,
    stop: async () => {
      over = true;
      await running;
    },
  };
}

/** Whose creation was acknowledged and who is not there, and who is there although the client heard otherwise. */
export async function wrongedBy(load: Load, url: string, token: string) {
  const there = new Set(await allNames(url, token));
  return {
    lost: load.acknowledged().filter((name) => !there.has(name)),
    doubtful: load.refused().filter((name) => there.has(name)),
  };
}

async function creates(url: string, token: string, userName: string): Promise<boolean> {
  try {
    const answer = await send(url, token, 'POST', '/Users', { userName });
    await answer.text();
    return answer.status === 201;
  } catch {
    return false;
  }
}

async function allNames(url: string, token: string): Promise<readonly string[]> {
  const names: string[] = [];
  for (;;) {
    const target = `/Users?count=1000&attributes=userName&startIndex=${names.length + 1}`;
    const page = JSON.parse(await (await send(url, token, 'GET', target)).text());
    names.push(...page.Resources.map(({ userName }: { userName: string }) => userName));
    if (names.length >= page.totalResults) return names;
  }
}
