import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { connectTo, freshDatabase } from '#test/support/database.ts';
import { openTestDatabase } from '../store/open-test-database.ts';
import { makeScene } from './matrix-callers.ts';
import { guards } from './matrix-guards.ts';
import type { Outcome, Task } from './run-without-guards.ts';

const program = fileURLToPath(new URL('run-without-guards.ts', import.meta.url));
const outcomes = new Map<string, Outcome>();

beforeAll(async () => {
  const database = await freshDatabase();
  const db = openTestDatabase(database);
  const client = await connectTo(database);
  const scene = await makeScene(db, (statement, values) => client.query(statement, values));
  await Promise.all([client.end(), db.close()]);
  for (const outcome of await runWithoutGuards({ connection: database.serverConnection, scene })) {
    outcomes.set(outcome.guard, outcome);
  }
});

/** Runs the program from its sources, in a process of its own, once without each guard. */
async function runWithoutGuards(task: Task): Promise<Outcome[]> {
  const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.end(JSON.stringify(task));
  const [answer, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  expect(answer, errors).not.toBe('');
  return JSON.parse(answer) as Outcome[];
}

test.each(guards.map(({ name, row, column, found = 'ok' }) => [name, row, column, found] as const))(
  'without the guard "%s" the cell of %s and %s is another',
  (name, _row, _column, without) => {
    const { expected, found, problem } = outcomes.get(name) ?? { problem: 'was not tried' };
    expect(problem).toBeUndefined();
    expect(expected).toBeDefined();
    expect(expected).not.toBe(without);
    expect(found).toBe(without);
  },
);
