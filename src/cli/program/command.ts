import type { Command } from 'commander';
import { Option } from 'commander';
import type { FlagValues, SettingGroup } from '../../config.ts';
import { flagName, verbositySettings } from '../../config.ts';
import type { Session } from '../session.ts';

/** Runs a command with its operands and options, as commander passes them. Resolves to the exit status. */
export type Run = (session: Session, ...given: never[]) => Promise<number>;

/** A file of `commands`. */
export interface CommandFile {
  /** Adds arguments and options to the command, and returns what runs it. */
  readonly declare: (command: Command) => Run;
  /** Whether a stop signal is the normal end of the command. Default false. */
  readonly endsWithSignal?: boolean;
  /** Long names of flags that are no settings of lookups, though such a setting has the name. */
  readonly ownFlags?: readonly string[];
}

/** Adds settings to a command as options, under their headings in its help, and those of verbosity. */
export function addSettings(command: Command, groups: Readonly<Record<string, SettingGroup>> = {}): void {
  const all: Readonly<Record<string, SettingGroup>> = { ...groups, 'Output verbosity': verbositySettings };
  for (const [heading, settings] of Object.entries(all)) {
    for (const { flag, help, fallback, choices, isRepeatable = false, isNegatable = false } of Object.values(settings)) {
      if (flag === undefined) continue;
      const text = fallback === undefined ? help : `${help} (default: ${fallback})`;
      const option = new Option(flag, text).helpGroup(`${heading}:`);
      // Listed only: the setting's schema checks flags and variables alike.
      if (choices) option.argChoices = [...choices];
      command.addOption(isRepeatable ? option.argParser(joinWithComma) : option);
      if (isNegatable)
        command.addOption(
          new Option(`--no-${flagName({ flag })}`, `the opposite of --${flagName({ flag })}`).helpGroup(`${heading}:`),
        );
    }
  }
}

function joinWithComma(given: string, before: string | undefined): string {
  return before === undefined ? given : `${before},${given}`;
}

/** What was given on the command line, by the flags' long names; `--no-x` is true when it was given, but where there is an `--x` too: that is false. */
export function flagsOf(command: Command): FlagValues {
  const values = command.opts<Record<string, string | boolean | undefined>>();
  const given = command.options.filter((option) => command.getOptionValueSource(option.attributeName()) === 'cli');
  const positive = new Set(given.filter(({ negate }) => !negate).map((option) => option.attributeName()));
  return Object.fromEntries(
    given
      .filter((option) => !option.negate || !positive.has(option.attributeName()))
      .map((option) => [flagName({ flag: option.flags }), option.negate ? true : values[option.attributeName()]]),
  );
}
