import type { Command } from 'commander';
import { Option } from 'commander';
import type { FlagValues, Setting, SettingGroup } from '../../config.ts';
import {
  cacheSettings,
  fileSettings,
  flagName,
  inputSettings,
  namedServeSettings,
  outputSettings,
  trackerSettings,
  verbositySettings,
} from '../../config.ts';
import type { Session } from '../session.ts';

/** Runs a command with its operands and options, as commander passes them. Resolves to the exit status. */
export type Run = (session: Session, ...given: never[]) => Promise<number>;

/** The exports of a file in `commands`. */
export interface CommandFile {
  /** Adds arguments and options to the command, and returns the function that runs it. */
  readonly declare: (command: Command) => Run;
  /** Whether a stop signal is the normal end of the command. Default false. */
  readonly endsWithSignal?: boolean;
  /** Long names of its own flags that have the same name as a lookup setting. */
  readonly ownFlags?: readonly string[];
  /** Which settings file it reads. Default: `any`. */
  readonly readsSettings?: SettingsReading;
}

/** `any`: every settings file, which must exist if named. `existing`: the same, but it may be missing. `named`: only a named one. */
export type SettingsReading = 'any' | 'existing' | 'named' | 'none';

/** The option of a setting. */
export class SettingOption extends Option {
  readonly setting: Setting<unknown>;

  constructor(flag: string, setting: Setting<unknown>) {
    const { help, fallback, choices } = setting;
    super(flag, fallback === undefined ? help : `${help} (default: ${fallback})`);
    // Only for help and completions: the setting's own parser validates both flags and variables.
    if (choices) this.argChoices = [...choices];
    this.setting = setting;
  }
}

/** Adds settings to a command as options, under headings in its help, and the verbosity settings. */
export function addSettings(command: Command, groups: Readonly<Record<string, SettingGroup>> = {}): void {
  const all: Readonly<Record<string, SettingGroup>> = {
    ...groups,
    'Settings file': fileSettings,
    'Output verbosity': verbositySettings,
  };
  for (const [heading, settings] of Object.entries(all)) {
    for (const setting of Object.values(settings)) {
      if (setting.flag === undefined) continue;
      const option = new SettingOption(setting.flag, setting).helpGroup(`${heading}:`);
      command.addOption(setting.isRepeatable === true ? option.argParser(joinWithComma) : option);
      if (setting.isNegatable !== true) continue;
      const name = flagName(setting);
      command.addOption(new Option(`--no-${name}`, `the opposite of --${name}`).helpGroup(`${heading}:`));
    }
  }
}

/** Adds the settings of all commands. */
export function addAllSettings(command: Command, format: Setting<unknown>): void {
  addSettings(command, {
    Input: inputSettings,
    Output: { ...outputSettings, format },
    Tracker: trackerSettings,
    Cache: cacheSettings,
    Server: namedServeSettings,
  });
}

function joinWithComma(given: string, before: string | undefined): string {
  return before === undefined ? given : `${before},${given}`;
}

/** The flags that were given on the command line, by long name; `no-x` is true if `--no-x` was given. */
export function flagsOf(command: Command | null): FlagValues {
  if (!command) return {};
  const values = command.opts<Record<string, string | boolean | undefined>>();
  // `--color` and `--no-color` share a value, which is false if the latter comes last.
  const given = command.options.filter((option) => {
    const name = option.attributeName();
    return command.getOptionValueSource(name) === 'cli' && option.negate === (values[name] === false);
  });
  return Object.fromEntries(
    given.map((option) => [flagName({ flag: option.flags }), option.negate ? true : values[option.attributeName()]]),
  );
}
