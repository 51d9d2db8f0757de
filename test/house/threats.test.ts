import { expect, test } from 'vitest';
import { readFiles } from './repository.ts';

/** The threats about something that does not exist yet, or not whole. This list may only become shorter. */
const later = ['T-03', 'T-04', 'T-09', 'T-21', 'T-22', 'T-24', 'T-35'];

/** The attacks and advisories of the other table. */
const known = [
  ...['S-06', 'S-07', 'S-12', 'S-17', 'S-18', 'S-19', 'S-20', 'S-21', 'S-22', 'S-26', 'S-29'],
  ...['V-0a', 'V-0b', 'V-0c', 'V-1', 'V-2', 'V-5', 'V-6, V-7, V-11', 'V-8', 'V-9', 'V-13', 'V-14', 'V-15', 'V-16'],
  ...['V-18', 'V-19', 'V-20', 'V-21', 'V-23'],
];

const threats = Array.from({ length: 38 }, (_, index) => `T-${String(index + 1).padStart(2, '0')}`);

/** A row of a table of the page: what it is about, and which tests it names. */
interface Row {
  readonly id: string;
  readonly isLater: boolean;
  readonly tests: readonly { readonly file: string; readonly title: string }[];
}

type Titles = ReadonlyMap<string, ReadonlySet<string>>;

/** The rows of all tables with two or more cells whose last one is about tests, the heads of the tables left out. */
function rowsOf(page: string): readonly Row[] {
  const lines = page.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| ---'));
  return lines.flatMap((line) => {
    const cells = line.slice(1, -1).split(' | ');
    const shown = (cells.at(-1) ?? '').trim();
    const tests = [...shown.matchAll(/\[[^\]]+\]\(\.\.\/\.\.\/([^)]+)\): "(.*?)"(?=<br>|$)/g)];
    const isLater = /(?:^|<br>)later: \S/.test(shown);
    if (!isLater && !shown.includes('(../../test/')) return [];
    const found = tests.map(([, file = '', title = '']) => ({ file, title }));
    return [{ id: (cells[0] ?? '').trim(), isLater, tests: found }];
  });
}

/** Every title of a test or of a group of tests, by file. */
async function readTitles(): Promise<Titles> {
  const files = await readFiles('test/**/*.test.ts');
  const title = /(?:\b(?:test|it|describe)|\))\(\s*(["'`])(.*?)\1,/g;
  return new Map(
    files.map(({ path, text }) => [path, new Set([...text.matchAll(title)].map((match) => match[2] ?? ''))]),
  );
}

/** What is wrong with the tests that rows name. */
function faultsOf(rows: readonly Row[], titles: Titles): readonly string[] {
  return rows.flatMap(({ id, isLater, tests }) => {
    if (tests.length === 0 && !isLater) return [`${id}: no test, and not later`];
    return tests.flatMap(({ file, title }) => {
      const inFile = titles.get(file);
      if (inFile === undefined) return [`${id}: no file ${file}`];
      return inFile.has(title) ? [] : [`${id}: no test "${title}" in ${file}`];
    });
  });
}

async function readPage(): Promise<string> {
  const [page] = await readFiles('docs/explanation/security.md');
  return page?.text ?? '';
}

test('every threat has its row, in order, and so has every known attack', async () => {
  const ids = rowsOf(await readPage()).map(({ id }) => id);
  expect(ids.filter((id) => id.startsWith('T-'))).toEqual(threats);
  expect(ids.filter((id) => /^[SV]-/.test(id))).toEqual(known);
});

test('every test that the page about security names is there', async () => {
  const page = await readPage();
  const rows = rowsOf(page);
  const named = rows.flatMap(({ tests }) => tests);
  expect(named).toHaveLength([...page.matchAll(/\.test\.ts\)/g)].length);
  expect(named.length).toBeGreaterThan(100);
  expect(faultsOf(rows, await readTitles())).toEqual([]);
});

test('what waits for something that does not exist yet is in the list of what does', async () => {
  const rows = rowsOf(await readPage()).filter(({ id }) => id.startsWith('T-'));
  expect(rows.filter(({ isLater }) => isLater).map(({ id }) => id)).toEqual(later);
});

test('a row that promises a test that is not there is found', async () => {
  const here =
    '[house/threats](../../test/house/threats.test.ts): "a row that promises a test that is not there is found"';
  const rows = rowsOf(
    [
      '| id | threat | defence | shown by |',
      '| --- | --- | --- | --- |',
      `| T-90 | good | x | ${here} |`,
      `| T-91 | no file | x | ${here}<br>[x](../../test/house/none.test.ts): "x" |`,
      '| T-92 | no such title | x | [x](../../test/house/threats.test.ts): "a row" |',
      '| T-93 | no title | x | [x](../../test/house/threats.test.ts) |',
      '| T-94 | later | x | later: there is no console |',
    ].join('\n'),
  );
  expect(rows.map(({ id, isLater }) => [id, isLater])).toEqual([
    ...['T-90', 'T-91', 'T-92', 'T-93'].map((id) => [id, false]),
    ['T-94', true],
  ]);
  expect(faultsOf(rows, await readTitles())).toEqual([
    'T-91: no file test/house/none.test.ts',
    'T-92: no test "a row" in test/house/threats.test.ts',
    'T-93: no test, and not later',
  ]);
});
