import type { MaybeTerminal } from '../io.ts';

export interface ColourOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly noColor: boolean;
}

/**
 * Whether a stream has colour, by `--no-color`, then `FORCE_COLOR` (0 or false: none), then `NO_COLOR` when not empty (no-color.org),
 * then `TERM=dumb`, then whether it is a terminal. chalk ignores `NO_COLOR`, and does not tell the streams apart.
 */
export function hasColour(stream: MaybeTerminal<object>, { env, noColor }: ColourOptions): boolean {
  if (noColor) return false;
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  if (env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== '') return false;
  return env['TERM'] !== 'dumb' && stream.isTTY === true;
}

const LINKING_PROGRAMS = ['iTerm.app', 'WezTerm', 'vscode', 'ghostty', 'Tabby', 'rio', 'mintty'];
const LINKING_TERMS = ['xterm-kitty', 'xterm-ghostty', 'alacritty', 'foot', 'wezterm'];
// VTE 0.50, as GNOME's terminals have it.
const FIRST_LINKING_VTE = 5_000;

/** Whether a terminal is known to show OSC 8 links, or `FORCE_HYPERLINK` says so; others would show their address as text. */
export function showsLinks(env: ColourOptions['env']): boolean {
  const { FORCE_HYPERLINK: forced, TERM: term = '', TERM_PROGRAM: program = '', VTE_VERSION: vte } = env;
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  if (term === 'dumb') return false;
  if (env['WT_SESSION'] !== undefined || env['DOMTERM'] !== undefined) return true;
  return LINKING_PROGRAMS.includes(program) || LINKING_TERMS.includes(term) || Number(vte) >= FIRST_LINKING_VTE;
}

/** Functions that colour a text. */
export type Colours = Readonly<Record<'red' | 'yellow' | 'dim' | 'bold', (text: string) => string>>;

const plain = (text: string): string => text;
const noColours: Colours = { red: plain, yellow: plain, dim: plain, bold: plain };

/** The basic colours for one stream, or functions that return their text; chalk is loaded only for colour. */
export async function openColours(isColoured: boolean): Promise<Colours> {
  if (!isColoured) return noColours;
  const { Chalk } = await import('chalk');
  return new Chalk({ level: 1 });
}
