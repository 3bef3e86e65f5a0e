import type { Config, Origin, Resolved } from '../../config.ts';
import type { MaybeTerminal } from '../io.ts';

const RANKS: Readonly<Record<Origin, number>> = { flag: 3, environment: 2, file: 1, default: 0 };

/** The mode of `--color` and `--no-color`: a flag overrides a variable, and a variable the settings file; within one source `no_color` wins. */
export function resolveColour({ config, origins }: Pick<Resolved, 'config' | 'origins'>): Config['color'] {
  const isOff = config.noColor && RANKS[origins.noColor] >= RANKS[origins.color];
  return isOff ? 'never' : config.color;
}

/** The mode according to flags only, for a command line that may be invalid. */
export function findColour(args: readonly string[]): Config['color'] {
  const last = args.findLast((arg, at) => /^--(?:no-color|color=\w+)$/.test(arg) || args[at - 1] === '--color') ?? '';
  if (/^(?:--no-color|(?:--color=)?never)$/.test(last)) return 'never';
  return /^(?:--color=)?always$/.test(last) ? 'always' : 'auto';
}

export interface ColourOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly color: Config['color'];
}

/**
 * Whether a stream has colour, by `--color`, then `FORCE_COLOR` (0 or false: none), then `NO_COLOR` if not empty (no-color.org), then
 * `TERM=dumb`, then whether it is a terminal. chalk ignores `NO_COLOR`, and does not distinguish streams.
 */
export function hasColour(stream: MaybeTerminal<object>, { env, color }: ColourOptions): boolean {
  if (color !== 'auto') return color === 'always';
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  if (env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== '') return false;
  return env['TERM'] !== 'dumb' && stream.isTTY === true;
}

const LINKING_PROGRAMS = ['iTerm.app', 'WezTerm', 'vscode', 'ghostty', 'Tabby', 'rio', 'mintty'];
const LINKING_TERMS = ['xterm-kitty', 'xterm-ghostty', 'alacritty', 'foot', 'wezterm'];
// VTE 0.50, used by GNOME's terminals.
const FIRST_LINKING_VTE = 5_000;

/** Whether a terminal is known to support OSC 8 links, or `FORCE_HYPERLINK` is set. Other terminals may show the address as text. */
export function showsLinks(env: ColourOptions['env']): boolean {
  const { FORCE_HYPERLINK: forced, TERM: term = '', TERM_PROGRAM: program = '', VTE_VERSION: vte } = env;
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  if (term === 'dumb') return false;
  if (env['WT_SESSION'] !== undefined || env['DOMTERM'] !== undefined) return true;
  return LINKING_PROGRAMS.includes(program) || LINKING_TERMS.includes(term) || Number(vte) >= FIRST_LINKING_VTE;
}

/** Functions that colour text. */
export type Colours = Readonly<Record<'red' | 'yellow' | 'dim' | 'bold', (text: string) => string>>;

const plain = (text: string): string => text;
const noColours: Colours = { red: plain, yellow: plain, dim: plain, bold: plain };

/** Opens the colours for a stream, or functions that return text unchanged. Loads chalk only for colour. */
export async function openColours(isColoured: boolean): Promise<Colours> {
  if (!isColoured) return noColours;
  const { Chalk } = await import('chalk');
  return new Chalk({ level: 1 });
}
