import type { RepositoryFile } from './repository.ts';

/** A rule about the text of a file: to which files it applies, and what it finds wrong. */
export interface FileRule {
  readonly name: string;
  readonly appliesTo: RegExp;
  readonly except?: RegExp;
  readonly findFault: (file: RepositoryFile) => string | undefined;
}

const linesMax = 300;
const anyModule = /^(src|test)\/.*\.(ts|mjs)$/;

/** What every file obeys. Each rule is shown to catch its case in files.test.ts. */
export const fileRules: readonly FileRule[] = [
  {
    name: `at most ${linesMax} lines`,
    appliesTo: anyModule,
    findFault: ({ text }) => {
      const lines = text.trimEnd().split('\n').length;
      return lines > linesMax ? `${lines} lines` : undefined;
    },
  },
  {
    name: 'a name in kebab-case that says what is in the file',
    appliesTo: anyModule,
    except: /^src\/dialects\/index\.ts$/,
    findFault: ({ path }) => {
      const name = path.slice(path.lastIndexOf('/') + 1);
      const isKebab = /^[a-z0-9]+(-[a-z0-9]+)*(\.test)?\.(ts|mjs)$/.test(name);
      return isKebab && !/^(utils?|helpers?|misc|types|index)\.ts$/.test(name) ? undefined : name;
    },
  },
  find(
    'no test that is skipped or alone',
    /^test\//,
    /\.(only|skip|skipIf|runIf|todo|fails)\b|\b(xit|xtest|fit|xdescribe|fdescribe)\(/,
  ),
  find('no mocks of modules', /^test\//, /\bvi\.(mock|doMock)\(/),
  find('no sleep in a test', /\.test\.ts$/, /node:timers\/promises|new Promise\(\(\w+\) => setTimeout/),
  find(
    'no environment but in config.ts',
    /^src\//,
    /\bprocess\.env\b|\bprocess\[|\{[^}]*\benv\b[^}]*\} (= process\b|from 'node:process')/,
    /^src\/(config\.ts|launch\.mjs)$/,
  ),
  find('nothing left to do', /./, /\b(T[O]DO|F[I]XME|X[X]X|H[A]CK)\b/),
  find('no classes but Fault', /^src\//, /^\s*(export )?(default )?(abstract )?class (?!Fault\b)/m),
  find(
    'no transaction in a migration, which is part of one',
    /^migrations\//,
    /^\s*(commit|rollback|begin|start transaction)\b.*;/im,
  ),
];

/** The complaints of one rule about the files, each with the path. */
export function complaints(rule: FileRule, files: readonly RepositoryFile[]): readonly string[] {
  return files.flatMap((file) => {
    if (!rule.appliesTo.test(file.path) || rule.except?.test(file.path)) return [];
    const fault = rule.findFault(file);
    return fault === undefined ? [] : [`${file.path}: ${fault}`];
  });
}

/** A rule that names the first line on which a pattern is found. */
function find(name: string, appliesTo: RegExp, pattern: RegExp, except?: RegExp): FileRule {
  const findFault = ({ text }: RepositoryFile) => {
    const match = pattern.exec(text);
    return match === null ? undefined : `${match[0].trim()} on line ${text.slice(0, match.index).split('\n').length}`;
  };
  return { name, appliesTo, findFault, ...(except === undefined ? {} : { except }) };
}
