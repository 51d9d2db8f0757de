import { runCommand } from './commands/run-command.ts';
import { serve } from './serve.ts';

await runCommand(serve);
