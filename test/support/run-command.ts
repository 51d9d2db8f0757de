import { vi } from 'vitest';
import { runCommand } from '#commands/run-command.ts';

/** What a command said, and the exit code that its process would have. */
export interface CommandEnd {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command of the command line in this process, with settings of its own: a tenth of what a process costs. */
export async function command(
  words: readonly string[],
  settings: Readonly<Record<string, string>> = {},
): Promise<CommandEnd> {
  const said = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      said[name] += text;
      return true;
    }),
  );
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
  process.exitCode = undefined;
  try {
    await runCommand(async () => undefined, words);
    return { code: Number(process.exitCode ?? 0), ...said };
  } finally {
    process.exitCode = undefined;
    vi.unstubAllEnvs();
    for (const spy of spies) spy.mockRestore();
  }
}
