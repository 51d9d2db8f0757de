import type { Caller } from '#domain/caller.ts';
import type { Operations } from '#operations/operations.ts';
import type { TestRoll } from '#test/operations/open-roll.ts';

/** What an operation is shown to write: once as it should be, once so that it is refused. */
export interface Law {
  readonly verb: string;
  readonly does: (run: Run) => Promise<unknown>;
  /** Kind and action of each row, by resource. */
  readonly rows: readonly string[];
  readonly refused: (run: Run) => Promise<unknown>;
}

/** What the laws work with: a person who is in a group, and is the manager of another one. */
export interface Run {
  readonly caller: Caller;
  readonly operations: Operations;
  readonly roll: TestRoll;
  readonly person: string;
  readonly group: string;
  readonly unit: string;
  readonly connection: string;
}
