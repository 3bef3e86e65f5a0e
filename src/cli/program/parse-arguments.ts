import type { Command } from 'commander';
import { CommanderError } from 'commander';
import { CctError, exitStatusByCode } from '../../core/errors.ts';
import { findNearest } from '../../core/nearest.ts';
import type { Writer } from '../../files/writer.ts';
import type { Io } from '../io.ts';
import { print } from '../session.ts';
import { toHelpColumns } from './help.ts';
import type { Invocation } from './program.ts';
import { createProgram } from './program.ts';

/** Returns what to run, or the exit status after printing only help or the version. Rejects with `usage`. */
export async function parseArguments(
  { args, ...streams }: Pick<Io, 'args' | 'stdout' | 'stderr'>,
  { version, stdout, stderr }: { readonly version: string; readonly stdout: Writer; readonly stderr: Writer },
): Promise<Invocation | number> {
  const invocations: Invocation[] = [];
  let help = '';
  let shortHelp = '';
  const program = await createProgram({
    version,
    onHelp: (text) => (help += text),
    onShortHelp: (text) => (shortHelp += text),
    helpColumns: toHelpColumns(streams.stdout.columns),
    shortHelpColumns: toHelpColumns(streams.stderr.columns),
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
  if (shortHelp !== '') {
    await stderr.write(shortHelp);
    return exitStatusByCode.usage;
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
  // commander would print help for an unknown name after `help`, and before `--help`.
  if (code.startsWith('commander.help') && unknown !== undefined) {
    return new CctError('usage', `unknown command '${unknown}'${toGuess(unknown, command)}. ${hint}`);
  }
  if (exitCode === 0 || code === 'commander.help') return undefined;
  // It would only count them.
  if (code === 'commander.excessArguments' && unknown !== undefined) {
    return new CctError('usage', `unknown command '${unknown}'${toGuess(unknown, command)}. ${hint}`);
  }
  if (code === 'commander.unknownCommand' && /[.:]/.test(unknown ?? '')) {
    return new CctError('usage', `unknown command '${unknown}'. To look it up: cct observe ${unknown}`);
  }
  const line = message.replace('error: ', '').replace('\n', ' ');
  return new CctError('usage', `${line}${line.endsWith('.') ? '' : '.'} ${hint}`);
}

function toGuess(unknown: string, command: Command): string {
  const nearest = findNearest(
    unknown,
    command.commands.map((below) => below.name()),
  );
  return nearest === undefined ? '' : ` (Did you mean ${nearest}?)`;
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
