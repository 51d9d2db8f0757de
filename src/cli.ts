import { CommanderError } from 'commander';
import { buildProgram } from './commands/program.ts';
import { sentenceOf } from './commands/sentence.ts';
import { serve } from './serve.ts';

const usageExitCode = 2;

try {
  await buildProgram(serve).parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}

/** Commander has said itself what is wrong with the words of a command; help is not an error. */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : usageExitCode;
  process.stderr.write(`${sentenceOf(error)}\n`);
  return 1;
}
