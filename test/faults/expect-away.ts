import { expect } from 'vitest';
import type { Answer } from '#test/support/muster.ts';
import { expectError } from '../dialects/scim/scim-client.ts';

/** What nobody outside may learn of the database: statements, tables, drivers, codes, places. */
const inside =
  /select|insert|update |app_|credential|postgres|pg_|sql|pool|socket|ECONN|ENOENT|\/tmp|127\.0\.0\.1|at .*\.[jt]s|node_modules/i;

/** Expects the answer of a server whose database is away: 503 in SCIM's words with whole seconds to wait. R-399. */
export function expectAway(answer: Answer): void {
  expectError(answer, 503);
  expect(answer.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
  expect(JSON.stringify(answer.body)).not.toMatch(inside);
}
