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
