import type { Argument, Command, Option } from 'commander';

/** Possible values of an argument: words, and files or directories. If there are neither: any text. */
export interface Value {
  readonly words: readonly string[];
  readonly paths?: 'file' | 'directory';
}

/** A command and everything that can follow it. */
export interface CompletionSpec {
  /** The words that lead to the command: `cct snapshot update`. */
  readonly path: string;
  readonly commands: readonly { readonly name: string; readonly description: string }[];
  /** `value` is undefined for a flag without one. Names have their dashes, the long one first. */
  readonly flags: readonly { readonly names: readonly string[]; readonly description: string; readonly value?: Value }[];
  /** Undefined if nothing can follow. */
  readonly operands?: Value;
}

/** The specs of a tree of commands, each before its subcommands. Hidden commands are left out. */
export function toSpecs(command: Command, path = command.name(), siblings: readonly string[] = []): CompletionSpec[] {
  const help = command.createHelp();
  const below = help.visibleCommands(command);
  const names = command.commands.map((sub) => sub.name());
  const [operand] = command.registeredArguments;
  // commander adds `help`, whose operand is the name of a sibling command.
  const operands = path.endsWith(' help')
    ? { words: [...siblings, ...(operand?.argChoices ?? [])] }
    : operand && toValue(operand.name(), operand);
  return [
    {
      path,
      commands: below.map((sub) => ({ name: sub.name(), description: sub.description() })),
      flags: help.visibleOptions(command).map(toFlag),
      ...(operands && { operands }),
    },
    ...below.flatMap((sub) => toSpecs(sub, `${path} ${sub.name()}`, names)),
  ];
}

function toFlag(option: Option): CompletionSpec['flags'][number] {
  const { long, short, description } = option;
  const names = [long, short].filter((name) => name !== undefined);
  const [, word] = /<([a-z-]+)>/.exec(option.flags) ?? [];
  return { names, description, ...(word !== undefined && { value: toValue(word, option) }) };
}

/** `word` is the placeholder in `--output <file>`; `before` is an operand of `snapshot diff`. */
function toValue(word: string, { argChoices = [] }: Pick<Argument | Option, 'argChoices'>): Value {
  if (word === 'file-or-sample') return { words: ['sample'], paths: 'file' };
  if (word === 'before') return { words: ['installed', 'sample'], paths: 'file' };
  if (word === 'file|value') return { words: [], paths: 'file' };
  return word === 'file' || word === 'directory' ? { words: [], paths: word } : { words: argChoices };
}
