import type { Command, Option } from 'commander';
import packageJson from '../../../package.json' with { type: 'json' };
import type { Setting } from '../../config.ts';
import { serveSettings, settings } from '../../config.ts';
import { exitStatuses } from './exit-statuses.ts';
import { createProgram, examplesText } from './program.ts';

/** What is honoured besides the settings. */
const OTHER_VARIABLES: readonly (readonly [name: string, meaning: string])[] = [
  ['HTTPS_PROXY, HTTP_PROXY, NO_PROXY', 'proxy used unless --proxy is given, and hosts that bypass it'],
  ['NO_COLOR, FORCE_COLOR', 'no colour, or colour also where there is no terminal'],
  ['NODE_EXTRA_CA_CERTS', 'a file with a further certificate authority'],
  ['XDG_DATA_HOME, XDG_CACHE_HOME', 'directories of the snapshot and the cache; cct config shows the paths'],
];

const ABOUT = [
  'Each observable ends as listed, unlisted, skipped or failed, the last two with a reason. A failure never counts as unlisted. ' +
    'stdout holds data only, JSON by default; stderr is for people.',
  'Live answers are cached for 24 hours. Without the tracker, use a downloaded or imported list: see cct snapshot.',
];

/** The man page, cct(1), made from the program's own tree of commands and its settings: roff for the man macros. */
export function createManPage(): string {
  const program = createProgram({
    version: packageJson.version,
    onHelp: () => undefined,
    helpColumns: 0,
    onInvocation: () => undefined,
  });
  const commands = commandsBelow(program, 'cct');
  return [
    `.TH CCT 1 "" "cct ${packageJson.version}" "User Commands"`,
    // Flags and paths are long words: with even margins there would be holes.
    '.ad l',
    '.nh',
    '.SH NAME',
    `cct \\- ${toRoff(program.description().replace(/\.$/, ''))}`,
    '.SH SYNOPSIS',
    ...commands.filter(({ command }) => command.commands.length === 0).flatMap(toUsage),
    '.SH DESCRIPTION',
    ...ABOUT.flatMap((text) => ['.PP', toRoff(text)]),
    '.SH COMMANDS',
    ...commands.filter(({ command }) => command.commands.length === 0).flatMap(toCommand),
    '.SH OPTIONS',
    'Precedence: flag, environment variable, default.',
    ...toOptions([{ path: 'cct', command: program }, ...commands]),
    '.SH ENVIRONMENT',
    'An empty variable counts as not set, except the authentication variables of serve, where it is an error.',
    ...Object.values<Setting<unknown>>({ ...settings, ...serveSettings }).flatMap(toVariable),
    ...OTHER_VARIABLES.flatMap(([name, meaning]) => toEntry(name, meaning)),
    '.SH EXIT STATUS',
    ...exitStatuses.flatMap(({ status, meaning }) => toEntry(String(status), meaning)),
    '.SH EXAMPLES',
    '.nf',
    ...examplesText.split('\n').map((line) => toRoff(line.trim())),
    '.fi',
  ].join('\n');
}

interface Placed {
  readonly path: string;
  readonly command: Command;
}

function commandsBelow(parent: Command, path: string): Placed[] {
  return parent.commands.flatMap((command) => {
    const own = `${path} ${command.name()}`;
    return [{ path: own, command }, ...commandsBelow(command, own)];
  });
}

/** A text as roff takes it: no escape of its own, dashes that can be copied, and no line that begins as a request. */
export function toRoff(text: string): string {
  return text.replaceAll('\\', '\\e').replaceAll('-', '\\-').replace(/^[.']/, '\\&$&');
}

function toEntry(name: string, meaning: string): string[] {
  return ['.TP', `\\fB${toRoff(name)}\\fR`, toRoff(meaning)];
}

const operandsOf = ({ command }: Placed): string =>
  command.registeredArguments
    .map((argument) => {
      const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
      return argument.required ? ` <${name}>` : ` [${name}]`;
    })
    .join('');

function toUsage(placed: Placed): string[] {
  return [`\\fB${toRoff(placed.path)}\\fR [options]${toRoff(operandsOf(placed))}`, '.br'];
}

function toCommand(placed: Placed): string[] {
  const { path, command } = placed;
  return [
    `.SS ${toRoff(path + operandsOf(placed))}`,
    toRoff(command.description()),
    ...command.registeredArguments.flatMap((argument) => toEntry(argument.name(), argument.description)),
    '.PP',
    `Options: ${command.options.map(({ long, short }) => toRoff(long ?? short ?? '')).join(', ')}`,
  ];
}

const COMMAND_SPECIFIC = 'Command-specific';

/**
 * Each option once for each meaning that it has: the first under its heading in the help. Options without a heading, and further meanings
 * of a flag, are command-specific and name their command.
 */
function toOptions(commands: readonly Placed[]): string[] {
  const groups = new Map<string, string[]>();
  const meanings = new Map<string, Set<string>>();
  for (const { path, command } of commands) {
    for (const option of command.createHelp().visibleOptions(command)) {
      // `config` has the settings of `serve` too.
      const meaning = withChoices(option).replace(/^serve: /, '');
      const known = meanings.get(option.flags) ?? new Set();
      if (known.has(meaning)) continue;
      meanings.set(option.flags, new Set([...known, meaning]));
      const own = option.helpGroupHeading?.replace(/:$/, '');
      const isSpecific = path !== 'cct' && (own === undefined || known.size > 0);
      const heading = isSpecific ? COMMAND_SPECIFIC : (own ?? 'General');
      const text = isSpecific ? `${path.replace(/^cct /, '')}: ${meaning}` : meaning;
      groups.set(heading, [...(groups.get(heading) ?? []), ...toEntry(option.flags, text)]);
    }
  }
  const specific = groups.get(COMMAND_SPECIFIC) ?? [];
  groups.delete(COMMAND_SPECIFIC);
  return [...groups, [COMMAND_SPECIFIC, specific] as const].flatMap(([heading, entries]) => [
    `.SS ${toRoff(heading)}`,
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
