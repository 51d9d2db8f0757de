import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CaseFile, readCaseFile } from '#test/support/case-file.ts';
import { runCase } from '#test/support/case-run.ts';
import { type Muster, startMuster } from '#test/support/muster.ts';

/** The requests of Okta and Entra that no case may be missing for; the others are of parts that do not exist yet. */
const inScope = [
  ...[
    '01',
    '02',
    '03',
    '04',
    '05',
    '06',
    '07',
    '08',
    '09',
    '10',
    '11',
    '12',
    '13',
    '14',
    '15',
    '16',
    '17',
    '20',
    '23',
  ].map((line) => `Q-OKTA-${line}`),
  ...Array.from({ length: 23 }, (_, index) => `Q-ENTRA-${String(index + 1).padStart(2, '0')}`),
  'Q-ENTRA-26',
];

const folder = new URL('cases/', import.meta.url);
const files = readdirSync(folder).map((name) => ({ name, content: readFileSync(new URL(name, folder), 'utf8') }));
const cases = files.flatMap(({ name, content }) => readNamed(name, content));

let muster: Muster;

beforeAll(async () => {
  muster = await startMuster();
});
afterAll(() => muster.stop());

// Not `test.each`, which cuts long names. At once, since each case has a tenant of its own.
for (const { why, file } of cases) {
  for (const profile of file.profiles) {
    test.concurrent(`${why} (${profile})`, async () => {
      expect(await runCase(muster, file, profile)).toBe(file.steps.length);
    });
  }
}

test('every request of Okta and Entra in scope has a case', () => {
  const shown = new Set(cases.flatMap(({ file }) => file.shows));
  expect(inScope.filter((line) => !shown.has(line))).toEqual([]);
});

test('no two cases have the same name', () => {
  const names = cases.map(({ why }) => why);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

/** Names the file in what is wrong with it. */
function readNamed(name: string, content: string): { readonly why: string; readonly file: CaseFile }[] {
  try {
    const file = readCaseFile(content);
    return [{ why: file.why, file }];
  } catch (cause) {
    throw new Error(`${name}: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}
