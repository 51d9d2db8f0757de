import { describe, expect, test } from 'vitest';
import { complaints, fileRules } from './file-rules.ts';
import { readFiles } from './repository.ts';

// The samples would themselves be found, hence the joints in them.
const samples: Readonly<Record<string, readonly (readonly [path: string, text: string])[]>> = {
  'at most 300 lines': [['src/long.ts', 'x\n'.repeat(301)]],
  'a name in kebab-case that says what is in the file': [
    ['src/domain/camelCase.ts', ''],
    ['src/domain/utils.ts', ''],
    ['src/http/index.ts', ''],
    ['test/store/Migrate.test.ts', ''],
  ],
  'no test that is skipped or alone': [
    ['test/a.test.ts', `test.${'only'}('x')`],
    ['test/a.test.ts', `describe.${'skip'}('x')`],
    ['test/a.test.ts', `x${'it'}('x')`],
  ],
  'no mocks of modules': [['test/a.test.ts', `vi.${'mock'}('#store/x.ts')`]],
  'no sleep in a test': [
    ['test/a.test.ts', `import { setTimeout } from 'node:${'timers/promises'}';`],
    ['test/a.test.ts', `await new ${'Promise'}((resolve) => setTimeout(resolve, 100));`],
  ],
  'no environment but in config.ts': [
    ['src/store/database.ts', 'const url = process.env.DATABASE_URL;'],
    ['src/http/server.ts', 'const { argv, env } = process;'],
    ['src/http/server.ts', "import { env } from 'node:process';"],
  ],
  'nothing left to do': [
    ['src/a.ts', `// ${'TO'}DO: later`],
    ['docs/a.md', `${'FIX'}ME`],
  ],
  'no classes but Fault': [['src/store/a.ts', 'export class UserRepository {}']],
  'no transaction in a migration, which is part of one': [['migrations/0009_x.sql', 'select 1;\nCOMMIT;\n']],
};

describe.each(fileRules)('$name', (rule) => {
  test('holds for every file', async () => {
    const files = await readFiles(
      ...['src/**/*.{ts,mjs}', 'test/**/*.ts', 'docs/**/*.md', '*.md', '*.js', 'migrations/*', '.ci/*'],
    );
    expect(files.length).toBeGreaterThan(30);
    expect(complaints(rule, files)).toEqual([]);
  });

  test('is seen to be broken in each of its samples', () => {
    const files = samples[rule.name]?.map(([path, text]) => ({ path, text })) ?? [];
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) expect(complaints(rule, [file]), file.text.slice(0, 80)).toHaveLength(1);
  });
});
