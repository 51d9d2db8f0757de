import { expect, test } from 'vitest';
import { type RepositoryFile, readFiles } from './repository.ts';

interface Way {
  readonly pattern: RegExp;
  /** The files of src that may. */
  readonly files: readonly string[];
}

/** Ways out of the process, and who may take them. Not one of them takes an address or a program from a client. */
const ways: Readonly<Record<string, Way>> = {
  'asks another server': {
    pattern:
      /(?<![.\w])fetch\(|createRemoteJWKSet|WebSocket|EventSource|'node:(?:https|http2|tls|dns|dgram)|\b(?:http|net)\.(?:request|get|connect)\(|import \{[^}]*\b(?:request|get|connect|createConnection)\b[^}]*\} from 'node:(?:http|net)'/,
    // All but the first call the application itself, whose entry has this name.
    files: ['src/access/verify-entra-token.ts', 'src/http/routed-path.ts', 'src/http/server.ts'],
  },
  'sends mail': { pattern: /createTransport/, files: ['src/workers/send-mail.ts'] },
  'starts a program': {
    pattern: /'node:(?:child_process|cluster|worker_threads)'/,
    files: [
      'src/launch.mjs',
      'src/postgres/binaries.ts',
      'src/postgres/cluster.ts',
      'src/postgres/initialise.ts',
      'src/postgres/postmaster.ts',
    ],
  },
  'makes code of text': {
    pattern: /\beval\(|new Function\b|'node:vm'|\bimport\((?!['"])/,
    files: ['src/launch.mjs'],
  },
};

function filesWith(pattern: RegExp, files: readonly RepositoryFile[]): readonly string[] {
  return files.filter(({ text }) => pattern.test(text)).map(({ path }) => path);
}

test.each(Object.entries(ways))(
  'S-17, T-35: nothing in the program %s but the files that are known',
  async (_what, { pattern, files }) => {
    expect(filesWith(pattern, await readFiles('src/**/*.{ts,mjs}'))).toEqual([...files].sort());
  },
);

test.each([
  ['asks another server', 'const answer = await fetch(user.photo);'],
  ['asks another server', "import { request } from 'node:http';"],
  ['asks another server', "import { lookup } from 'node:dns/promises';"],
  ['asks another server', 'net.connect(80, host)'],
  ['starts a program', "import { exec } from 'node:child_process';"],
  ['makes code of text', 'const rule = new Function(text);'],
  ['makes code of text', 'await import(name);'],
])('a file that %s by %s would be found', (what, text) => {
  expect(filesWith(ways[what]?.pattern ?? /$^/, [{ path: 'src/new.ts', text }])).toEqual(['src/new.ts']);
});
