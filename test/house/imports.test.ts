import { expect, test } from 'vitest';
import { makeFolder } from '#test/support/make-folder.ts';
import { cruise } from './cruise.ts';
import { readModules } from './repository.ts';

/** Imports that the table forbids, and by which rule. The file is the importer, with the line in it. */
const forbidden: readonly (readonly [file: string, line: string, rule: string])[] = [
  ['src/attributes/a.ts', "import '#domain/thing.ts';", 'attributes-imports'],
  ['src/http/a.ts', "import '#domain/thing.ts';", 'http-imports'],
  ['src/http/b.ts', "import '#config.ts';", 'http-imports'],
  ['src/postgres/a.ts', "import '#http/thing.ts';", 'postgres-imports'],
  ['src/domain/a.ts', "import '../store/thing.ts';", 'domain-imports'],
  ['src/domain/b.ts', "import type { Thing } from '#store/thing.ts';\nexport type { Thing };", 'domain-imports'],
  ['src/domain/c.ts', "import { type Thing } from '#store/thing.ts';\nexport type { Thing };", 'domain-imports'],
  ['src/domain/d.ts', "export { thing } from '#store/thing.ts';", 'domain-imports'],
  ['src/domain/e.ts', "export const load = () => import('#store/thing.ts');", 'domain-imports'],
  ['src/domain/f.ts', "import '#app.ts';", 'domain-imports'],
  ['src/store/a.ts', "import '#operations/thing.ts';", 'store-imports'],
  ['src/journal/a.ts', "import '#access/thing.ts';", 'journal-imports'],
  ['src/access/a.ts', "import '#operations/thing.ts';", 'access-imports'],
  ['src/operations/a.ts', "import '#dialects/scim/thing.ts';", 'operations-imports'],
  ['src/operations/b.ts', "import '#http/thing.ts';", 'operations-imports'],
  ['src/workers/a.ts', "import '#access/thing.ts';", 'workers-imports'],
  ['src/dialects/scim/a.ts', "import '#store/thing.ts';", 'dialects-imports'],
  ['src/dialects/scim/b.ts', "import '#dialects/metabase/thing.ts';", 'no-dialect-imports-another'],
  ['src/admin/a.ts', "import '#dialects/scim/thing.ts';", 'admin-imports'],
  ['src/console/a.ts', "import '#dialects/index.ts';", 'console-imports'],
  ['src/commands/a.ts', "import '#console/thing.ts';", 'commands-imports'],
  ['src/config.ts', "import '#domain/thing.ts';", 'config.ts-imports'],
  ['src/app.ts', "import '#utils/thing.ts';", 'no-other-folder'],
  ['src/operations/c.ts', "import 'pg';", 'package-pg'],
  ['src/operations/d.ts', "import 'kysely';", 'package-kysely'],
  ['src/store/b.ts', "import 'hono';", 'package-hono'],
  ['src/dialects/scim/c.ts', "import 'scim2-parse-filter';", 'package-scim2-parse-filter'],
  ['src/http/c.ts', "import 'left-pad';", 'no-other-package'],
  ['src/domain/g.ts', "import 'nowhere-to-be-found';", 'no-unresolved'],
  ['src/domain/h.ts', "import '#test/thing.ts';", 'no-tests-in-source'],
  ['src/domain/ring-a.ts', "import './ring-b.ts';", 'no-cycles'],
];

/** Imports that are as they should be, so that the rules do not refuse everything. */
const allowed: readonly (readonly [file: string, line: string])[] = [
  ['src/domain/z.ts', "import '#attributes/thing.ts';"],
  ['src/domain/ring-b.ts', "import './ring-a.ts';"], // the other half of a cycle, which is told once
  ['src/store/z.ts', "import 'pg';\nimport 'kysely';\nimport '#domain/thing.ts';"],
  ['src/dialects/scim/filter-library.ts', "import 'scim2-parse-filter';"],
  ['src/dialects/scim/z.ts', "import 'hono';\nimport './thing.ts';\nimport '../dialect.ts';"],
  ['src/admin/z.ts', "import '#dialects/index.ts';"],
  ['src/main.ts', "import '#app.ts';\nimport '#config.ts';\nimport '#http/thing.ts';"],
  ['test/z.ts', "import 'left-pad';\nimport '#store/thing.ts';"],
];

const folders = [
  ...['attributes', 'http', 'postgres', 'domain', 'store', 'journal', 'access', 'operations', 'workers'],
  ...['dialects/scim', 'dialects/metabase', 'admin', 'console', 'commands', 'utils'],
];
const packages = ['hono', 'pg', 'kysely', 'scim2-parse-filter', 'left-pad'];

/** Makes a small repository in which somebody has imported all that is forbidden. */
function makeBadRepository(): Promise<string> {
  const thing = 'export const thing = 1;\nexport type Thing = number;\n';
  const files: [path: string, text: string][] = [
    ['package.json', JSON.stringify({ type: 'module', imports: { '#test/*': './test/*', '#*': './src/*' } })],
    ['src/dialects/index.ts', thing],
    ['src/dialects/dialect.ts', thing],
    ['test/thing.ts', thing],
  ];
  for (const folder of folders) files.push([`src/${folder}/thing.ts`, thing]);
  for (const name of packages) {
    files.push([`node_modules/${name}/package.json`, JSON.stringify({ name, exports: './index.js' })]);
    files.push([`node_modules/${name}/index.js`, 'export default 1;']);
  }
  for (const [file, line] of [...forbidden, ...allowed]) files.push([file, line]);
  return makeFolder(Object.fromEntries(files));
}

test('every module obeys the table of who may import whom, and every module was seen', async () => {
  const { modules, violations } = await cruise();
  expect([...modules].sort()).toEqual((await readModules()).map((file) => file.path));
  expect(modules.length).toBeGreaterThan(30);
  expect(violations).toEqual([]);
});

test('each forbidden import is caught by its rule, and no allowed one is', async () => {
  const { violations } = await cruise(await makeBadRepository());
  const found = violations.map(({ from, rule }) => `${from} ${rule}`);
  expect(found.sort()).toEqual(forbidden.map(([file, , rule]) => `${file} ${rule}`).sort());
});
