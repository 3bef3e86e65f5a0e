import type { Command } from 'commander';
import { findNearest } from '../../core/nearest.ts';

/** How a command is called: `cct snapshot diff`. */
export function commandPath(command: Command): string {
  return command.parent ? `${commandPath(command.parent)} ${command.name()}` : command.name();
}

export interface UnknownCommandOptions {
  /** What could have been named. Default `command`. */
  readonly what?: string;
  /** What may have been meant. Default the commands below. */
  readonly names?: readonly string[];
}

/** The error about a word that names no command below this one, in a line, with the nearest that does. */
export function describeUnknownCommand(
  command: Command,
  word: string,
  { what = 'command', names = command.commands.map((below) => below.name()) }: UnknownCommandOptions = {},
): string {
  const nearest = findNearest(word, names);
  const guess = nearest === undefined ? '' : ` (Did you mean ${nearest}?)`;
  return `unknown ${what} '${word}'${guess}. Try: ${commandPath(command)} --help`;
}
