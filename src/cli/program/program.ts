import { Command, Option } from 'commander';
import {
  cacheSettings,
  inputSettings,
  outputSettings,
  resolveServeConfig,
  serveSettings,
  talkSettings,
  trackerSettings,
} from '../../config.ts';
import type { Observable } from '../../core/observable.ts';
import { addCacheCommands } from './cache-commands.ts';
import { addSettings, flagsOf } from './command-settings.ts';
import { addCompletionCommand } from './completion-command.ts';
import { addConfigCommand } from './config-command.ts';
import { addHealthCommand } from './health-command.ts';
import { exitStatuses } from './exit-statuses.ts';
import type { ModuleTypeOptions } from '../../wiring/module-type.ts';
import type { OnInvocation } from './invocation.ts';
import { addSnapshotCommands } from './snapshot-commands.ts';

export interface ProgramOptions {
  readonly version: string;
  /** Takes what commander prints: help and version. Its errors are thrown. */
  readonly onHelp: (text: string) => void;
  readonly helpColumns: number;
  readonly onInvocation: OnInvocation;
}

/** Command lines to begin with, as help and the man page show them. */
export const examplesText = `  $ cct observe observables.json --snapshot sample     try it without a network
  $ cct observe report.txt | jq .data.verdicts.docs     what is listed among the observables of a report
  $ cct deliberate --ip 192.0.2.1 --format table        one address, as a table
  $ cct snapshot update && cct observe --offline observables.json`;

const EXIT_STATUSES = `\nExit status:\n${exitStatuses.map(({ status, meaning }) => `  ${String(status).padStart(3)}  ${meaning}`).join('\n')}`;

/** The tree of commands. Nothing is read or asked here: what is to be done is handed to `onInvocation`. */
export function createProgram({ version, onHelp, helpColumns, onInvocation }: ProgramOptions): Command {
  const program = new Command('cct')
    .description('Look up which IPs and URLs CyberCrime Tracker lists as malware command-and-control panels.')
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
    .addHelpText('after', EXIT_STATUSES);

  addEnrichCommand(program, 'observe', 'look up observables and print Verdicts and Judgements', onInvocation);
  addEnrichCommand(program, 'deliberate', 'look up observables and print Verdicts', onInvocation);

  addHealthCommand(program, onInvocation);
  addServeCommand(program, onInvocation);
  addModuleTypeCommand(program, onInvocation);
  addSnapshotCommands(program, onInvocation);
  addCacheCommands(program, onInvocation);
  addConfigCommand(program, onInvocation);
  addCompletionCommand(program, onInvocation);
  return program;
}

function addEnrichCommand(program: Command, mode: 'observe' | 'deliberate', what: string, onInvocation: OnInvocation): void {
  // commander collects each option apart; the order across --ip and --url is kept here.
  const given: Observable[] = [];
  const collect = (type: string) => (value: string) => {
    given.push({ type, value });
    return value;
  };
  const command = program
    .command(mode)
    .description(what)
    .argument('[file...]', 'files with observables, or - for stdin (default: stdin)')
    .addOption(new Option('--ip <address>', 'IPv4 address to look up; repeatable').argParser(collect('ip')).helpGroup('Input:'))
    .addOption(new Option('--url <url>', 'URL to look up; repeatable').argParser(collect('url')).helpGroup('Input:'));
  addSettings(command, {
    Input: inputSettings,
    Output: outputSettings,
    Tracker: trackerSettings,
    Cache: cacheSettings,
    'Output verbosity': talkSettings,
  });
  command.action((files: string[]) => {
    onInvocation({
      flags: flagsOf(command),
      run: async (session) => (await import('../commands/enrich.ts')).runEnrich(session, mode, files, given),
    });
  });
}

function addServeCommand(program: Command, onInvocation: OnInvocation): void {
  const { cacheTtlMs, noCache, refresh, cacheUrl } = cacheSettings;
  const serve = program.command('serve').description('run the HTTP relay for Cisco Threat Response / XDR');
  addSettings(serve, {
    Server: serveSettings,
    Tracker: { includePrivate: inputSettings.includePrivate, exclude: inputSettings.exclude, ...trackerSettings },
    Cache: { cacheTtlMs, noCache, refresh, cacheUrl },
    'Output verbosity': talkSettings,
  });
  serve.action(() => {
    const flags = flagsOf(serve);
    onInvocation({
      flags,
      endsWithSignal: true,
      run: async (session) => (await import('../commands/serve.ts')).runServe(session, resolveServeConfig(flags, session.io.env)),
    });
  });
}

// With the mode that a secret needs.
const MODULE_TYPE_OUTPUT = { help: 'write atomically to a file that only its owner can read (default: stdout)' } as const;

function addModuleTypeCommand(program: Command, onInvocation: OnInvocation): void {
  const command = program
    .command('module-type')
    .description('print the JSON that registers a relay with Threat Response')
    .requiredOption('--url <url>', 'https URL at which the platform reaches the relay')
    .addOption(
      new Option('--auth <mode>', 'how the platform authenticates to the relay')
        .choices(['none', 'bearer', 'hs256', 'rs256'])
        .default('hs256'),
    )
    .option('--audience <text>', 'audience of the tokens (default: the origin of the URL)')
    .option('--jwks-host <host>', 'rs256: host whose keys sign the tokens')
    .option('--jwt-secret-file <file>', 'hs256: insert the secret from this file; needs --output');
  addSettings(command, {
    Output: { output: { ...outputSettings.output, ...MODULE_TYPE_OUTPUT } },
    'Output verbosity': talkSettings,
  });
  command.action((options: ModuleTypeOptions) => {
    onInvocation({
      flags: flagsOf(command),
      run: async (session) => (await import('../commands/module-type.ts')).runModuleType(session, options),
    });
  });
}
