import type { Command, HelpConfiguration } from 'commander';
import { CommanderError, Help, Option } from 'commander';
import { SettingOption } from './command.ts';
import { examplesText, helpIntroductions } from './help-texts.ts';

/** The common options by command. All others are shown by `--help-all` and in the man page. */
const LOOKUP_OPTIONS =
  '--domain --dry-run --input-format --format --output --only --fail-on-listed --source --offline --quiet --verbose';
const EVERYDAY: Readonly<Record<string, readonly string[]>> = {
  observe: LOOKUP_OPTIONS.split(' '),
  deliberate: LOOKUP_OPTIONS.split(' '),
  config: ['--format', '--config', '--no-config'],
  init: ['--force', '--config'],
};
const ALWAYS = ['--help', '--help-all'];

const DEFAULT_COLUMNS = 80;

/** The width of help: that of the terminal, or 80 without a terminal or a sensible width. */
export function toHelpColumns(columns: number | undefined): number {
  return columns !== undefined && Number.isInteger(columns) && columns > 0 ? columns : DEFAULT_COLUMNS;
}

// Narrower descriptions are hard to read next to their terms.
const MIN_DESCRIPTION_COLUMNS = 40;
const MIN_WRAP_COLUMNS = 20;
const STACKED_INDENT = ' '.repeat(6);

/** The configuration of commander's help. `showsAll` contains the commands for which all options are printed. */
export function toHelpConfiguration(showsAll: ReadonlySet<Command>): HelpConfiguration {
  const base = new Help();
  let isShort = false;
  let isFew = false;
  let isPrinting = false;
  return {
    minWidthToWrap: MIN_WRAP_COLUMNS,
    prepareContext({ error = false, helpWidth = DEFAULT_COLUMNS }) {
      isShort = error;
      this.helpWidth = helpWidth;
    },
    formatHelp(command, helper) {
      isPrinting = true;
      try {
        return base.formatHelp.call(this, command, helper);
      } finally {
        isPrinting = false;
      }
    },
    subcommandTerm: (command) => command.name() + toOperands(command),
    commandDescription: toIntroduction,
    visibleArguments: (command) => (isShort ? [] : base.visibleArguments(command)),
    visibleOptions(command) {
      // commander also calls this to suggest an option for a mistyped one.
      if (!isPrinting) return base.visibleOptions(command);
      if (isShort) return [];
      const everyday = EVERYDAY[command.name()] ?? [];
      const visible = base.visibleOptions(command);
      isFew = everyday.length > 0 && !showsAll.has(command);
      if (!isFew) return visible;
      return visible.filter(({ long }) => [...everyday, ...ALWAYS].includes(long ?? ''));
    },
    groupItems(all, visible, toGroup) {
      // A few options need no headings.
      return isFew && all[0] instanceof Option ? new Map([['Options:', [...visible]]]) : base.groupItems(all, visible, toGroup);
    },
    optionDescription: (option) => describeOption(option, isFew),
    formatItem(term, termColumns, breakable, helper) {
      const description = breakable.replace(ENV, '[env:\0');
      const columns = helper.helpWidth ?? DEFAULT_COLUMNS;
      const isBeside = columns - termColumns - 4 >= MIN_DESCRIPTION_COLUMNS;
      if (isBeside || description === '') {
        return base.formatItem.call(helper, term, termColumns, description, helper).replace(UNBROKEN_ENV, '[env: ');
      }
      const wrapped = helper.boxWrap(description, columns - STACKED_INDENT.length).replace(UNBROKEN_ENV, '[env: ');
      return `  ${term}\n${wrapped.replace(/^/gm, STACKED_INDENT)}`;
    },
  };
}

/** The operands of a command: ` <before> [after...]`. */
export function toOperands(command: Command): string {
  const names = command.registeredArguments.map((argument) => {
    const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
    return argument.required ? ` <${name}>` : ` [${name}]`;
  });
  return names.join('');
}

function toSentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1).replace(/\.$/, '')}.`;
}

function toIntroduction(command: Command): string {
  const path = command.parent?.parent ? `${command.parent.name()} ${command.name()}` : command.name();
  const examples = examplesText(command.parent ? path : '');
  const introduction = helpIntroductions[path] ?? toSentence(command.description());
  return examples === '' ? introduction : `${introduction}\n\nExamples:\n${examples}`;
}

// More would make the short help too long.
const MAX_SHOWN_CHOICES = 6;

function describeOption(option: Option, isFew: boolean): string {
  if (!(option instanceof SettingOption)) return option.description;
  const { help, fallback, env, choices = [], isFlagOnly = false } = option.setting;
  const isListed = choices.every((choice) => help.includes(choice)) || help.includes('cct help formats');
  const shown = isFew && choices.length > MAX_SHOWN_CHOICES ? 'cct help formats lists them' : choices.join(', ');
  return [
    help,
    ...(isListed ? [] : [`(${shown})`]),
    ...(fallback === undefined ? [] : [`(default: ${fallback})`]),
    ...(isFlagOnly ? [] : [`[env: ${env}]`]),
  ].join(' ');
}

// Prevents a line break between `env:` and the variable.
const ENV = /\[env: /g;
const UNBROKEN_ENV = /\[env:\0/g;

/** Adds `--help-all` if help prints only the common options. */
export function addHelpAll(command: Command, showsAll: Set<Command>): void {
  if (EVERYDAY[command.name()] === undefined) return;
  command.addOption(new Option('--help-all', 'print all options').helpGroup('General:')).on('option:help-all', () => {
    showsAll.add(command);
    command.outputHelp();
    throw new CommanderError(0, 'commander.helpDisplayed', '(outputHelp)');
  });
}
