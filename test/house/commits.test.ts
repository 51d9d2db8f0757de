import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { root } from './repository.ts';

const subjectMax = 60;

/** What is wrong with the subject of a commit, if anything is. */
function faultOf(subject: string): string | undefined {
  const length = [...subject].length;
  if (length > subjectMax) return `${length} characters, at most ${subjectMax}`;
  if (subject.endsWith('.')) return 'ends in a period';
  return /^\p{Lu}/u.test(subject) ? undefined : 'does not begin with a capital';
}

/** The subjects of the branch. A copy of the sources without their history has none. */
function readSubjects(): readonly string[] {
  if (!existsSync(path.join(root, '.git'))) return [];
  // The folder may belong to another account than the one that tests, in a container say.
  const flags = ['-c', 'safe.directory=*', 'log', '--no-merges', '--format=%s'];
  return execFileSync('git', flags, { cwd: root, encoding: 'utf8' }).trim().split('\n');
}

test('the subject of every commit is short, begins with a capital and has no period', () => {
  const faults = readSubjects().flatMap((subject) => {
    const fault = faultOf(subject);
    return fault === undefined ? [] : [`${subject}: ${fault}`];
  });
  expect(faults).toEqual([]);
});

test.each(['x'.repeat(61), 'Does this.', 'fix it'])('the subject "%s" is refused', (subject) => {
  expect(faultOf(subject)).toBeDefined();
});
