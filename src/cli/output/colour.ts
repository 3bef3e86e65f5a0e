import type { MaybeTerminal } from '../io.ts';

export interface ColourOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly noColor: boolean;
}

/**
 * Whether this stream gets colour: `--no-color`, then `FORCE_COLOR` (0 or false: none), then `NO_COLOR` when not empty (no-color.org),
 * then `TERM=dumb`, then whether it is a terminal. chalk itself would not look at `NO_COLOR`, nor at each stream.
 */
export function hasColour(stream: MaybeTerminal<object>, { env, noColor }: ColourOptions): boolean {
  if (noColor) return false;
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  if (env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== '') return false;
  return env['TERM'] !== 'dumb' && stream.isTTY === true;
}

/** The colours and weights that are used, each from text to text. */
export type Colours = Readonly<Record<'red' | 'yellow' | 'dim' | 'bold', (text: string) => string>>;

const plain = (text: string): string => text;
const noColours: Colours = { red: plain, yellow: plain, dim: plain, bold: plain };

/** The sixteen basic colours for one stream, or none; chalk is loaded only for the first. */
export async function openColours(isColoured: boolean): Promise<Colours> {
  if (!isColoured) return noColours;
  const { Chalk } = await import('chalk');
  return new Chalk({ level: 1 });
}
