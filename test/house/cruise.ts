import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { root } from './repository.ts';

const program = path.join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');

/** What dependency-cruiser saw below src and test, and which of our rules it found broken where. */
export interface Cruise {
  readonly modules: readonly string[];
  readonly violations: readonly { readonly from: string; readonly to: string; readonly rule: string }[];
}

interface Output {
  readonly modules: readonly { readonly source: string }[];
  readonly summary: {
    readonly violations: readonly {
      readonly from: string;
      readonly to: string;
      readonly rule: { readonly name: string };
    }[];
  };
}

/** Runs dependency-cruiser with our rules on a folder that has src and test, by default the repository. */
export async function cruise(folder: string = root): Promise<Cruise> {
  const config = path.join(root, 'dependency-cruiser.js');
  const flags = [program, '--config', config, '--output-type', 'json', 'src', 'test'];
  const { stdout } = await promisify(execFile)(process.execPath, flags, { cwd: folder, maxBuffer: 64_000_000 });
  const { modules, summary } = JSON.parse(stdout) as Output;
  return {
    modules: modules.map((module) => module.source).filter((source) => /^(src|test)\//.test(source)),
    violations: summary.violations.map(({ from, to, rule }) => ({ from, to, rule: rule.name })),
  };
}
