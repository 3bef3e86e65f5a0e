import type { Command } from 'commander';
import { findNearest } from '../../core/nearest.ts';

/** The full name of a command: `cct snapshot diff`. */
export function commandPath(command: Command): string {
  return command.parent ? `${commandPath(command.parent)} ${command.name()}` : command.name();
}

export interface UnknownCommandOptions {
  /** What the word should name. Default: `command`. */
  readonly what?: string;
  /** The valid names. Default: the subcommands. */
  readonly names?: readonly string[];
}

/** The error, in one line, for a word that is not a subcommand, with the nearest valid name. */
export function describeUnknownCommand(
  command: Command,
  word: string,
  { what = 'command', names = command.commands.map((below) => below.name()) }: UnknownCommandOptions = {},
): string {
  const nearest = findNearest(word, names);
  const guess = nearest === undefined ? '' : ` (Did you mean ${nearest}?)`;
  return `unknown ${what} '${word}'${guess}. Try: ${commandPath(command)} --help`;
}
