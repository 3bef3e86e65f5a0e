import type { Command } from 'commander';
import { CommanderError } from 'commander';
import { CctError, exitStatusByCode } from '../../core/errors.ts';
import type { Writer } from '../../files/writer.ts';
import type { Io } from '../io.ts';
import { print } from '../session.ts';
import { toHelpColumns } from './help.ts';
import type { Invocation } from './program.ts';
import { createProgram } from './program.ts';
import { commandPath, describeUnknownCommand } from './unknown-command.ts';

/** Returns the command to run, or the exit status after printing help or the version. Rejects with `usage`. */
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

/** Converts commander's error to one line; undefined if it only printed help or the version. */
function toUsageError(
  { code, exitCode, message }: CommanderError,
  program: Command,
  args: readonly string[],
): CctError | undefined {
  const { command, unknown } = findCommand(program, args);
  // commander would print help for an unknown name after `help` or before `--help`, and only count excess names.
  if (unknown !== undefined && (code.startsWith('commander.help') || code === 'commander.excessArguments')) {
    return new CctError('usage', describeUnknownCommand(command, unknown));
  }
  if (exitCode === 0 || code === 'commander.help') return undefined;
  if (code === 'commander.unknownCommand' && /[.:]/.test(unknown ?? '')) {
    return new CctError('usage', `unknown command '${unknown}'. To look it up: cct observe ${unknown}`);
  }
  const line = message.replace('error: ', '').replace('\n', ' ');
  return new CctError('usage', `${line}${line.endsWith('.') ? '' : '.'} Try: ${commandPath(command)} --help`);
}

interface Found {
  readonly command: Command;
  /** The first unknown name. */
  readonly unknown: string | undefined;
}

function findCommand(program: Command, args: readonly string[]): Found {
  const words = args.filter((arg) => arg !== 'help' && !arg.startsWith('-'));
  let command = program;
  for (const word of words) {
    const below = command.commands.find((candidate) => candidate.name() === word);
    if (!below) return { command, unknown: command.commands.length > 0 ? word : undefined };
    command = below;
  }
  return { command, unknown: undefined };
}
