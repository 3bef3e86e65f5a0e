import type { Command, Option } from 'commander';
import packageJson from '../../../package.json' with { type: 'json' };
import type { Setting } from '../../config.ts';
import { serveSettings, settings } from '../../config.ts';
import { exitStatuses } from './exit-statuses.ts';
import { createProgram, examplesText } from './program.ts';

/** What is honoured besides the settings. */
const OTHER_VARIABLES: readonly (readonly [name: string, meaning: string])[] = [
  ['HTTPS_PROXY, HTTP_PROXY, NO_PROXY', 'the proxy to the tracker, where --proxy is not given, and hosts that are asked without'],
  ['NO_COLOR, FORCE_COLOR', 'no colour, or colour also where there is no terminal'],
  ['NODE_EXTRA_CA_CERTS', 'a file with a further certificate authority'],
  ['XDG_DATA_HOME, XDG_CACHE_HOME', 'where the snapshot and the answers remembered are kept; cct config shows the paths'],
];

const ABOUT = [
  'Every observable that goes in has a fate: listed, unlisted, skipped (and why) or failed (and why). A failure is never unlisted. ' +
    'stdout is data, JSON unless another format is asked for; stderr is for people.',
  'What is answered live is remembered for a day. Without the tracker its list answers, downloaded or imported: see cct snapshot.',
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
    'A flag stands over its environment variable, and that over the default.',
    ...toOptions([program, ...commands.map(({ command }) => command)]),
    '.SH ENVIRONMENT',
    'An empty variable counts as not set, but for the secret and the key hosts of serve.',
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

/** Each option once for each meaning that it has, under the headings of the help. */
function toOptions(commands: readonly Command[]): string[] {
  const groups = new Map<string, Map<string, string[]>>();
  for (const option of commands.flatMap(visibleOptions)) {
    const heading = option.helpGroupHeading ?? 'Of single commands:';
    const group = groups.get(heading) ?? new Map<string, string[]>();
    group.set(option.flags + option.description, toEntry(option.flags, withChoices(option)));
    groups.set(heading, group);
  }
  return [...groups].flatMap(([heading, entries]) => [
    `.SS ${toRoff(heading.replace(/:$/, ''))}`,
    ...[...entries.values()].flat(),
  ]);
}

function visibleOptions(command: Command): Option[] {
  return command.createHelp().visibleOptions(command);
}

function withChoices({ description, argChoices }: Option): string {
  return argChoices ? `${description} [${argChoices.join(', ')}]` : description;
}

function toVariable({ flag, env, otherEnv, help, fallback }: Setting<unknown>): string[] {
  const name = otherEnv === undefined ? env : `${env}, ${otherEnv}`;
  const like = flag === undefined ? help : `as ${flag}`;
  return toEntry(name, fallback === undefined ? like : `${like} (default: ${fallback})`);
}
