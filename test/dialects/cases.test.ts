import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dialects } from '#dialects/index.ts';
import { type CaseFile, readCaseFile } from '#test/support/case-file.ts';
import { type CaseRun, runCase } from '#test/support/case-run.ts';
import { type CaseServer, startCaseServer } from '#test/support/case-server.ts';

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

const runs: readonly CaseRun[] = dialects
  .flatMap((dialect) => casesOf(dialect.name).map((file) => ({ dialect, file })))
  .flatMap(({ file, ...rest }) => (file.profiles ?? [undefined]).map((profile) => ({ file, profile, ...rest })))
  .map((run, index) => ({ ...run, tenant: `case-${index}` }));

let server: CaseServer;

beforeAll(async () => {
  server = await startCaseServer(runs.filter(({ dialect }) => dialect.name !== 'scim').map(({ tenant }) => tenant));
});
afterAll(() => server.stop());

describe.each(dialects.map(({ name }) => name))('%s', (name) => {
  // Not `test.each`, which cuts long names. At once, since each case has a tenant of its own.
  for (const run of runs.filter(({ dialect }) => dialect.name === name)) {
    const { file, profile } = run;
    test.concurrent(profile === undefined ? file.why : `${file.why} (${profile})`, async () => {
      expect(await runCase(server, run)).toBe(file.steps.length);
    });
  }
});

test('every route of every dialect is asked in a case', () => {
  const sent = runs.flatMap(({ file }) => file.steps.map(({ send: [method, path] }) => `${method} ${path}`));
  const asked = (route: RegExp) => sent.some((request) => route.test(request));
  const unasked = dialects.flatMap(({ prefixes: [prefix], routes = [] }) =>
    routes
      .filter(({ method, path }) => !asked(requestOf(method, `${prefix}${path}`)))
      .map(({ method, path }) => ({ method, path })),
  );
  expect(unasked).toEqual([]);
});

test('every request of Okta and Entra in scope has a case', () => {
  const shown = new Set(runs.flatMap(({ file }) => file.shows));
  expect(inScope.filter((line) => !shown.has(line))).toEqual([]);
});

test('no two cases have the same name', () => {
  const names = [...new Set(runs.map(({ file }) => file))].map(({ why }) => why);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

/** What a request of a route looks like in a case. A parameter of digits is a number or a variable there. */
function requestOf(method: string, path: string): RegExp {
  const pattern = path.replaceAll(/:\w+\{[^}]*\}/g, '(\\d+|{\\w+})').replaceAll(/:\w+/g, '[^/?]+');
  return new RegExp(`^${method} ${pattern}(\\?.*)?$`);
}

/** The cases of a dialect. Names the file in what is wrong with it. */
function casesOf(dialect: string): readonly CaseFile[] {
  const folder = new URL(`${dialect}/cases/`, import.meta.url);
  if (!existsSync(folder)) return [];
  return readdirSync(folder).map((name) => {
    try {
      return readCaseFile(readFileSync(new URL(name, folder), 'utf8'), dialect);
    } catch (cause) {
      throw new Error(`${dialect}/cases/${name}: ${cause instanceof Error ? cause.message : cause}`, { cause });
    }
  });
}
