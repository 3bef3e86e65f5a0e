import { Chalk } from 'chalk';
import type { ChalkInstance } from 'chalk';
import type { MaybeTerminal } from '../io.ts';

/** What decides about colour, besides the stream itself. */
export interface ColourWishes {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly noColor: boolean;
}

/**
 * Whether this stream gets colour: `--no-color`, then `FORCE_COLOR` (0 or false: none), then `NO_COLOR` when not empty (no-color.org),
 * then `TERM=dumb`, then whether it is a terminal. chalk itself would not look at `NO_COLOR`, nor at each stream.
 */
export function hasColour(stream: MaybeTerminal<object>, { env, noColor }: ColourWishes): boolean {
  if (noColor) return false;
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  if (env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== '') return false;
  return env['TERM'] !== 'dumb' && stream.isTTY === true;
}

/** A chalk for one stream, with the sixteen basic colours or none. */
export function createColours(isColoured: boolean): ChalkInstance {
  return new Chalk({ level: isColoured ? 1 : 0 });
}
