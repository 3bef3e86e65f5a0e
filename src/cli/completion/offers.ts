import type { Command, Option } from 'commander';

/** What can stand at a place of a command line: nothing, a file, a folder, any text, a file or `sample`, or one of these words. */
export type Taken = 'nothing' | 'file' | 'directory' | 'text' | 'file-or-sample' | readonly string[];

/** A flag; at least one of its names is there, with its dashes. */
export interface OfferedFlag {
  readonly long: string | undefined;
  readonly short: string | undefined;
  readonly description: string;
  readonly takes: Taken;
}

/** A command with all that can follow it. `path` are the words that lead to it, `cct snapshot update`. */
export interface Offer {
  readonly path: string;
  readonly commands: readonly { readonly name: string; readonly description: string }[];
  readonly flags: readonly OfferedFlag[];
  readonly operands: Taken;
}

/** What a tree of commands offers, each command after the one that it belongs to. Hidden ones are left out. */
export function toOffers(command: Command, path = command.name()): Offer[] {
  const help = command.createHelp();
  const commands = help.visibleCommands(command);
  const offer: Offer = {
    path,
    commands: commands.map((sub) => ({ name: sub.name(), description: sub.description() })),
    flags: help.visibleOptions(command).map(toFlag),
    operands: toOperands(command),
  };
  const names = command.commands.map((sub) => sub.name());
  return [
    offer,
    ...commands.flatMap((sub) => (command.commands.includes(sub) ? toOffers(sub, `${path} ${sub.name()}`) : toHelp(path, names))),
  ];
}

/** commander adds `help` by itself; it stands in no list of commands, and takes the name of one. */
function toHelp(path: string, names: readonly string[]): Offer[] {
  return [{ path: `${path} help`, commands: [], flags: [], operands: names }];
}

function toOperands({ registeredArguments: [first] }: Command): Taken {
  if (first?.argChoices) return first.argChoices;
  if (!first) return 'nothing';
  return first.name() === 'file' ? 'file' : 'text';
}

function toFlag(option: Option): OfferedFlag {
  const { long, short, description } = option;
  return { long, short, description, takes: toTaken(option) };
}

/** The word in `--output <file>` says what is expected. */
function toTaken({ required, optional, argChoices, flags }: Option): Taken {
  if (!required && !optional) return 'nothing';
  if (argChoices) return argChoices;
  const [, word] = /[<[]([a-z-]+)/.exec(flags) ?? [];
  return word === 'file' || word === 'directory' || word === 'file-or-sample' ? word : 'text';
}

/** The names of a flag: long, then short. */
export function namesOf({ long, short }: OfferedFlag): string[] {
  return [long, short].filter((name) => name !== undefined);
}

/** A text in single quotes, as POSIX shells read it. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
