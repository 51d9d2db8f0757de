import { CommanderError } from 'commander';
import { buildProgram, type Serve } from './program.ts';
import { sentenceOf } from './sentence.ts';

const usageExitCode = 2;

/**
 * Runs the command that the words name, those of the process when absent. What goes wrong is told in one sentence and by the
 * exit code of the process: 1, or 2 for words that nobody understands.
 */
export async function runCommand(serve: Serve, words?: readonly string[]): Promise<void> {
  try {
    await buildProgram(serve).parseAsync(words ?? process.argv.slice(2), { from: 'user' });
  } catch (error) {
    process.exitCode = exitCodeOf(error);
  }
}

/** Commander has said itself what is wrong with the words of a command; help is not an error. */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : usageExitCode;
  process.stderr.write(`${sentenceOf(error)}\n`);
  return 1;
}
