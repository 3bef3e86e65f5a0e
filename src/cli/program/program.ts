import { Argument, Command } from 'commander';
import type { FlagValues } from '../../config.ts';
import { CctError } from '../../core/errors.ts';
import type { Session } from '../session.ts';
import type { CommandFile, SettingsReading } from './command.ts';
import { flagsOf } from './command.ts';
import { addHelpAll, toHelpConfiguration } from './help.ts';
import { summary, TOPIC_NAMES } from './help-texts.ts';
import { commandPath, describeUnknownCommand } from './unknown-command.ts';

/** The commands in the order of the help, each with its file. Subcommands have two words. */
const COMMANDS: readonly (readonly [path: string, description: string, load?: () => Promise<CommandFile>])[] = [
  ['observe', 'look up values, files and logs: what is listed, and why. Start here', () => import('../commands/observe.ts')],
  ['deliberate', 'the same without the reasons: only what is listed', () => import('../commands/observe.ts')],
  ['health', 'check that the tracker is reachable', () => import('../commands/health.ts')],
  ['serve', 'run the HTTP relay for Cisco Threat Response / XDR', () => import('../commands/serve.ts')],
  ['module-type', 'print the JSON that registers a relay with Threat Response', () => import('../commands/module-type.ts')],
  ['snapshot', "manage the local copy of the tracker's list"],
  ['snapshot update', "download the tracker's list and install it", () => import('../commands/snapshot-update.ts')],
  ['snapshot import', 'install lists from files', () => import('../commands/snapshot-import.ts')],
  ['snapshot info', 'show date, origin and size of the installed snapshot', () => import('../commands/snapshot-info.ts')],
  ['snapshot diff', 'print the entries that differ between two snapshots', () => import('../commands/snapshot-diff.ts')],
  [
    'snapshot export',
    'write the list for firewalls, resolvers, sensors and SIEMs',
    () => import('../commands/snapshot-export.ts'),
  ],
  ['cache', 'manage the cache directory'],
  ['cache info', 'show path, size and age of the cache', () => import('../commands/cache-info.ts')],
  ['cache clear', 'delete all cached answers; other files stay', () => import('../commands/cache-clear.ts')],
  ['config', 'show every setting, its value and its source', () => import('../commands/config.ts')],
  ['config init', 'write a settings file with the current values', () => import('../commands/config-init.ts')],
  ['completion', 'print the completion script for a shell', () => import('../commands/completion.ts')],
];

/** A parsed command line: the given flags, and the command to run. */
export interface Invocation {
  readonly flags: FlagValues;
  readonly endsWithSignal: boolean;
  /** Flags that `resolveConfig` must not read. */
  readonly ownFlags: readonly string[];
  readonly readsSettings: SettingsReading;
  readonly run: (session: Session) => Promise<number>;
}

export interface ProgramOptions {
  readonly version: string;
  /** Receives help and version from commander. Its errors are thrown. */
  readonly onHelp: (text: string) => void;
  /** Receives the short help for a command line without a command. */
  readonly onShortHelp?: (text: string) => void;
  readonly helpColumns: number;
  /** Default 80. */
  readonly shortHelpColumns?: number;
  readonly onInvocation: (invocation: Invocation) => void;
  /** The command line. Only the files of commands that it names are loaded. Default: all are loaded. */
  readonly args?: readonly string[];
}

/** Creates the tree of commands. It runs none of them: an action calls `onInvocation`. */
export async function createProgram({
  version,
  onHelp,
  onShortHelp = () => undefined,
  helpColumns,
  shortHelpColumns = 80,
  onInvocation,
  args,
}: ProgramOptions): Promise<Command> {
  const showsAll = new Set<Command>();
  const program = new Command('cct')
    .description(`${summary}.`)
    .version(`cct ${version}`, '-V, --version', 'print name and version')
    .helpOption('-h, --help', 'print this help')
    .configureOutput({
      writeOut: onHelp,
      writeErr: onShortHelp,
      outputError: () => undefined,
      getOutHelpWidth: () => helpColumns,
      getErrHelpWidth: () => shortHelpColumns,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .configureHelp(toHelpConfiguration(showsAll))
    .exitOverride()
    .addHelpText('afterAll', ({ command, error }) => toLastLine(command, error));
  const isNeeded = selectNeeded(args);
  for (const [path, description, load] of COMMANDS) {
    const [name = '', below] = path.split(' ');
    const parent = below === undefined ? program : program.commands.find((group) => group.name() === name);
    const command = (parent ?? program).command(below ?? name).description(description);
    if (!load || !isNeeded(name)) continue;
    addAction(command, await load(), onInvocation);
    addHelpAll(command, showsAll);
  }
  addHelpCommand(program, helpColumns, onHelp);
  return program;
}

function toLastLine(command: Command, isShort: boolean): string {
  if (isShort) return `\nMore: ${commandPath(command)} --help`;
  return command.parent ? '' : `\nTopics: cct help ${TOPIC_NAMES.join(', ')}`;
}

/** `cct help`, for commands and topics. */
function addHelpCommand(program: Command, helpColumns: number, onHelp: ProgramOptions['onHelp']): void {
  const argument = new Argument('[command|topic...]', 'a command, or a topic');
  // Only for completions: the action reports unknown words.
  argument.argChoices = [...TOPIC_NAMES];
  program
    .command('help')
    .description(`print help on a command, or on ${TOPIC_NAMES.join(', ')}`)
    .addArgument(argument)
    .action(async (words: readonly string[]) => {
      const topic = TOPIC_NAMES.find((name) => words[0] === name);
      if (topic && words.length > 1) throw new CctError('usage', `${topic} is a topic: use cct help ${topic}`);
      if (topic) {
        onHelp((await import('./topics.ts')).toTopic(topic, helpColumns));
        return;
      }
      findNamed(program, words).outputHelp();
    });
}

/** Finds the command that the words name. Throws `usage` with the nearest name if it does not exist. */
function findNamed(program: Command, words: readonly string[]): Command {
  let command = program;
  for (const word of words) {
    const names = command.commands.map((below) => below.name());
    const below = command.commands.find((candidate) => candidate.name() === word);
    const options = command === program ? { what: 'command or topic', names: [...names, ...TOPIC_NAMES] } : { names };
    if (!below) throw new CctError('usage', describeUnknownCommand(command, word, options));
    command = below;
  }
  return command;
}

/** Whether a command line needs the file of a command. The program's help and completions need all. */
function selectNeeded(args: readonly string[] = []): (name: string) => boolean {
  const named = COMMANDS.map(([path]) => path).filter((path) => args.includes(path));
  return named.length === 0 || named.includes('completion') ? () => true : (name) => named.includes(name);
}

function addAction(
  command: Command,
  { declare, endsWithSignal = false, ownFlags = [], readsSettings = 'any' }: CommandFile,
  onInvocation: ProgramOptions['onInvocation'],
): void {
  const run = declare(command);
  command.action((...given: unknown[]) =>
    // commander passes the operands and options that `declare` added.
    onInvocation({
      // `config` and `config init` have the same flags, and commander assigns them to `config`.
      flags: { ...flagsOf(command.parent), ...flagsOf(command) },
      endsWithSignal,
      ownFlags,
      readsSettings,
      run: (session) => run(session, ...(given as never[])),
    }),
  );
}
