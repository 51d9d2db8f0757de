import type { Command } from 'commander';
import { code, markdownTable, pageHead, section } from './markdown.ts';
import { buildProgram } from './program.ts';

/** The page of the command line. */
export function commandsPage(): string {
  const program = buildProgram(async () => undefined);
  const about = [
    'The command line works beside a running server and without one: with `DATABASE_URL` on that database, else on the one',
    'in `MUSTER_DATA`. The result is on standard output and nothing else is. The exit code is 0 when it worked, 1 when it did',
    'not, which one sentence on standard error explains, and 2 when the words of the command cannot be read.',
  ].join(' ');
  return [pageHead('Commands', about), ...leavesOf(program).map(describe)].join('');
}

/** Every verb there is, without the nouns above them. */
export function leavesOf(command: Command): readonly Command[] {
  return command.commands.length === 0 ? [command] : command.commands.flatMap(leavesOf);
}

function describe(command: Command): string {
  const help = command.createHelp();
  const words = [
    ...command.registeredArguments.map((argument) => [code(`<${argument.name()}>`), argument.description, '']),
    ...command.options.map((option) => [code(option.flags), option.description, defaultOf(option.defaultValue)]),
  ];
  const table = words.length === 0 ? [] : [markdownTable(['Word', 'Meaning', 'Default'], words)];
  return section(verbOf(command), `\`\`\`sh\n${help.commandUsage(command)}\n\`\`\``, command.description(), ...table);
}

function verbOf(command: Command): string {
  const noun = command.parent?.parent ? `${command.parent.name()} ` : '';
  return noun + command.name();
}

function defaultOf(value: unknown): string {
  return value === undefined ? '' : code(String(value));
}
