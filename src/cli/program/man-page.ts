import type { Command, Option } from 'commander';
import packageJson from '../../../package.json' with { type: 'json' };
import type { Setting } from '../../config.ts';
import { namedServeSettings, settings } from '../../config.ts';
import { toOperands } from './help.ts';
import { examplesText, exitStatuses, summary } from './help-texts.ts';
import { OTHER_VARIABLES } from './other-variables.ts';
import { createProgram } from './program.ts';

const ABOUT = [
  'Each observable ends as listed, unlisted, skipped or failed, the last two with a reason. A failure never counts as unlisted. ' +
    'stdout holds data only, JSON by default; stderr is for people.',
  'Live answers are cached for 24 hours. Without the tracker, use a downloaded or imported list: see cct snapshot.',
];

const FILE_RULES =
  'By default in ~/.config. It holds no secrets and no settings for a single run, such as yes or output. serve reads it only if --config names it.';

interface Placed {
  /** The words that follow `cct`. */
  readonly path: string;
  readonly command: Command;
}

/** Creates the man page, cct(1), from the commands and their settings, as roff for the man macros. */
export async function createManPage(): Promise<string> {
  const ignore = () => undefined;
  const program = await createProgram({ version: packageJson.version, onHelp: ignore, helpColumns: 0, onInvocation: ignore });
  const commands = commandsBelow(program);
  // `config` has a subcommand, but can also be run itself.
  const leaves = commands.filter(({ command }) => command.commands.length === 0 || command.options.length > 0);
  return [
    `.TH CCT 1 "" "cct ${packageJson.version}" "User Commands"`,
    // No justification: long flags and paths would leave gaps.
    '.ad l',
    '.nh',
    '.SH NAME',
    `cct \\- ${toRoff(summary)}`,
    '.SH SYNOPSIS',
    ...leaves.flatMap((leaf) => [`\\fB${toRoff(`cct ${leaf.path}`)}\\fR [options]${toRoff(toOperands(leaf.command))}`, '.br']),
    '.SH DESCRIPTION',
    ...ABOUT.flatMap((text) => ['.PP', toRoff(text)]),
    '.SH COMMANDS',
    ...leaves.flatMap(toCommand),
    '.SH OPTIONS',
    'Precedence: flag, environment variable, settings file, default.',
    ...toOptions([{ path: '', command: program }, ...commands]),
    '.SH ENVIRONMENT',
    'An empty variable counts as not set, except the authentication variables of serve, where it is an error.',
    ...Object.values<Setting<unknown>>({ ...settings, ...namedServeSettings }).flatMap(toVariable),
    ...OTHER_VARIABLES.flatMap(([name, meaning]) => toEntry(name, meaning)),
    '.SH FILES',
    ...toEntry(
      '$XDG_CONFIG_HOME/cct/config.json',
      `Settings as JSON, by the names that cct config prints: {"timeout": "20s"}. ${FILE_RULES}`,
    ),
    '.SH EXIT STATUS',
    ...exitStatuses.flatMap(({ status, meaning }) => toEntry(String(status), meaning)),
    '.SH EXAMPLES',
    '.nf',
    ...['', 'observe'].flatMap((path) => examplesText(path).split('\n')).map((line) => toRoff(line.trim())),
    '.fi',
  ].join('\n');
}

function commandsBelow(parent: Command, above: readonly string[] = []): Placed[] {
  return parent.commands.flatMap((command) => {
    const names = [...above, command.name()];
    return [{ path: names.join(' '), command }, ...commandsBelow(command, names)];
  });
}

/** Escapes text for roff: no escapes, dashes that can be copied, and no lines that begin like a request. */
export function toRoff(text: string): string {
  return text.replaceAll('\\', '\\e').replaceAll('-', '\\-').replace(/^[.']/, '\\&$&');
}

function toEntry(name: string, meaning: string): string[] {
  return ['.TP', `\\fB${toRoff(name)}\\fR`, toRoff(meaning)];
}

function toCommand(placed: Placed): string[] {
  const { path, command } = placed;
  return [
    `.SS ${toRoff(`cct ${path}${toOperands(command)}`)}`,
    toRoff(command.description()),
    ...command.registeredArguments.flatMap((argument) => toEntry(argument.name(), argument.description)),
    '.PP',
    `Options: ${command.options.map(({ long, short }) => toRoff(long ?? short ?? '')).join(', ')}`,
  ];
}

/**
 * Lists each option once per meaning: the first under its heading in the help. Options without a heading, and further meanings of a flag,
 * are command-specific and name their command.
 */
function toOptions(commands: readonly Placed[]): string[] {
  const general = new Map<string, string[]>();
  const specific: string[] = [];
  const meanings = new Map<string, Set<string>>();
  for (const { path, command } of commands) {
    for (const option of command.createHelp().visibleOptions(command)) {
      const { flags, helpGroupHeading: heading = path === '' ? 'General:' : undefined } = option;
      // `config` also has the settings of `serve`.
      if (path.startsWith('config') && heading === 'Server:') continue;
      const meaning = withChoices(option);
      const known = meanings.get(flags);
      if (known?.has(meaning)) continue;
      meanings.set(flags, new Set(known).add(meaning));
      if (heading === undefined || known) specific.push(...toEntry(flags, `${path}: ${meaning}`));
      else general.set(heading, [...(general.get(heading) ?? []), ...toEntry(flags, meaning)]);
    }
  }
  return [...general, ['Command-specific:', specific] as const].flatMap(([heading, entries]) => [
    `.SS ${toRoff(heading.slice(0, -1))}`,
    ...entries,
  ]);
}

function withChoices({ description, argChoices }: Option): string {
  return argChoices ? `${description} [${argChoices.join(', ')}]` : description;
}

function toVariable({ flag, env, otherEnv, help, fallback }: Setting<unknown>): string[] {
  const name = otherEnv === undefined ? env : `${env}, ${otherEnv}`;
  const like = flag === undefined ? help : `as ${flag}`;
  return toEntry(name, fallback === undefined ? like : `${like} (default: ${fallback})`);
}
