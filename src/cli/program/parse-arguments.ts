import type { Command } from 'commander';
import { CommanderError } from 'commander';
import { CctError } from '../../core/errors.ts';
import type { Writer } from '../../files/writer.ts';
import type { Io } from '../io.ts';
import { print } from '../session.ts';
import type { Invocation } from './program.ts';
import { createProgram } from './program.ts';

const HELP_COLUMNS = 100;

/** Returns what to run, or the exit status after printing only help or the version. Rejects with `usage`. */
export async function parseArguments(
  { args, stdout: { columns = HELP_COLUMNS } }: Pick<Io, 'args' | 'stdout'>,
  { version, stdout }: { readonly version: string; readonly stdout: Writer },
): Promise<Invocation | number> {
  const invocations: Invocation[] = [];
  let help = '';
  const program = await createProgram({
    version,
    onHelp: (text) => (help += text),
    helpColumns: columns,
    onInvocation: (invocation) => invocations.push(invocation),
    args,
  });
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown;
    const error = toUsageError(thrown, program, args);
    if (error) throw error;
  }
  // Without an invocation, commander printed help or the version.
  return invocations[0] ?? print({ stdout }, help);
}

/** commander's error on one line; undefined where it ended with help or the version. */
function toUsageError(
  { code, exitCode, message }: CommanderError,
  program: Command,
  args: readonly string[],
): CctError | undefined {
  const { command, names, unknown } = findCommand(program, args);
  const hint = `Try: ${[...names, '--help'].join(' ')}`;
  // commander would print help for an unknown name after `help`.
  if (code.startsWith('commander.help') && args.includes('help') && unknown !== undefined) {
    return new CctError('usage', `unknown command '${unknown}'. ${hint}`);
  }
  if (exitCode === 0) return undefined;
  if (code === 'commander.help') {
    const choices = command.commands.map((below) => below.name()).join(', ');
    return new CctError('usage', `no command given; expected one of ${choices}. ${hint}`);
  }
  const line = message.replace('error: ', '').replace('\n', ' ');
  return new CctError('usage', `${line}${line.endsWith('.') ? '' : '.'} ${hint}`);
}

interface Found {
  readonly command: Command;
  /** The program first: `cct`, `snapshot`, `import`. */
  readonly names: readonly string[];
  /** The first name that is none of the command's. */
  readonly unknown: string | undefined;
}

function findCommand(program: Command, args: readonly string[]): Found {
  const words = args.filter((arg) => arg !== 'help' && !arg.startsWith('-'));
  const names = [program.name()];
  let command = program;
  for (const word of words) {
    const below = command.commands.find((candidate) => candidate.name() === word);
    if (!below) return { command, names, unknown: command.commands.length > 0 ? word : undefined };
    names.push(word);
    command = below;
  }
  return { command, names, unknown: undefined };
}
