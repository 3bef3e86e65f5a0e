import { Command } from 'commander';
import type { FlagValues } from '../../config.ts';
import type { Session } from '../session.ts';
import type { CommandFile } from './command.ts';
import { flagsOf } from './command.ts';

/** The commands in the order of the help, each with its file; those below another have two words. */
const COMMANDS: readonly (readonly [path: string, description: string, load?: () => Promise<CommandFile>])[] = [
  ['observe', 'look up observables and print Verdicts and Judgements', () => import('../commands/observe.ts')],
  ['deliberate', 'look up observables and print Verdicts', () => import('../commands/observe.ts')],
  ['health', 'check that the tracker is reachable', () => import('../commands/health.ts')],
  ['serve', 'run the HTTP relay for Cisco Threat Response / XDR', () => import('../commands/serve.ts')],
  ['module-type', 'print the JSON that registers a relay with Threat Response', () => import('../commands/module-type.ts')],
  ['snapshot', "manage the local copy of the tracker's list"],
  ['snapshot update', "download the tracker's list and install it", () => import('../commands/snapshot-update.ts')],
  ['snapshot import', 'install lists from files', () => import('../commands/snapshot-import.ts')],
  ['snapshot info', 'show date, origin and size of the installed snapshot', () => import('../commands/snapshot-info.ts')],
  ['snapshot diff', 'print the entries that differ between two snapshots', () => import('../commands/snapshot-diff.ts')],
  ['cache', 'manage the cache directory'],
  ['cache info', 'show path, size and age of the cache', () => import('../commands/cache-info.ts')],
  ['cache clear', 'delete all cached answers; other files stay', () => import('../commands/cache-clear.ts')],
  ['config', 'show every setting, its value and its source', () => import('../commands/config.ts')],
  ['config init', 'write a settings file with the values of today', () => import('../commands/config-init.ts')],
  ['completion', 'print the completion script for a shell', () => import('../commands/completion.ts')],
];

/** The program in a line. */
export const summary = 'Look up which IPs and URLs CyberCrime Tracker lists as malware command-and-control panels';

/** Every exit status and what it means, as `--help` and docs/errors.md list them. */
export const exitStatuses: readonly { readonly status: number; readonly meaning: string }[] = [
  { status: 0, meaning: 'every observable was answered or skipped' },
  { status: 1, meaning: 'a bug in cct' },
  { status: 2, meaning: 'usage, input or output error; of a directory or a stream, what could be read was looked up' },
  { status: 3, meaning: 'some observables failed; the other answers are printed' },
  { status: 4, meaning: 'all lookups failed, health is bad, no snapshot is installed, or the download failed' },
  { status: 5, meaning: 'nothing was found, or only types that cannot be looked up, and --fail-on-empty was given' },
  { status: 10, meaning: 'something is listed and --fail-on-listed was given; 3 and 4 take precedence' },
  { status: 129, meaning: 'terminal closed (SIGHUP), after printing the answers that were ready' },
  { status: 130, meaning: 'interrupted (SIGINT), after printing the answers that were ready' },
  { status: 141, meaning: 'output pipe closed (SIGPIPE)' },
  { status: 143, meaning: 'terminated (SIGTERM), after printing the answers that were ready' },
];

/** Command lines to begin with, as help and the man page show them. */
export const examplesText = `  $ cct observe observables.json --snapshot sample     try it without a network
  $ cct observe report.txt | jq .data.verdicts.docs     what is listed among the observables of a report
  $ cct deliberate --ip 192.0.2.1 --format table        one address, as a table
  $ cct snapshot update && cct observe --offline observables.json`;

const exitStatusText = exitStatuses.map(({ status, meaning }) => `  ${String(status).padStart(3)}  ${meaning}`).join('\n');

/** A command line as parsed: the flags that were given, and what to run. */
export interface Invocation {
  readonly flags: FlagValues;
  readonly endsWithSignal: boolean;
  readonly readsSettings: 'any' | 'named' | 'none';
  readonly run: (session: Session) => Promise<number>;
}

export interface ProgramOptions {
  readonly version: string;
  /** Receives what commander prints: help and version. Its errors are thrown. */
  readonly onHelp: (text: string) => void;
  readonly helpColumns: number;
  readonly onInvocation: (invocation: Invocation) => void;
  /** The command line: files of commands that it does not name are not loaded. Default: all are. */
  readonly args?: readonly string[];
}

/** The tree of commands. It runs none of them: an action calls `onInvocation`. */
export async function createProgram({ version, onHelp, helpColumns, onInvocation, args }: ProgramOptions): Promise<Command> {
  const program = new Command('cct')
    .description(`${summary}.`)
    .version(`cct ${version}`, '-V, --version', 'print name and version')
    .helpOption('-h, --help', 'print this help')
    .configureOutput({
      writeOut: onHelp,
      writeErr: () => undefined,
      getOutHelpWidth: () => helpColumns,
      getOutHasColors: () => false,
    })
    .exitOverride()
    .addHelpText('after', `\nExamples:\n${examplesText}`)
    .addHelpText('after', `\nExit status:\n${exitStatusText}`);
  const isNeeded = selectNeeded(args);
  for (const [path, description, load] of COMMANDS) {
    const [name = '', below] = path.split(' ');
    const parent = below === undefined ? program : program.commands.find((group) => group.name() === name);
    const command = (parent ?? program).command(below ?? name).description(description);
    if (load && isNeeded(name)) addAction(command, await load(), onInvocation);
  }
  return program;
}

/** Whether a command line needs a command. The help of the program and completions describe all of them. */
function selectNeeded(args: readonly string[] = []): (name: string) => boolean {
  const named = COMMANDS.map(([path]) => path).filter((path) => args.includes(path));
  return named.length === 0 || named.includes('completion') ? () => true : (name) => named.includes(name);
}

function addAction(
  command: Command,
  { declare, endsWithSignal = false, readsSettings = 'any' }: CommandFile,
  onInvocation: ProgramOptions['onInvocation'],
): void {
  const run = declare(command);
  command.action((...given: unknown[]) =>
    // commander passes the operands and options that `declare` added.
    onInvocation({
      // `config` and `config init` have the same flags, and commander gives them to the former.
      flags: { ...flagsOf(command.parent), ...flagsOf(command) },
      endsWithSignal,
      readsSettings,
      run: (session) => run(session, ...(given as never[])),
    }),
  );
}
