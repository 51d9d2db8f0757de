import { sentenceOf } from './commands/sentence.ts';
import { readConfig } from './config.ts';
import { serve } from './serve.ts';

try {
  await serve(readConfig());
} catch (error) {
  process.stderr.write(`${sentenceOf(error)}\n`);
  process.exit(1);
}
