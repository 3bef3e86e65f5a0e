import type { Command } from 'commander';
import { Option } from 'commander';
import type { FlagValues, SettingGroup } from '../../config.ts';
import { flagName } from '../../config.ts';

/** Adds settings to a command as options, under their headings in its help. */
export function addSettings(command: Command, groups: Readonly<Record<string, SettingGroup>>): void {
  for (const [heading, settings] of Object.entries(groups)) {
    for (const { flag, help, fallback, choices, isRepeatable = false } of Object.values(settings)) {
      if (flag === undefined) continue;
      const text = withoutCommand(command, fallback === undefined ? help : `${help} (default: ${fallback})`);
      const option = new Option(flag, text).helpGroup(`${heading}:`);
      // Named only: `choices()` would check them too, in words that are not ours.
      if (choices) option.argChoices = [...choices];
      command.addOption(isRepeatable ? option.argParser(joinWithComma) : option);
    }
  }
}

/** A help text without the name of the one command that it is about, where this is that command. */
function withoutCommand(command: Command, help: string): string {
  const prefix = `${command.name()}: `;
  return help.startsWith(prefix) ? help.slice(prefix.length) : help;
}

function joinWithComma(given: string, before: string | undefined): string {
  return before === undefined ? given : `${before},${given}`;
}

/** What was given on the command line, by the flags' long names; `--no-x` is true when it was given. */
export function flagsOf(command: Command): FlagValues {
  const values = command.opts<Record<string, string | boolean | undefined>>();
  const given = command.options.filter((option) => command.getOptionValueSource(option.attributeName()) === 'cli');
  return Object.fromEntries(
    given.map((option) => [flagName({ flag: option.flags }), option.negate ? true : values[option.attributeName()]]),
  );
}
