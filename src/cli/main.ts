import { setMaxListeners } from 'node:events';
import type { Command } from 'commander';
import { CommanderError } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import type { Config } from '../config.ts';
import { resolveConfig } from '../config.ts';
import { CctError, exitStatusByCode, toCctError } from '../core/errors.ts';
import type { Invocation } from './program/invocation.ts';
import type { Io, StopSignal } from './io.ts';
import { hasColour, openColours } from './output/colour.ts';
import { createWriter } from '../files/writer.ts';
import type { Writer } from '../files/writer.ts';
import { createProgram } from './program/program.ts';
import type { Session } from './session.ts';
import { CLOSED_PIPE_STATUS } from './session.ts';
import type { Talk } from './talk.ts';
import { createTalk } from './talk.ts';

const STATUS_BY_SIGNAL: Record<StopSignal, number> = { SIGINT: 130, SIGTERM: 143 };
const HELP_COLUMNS = 100;

/**
 * Runs one command line and resolves to its exit status (docs/errors.md lists them). The only place that catches: an expected failure is
 * one line on stderr, anything else a bug, told with its stack.
 */
export async function main(io: Io): Promise<number> {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  let stoppedBy: StopSignal | undefined;
  io.onStopSignal((signal) => {
    stoppedBy ??= signal;
    controller.abort(new CctError('interrupted', 'Interrupted before it was answered'));
  });
  const onClosed = () => controller.abort(new CctError('interrupted', 'The output pipe was closed'));
  const stdout = createWriter(io.stdout, 'stdout', onClosed);
  const stderr = createWriter(io.stderr, 'stderr', () => undefined);

  // Settings may be what is wrong, so errors can be told before there are any.
  let talk = await openTalk(io, stderr, { quiet: false, verbose: false, debug: false, noColor: io.args.includes('--no-color') });
  try {
    const invocation = await parseArguments(io, stdout);
    if (typeof invocation === 'number') return invocation;
    const { config, origins, givenBy } = resolveConfig(invocation.flags, io.env);
    talk = await openTalk(io, stderr, config);
    const wishes = { env: io.env, noColor: config.noColor };
    const colour = { stdout: hasColour(io.stdout, wishes), stderr: hasColour(io.stderr, wishes) };
    const session: Session = {
      io,
      config,
      origins,
      givenBy,
      stdout,
      talk,
      signal: controller.signal,
      version: packageJson.version,
      colour,
    };
    const status = await invocation.run(session);
    return stoppedBy === undefined || invocation.endsWithSignal === true ? status : STATUS_BY_SIGNAL[stoppedBy];
  } catch (thrown) {
    return tellError(toCctError(thrown), talk, stoppedBy);
  } finally {
    await talk.flushed();
  }
}

async function openTalk(io: Io, stderr: Writer, config: Pick<Config, 'quiet' | 'verbose' | 'debug' | 'noColor'>): Promise<Talk> {
  const colours = await openColours(hasColour(io.stderr, { env: io.env, noColor: config.noColor }));
  return createTalk({ stderr, colours, isQuiet: config.quiet, isVerbose: config.verbose, isDebugging: config.debug });
}

function tellError(error: CctError, talk: Talk, stoppedBy: StopSignal | undefined): number {
  talk.problem(error.message);
  talk.causes(error);
  return stoppedBy === undefined ? exitStatusByCode[error.code] : STATUS_BY_SIGNAL[stoppedBy];
}

/** What to run, or the exit status when help or the version was all that was asked for. */
async function parseArguments(io: Io, stdout: Writer): Promise<Invocation | number> {
  const invocations: Invocation[] = [];
  let help = '';
  const program = createProgram({
    version: packageJson.version,
    onHelp: (text) => (help += text),
    helpColumns: io.stdout.columns ?? HELP_COLUMNS,
    onInvocation: (invocation) => invocations.push(invocation),
  });
  try {
    await program.parseAsync(io.args, { from: 'user' });
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown;
    const unknown = findUnknownHelp(program, io.args);
    if (unknown) throw unknown;
    if (thrown.exitCode === 0) return (await stdout.write(help)) ? 0 : CLOSED_PIPE_STATUS;
    throw toUsageError(thrown, commandsOf(program, io.args));
  }
  const [invocation] = invocations;
  if (invocation) return invocation;
  throw new CctError('usage', 'no command given. Try: cct --help');
}

/** The commands that the arguments name, the program first: `cct`, `snapshot`, `import`. */
function commandsOf(program: Command, args: readonly string[]): Command[] {
  const named = [program];
  for (const arg of args) {
    const command = named.at(-1)?.commands.find((candidate) => candidate.name() === arg);
    if (command) named.push(command);
  }
  return named;
}

/** For `cct help NAME` and `cct snapshot help NAME`, which commander answers with no word about a name that it does not have. */
function findUnknownHelp(program: Command, args: readonly string[]): CctError | undefined {
  const at = args.indexOf('help');
  const named = commandsOf(program, args.slice(0, at));
  if (at < 0 || named.length !== at + 1) return undefined;
  let parent = named.at(-1);
  for (const name of args.slice(at + 1)) {
    const command = parent?.commands.find((candidate) => candidate.name() === name);
    if (!command && !/^(?:help$|-)/.test(name) && parent && parent.commands.length > 0) {
      return new CctError('usage', `unknown command '${name}'. Try: ${[...namesAbove(parent), '--help'].join(' ')}`);
    }
    parent = command;
  }
  return undefined;
}

/** The names of a command and those above it: `cct`, `snapshot`. */
function namesAbove(command: Command): string[] {
  return [...(command.parent ? namesAbove(command.parent) : []), command.name()];
}

/** commander's words in our one line: its suggestions stand on lines of their own. */
function toUsageError({ code, message }: CommanderError, named: readonly Command[]): CctError {
  const names = named.map((command) => command.name());
  const where = [...names, '--help'].join(' ');
  if (code === 'commander.help') {
    const choices = named.at(-1)?.commands.map((command) => command.name()) ?? [];
    return new CctError('usage', `no command given; expected one of ${choices.join(', ')}. Try: ${where}`);
  }
  const line = message
    .replace(/^error: /, '')
    .replace(/\s*\n\s*/g, ' ')
    .replace(/\.$/, '');
  return new CctError('usage', `${line}. Try: ${where}`);
}
