/** Describes the program in one line. */
export const summary = 'Look up which IPs, URLs and domains CyberCrime Tracker lists as malware command-and-control panels';

/** Every exit status and its meaning, as in help and docs/errors.md. */
export const exitStatuses: readonly { readonly status: number; readonly meaning: string }[] = [
  { status: 0, meaning: 'every observable was answered or skipped' },
  { status: 1, meaning: 'a bug in cct' },
  { status: 2, meaning: 'usage, input or output error; what could be read of a directory or a stream was looked up' },
  { status: 3, meaning: 'some observables failed; the other answers are printed' },
  {
    status: 4,
    meaning: 'all lookups failed, health is bad, no snapshot is installed, the download failed, or a block list would be empty',
  },
  { status: 5, meaning: 'nothing was found, or only types that cannot be looked up, and --fail-on-empty was given' },
  {
    status: 10,
    meaning: 'an observable matched --fail-on-listed, --fail-on-related or --fail-on-unmarked; 3 and 4 take precedence',
  },
  { status: 129, meaning: 'terminal closed (SIGHUP), after printing the answers that were ready' },
  { status: 130, meaning: 'interrupted (SIGINT), after printing the answers that were ready' },
  { status: 141, meaning: 'output pipe closed (SIGPIPE)' },
  { status: 143, meaning: 'terminated (SIGTERM), after printing the answers that were ready' },
];

/** Topics of `cct help`. */
export const TOPIC_NAMES = ['environment', 'formats', 'exit-status', 'input'] as const;
export type TopicName = (typeof TOPIC_NAMES)[number];

/** Example command lines, starting with a value, a report and a log. */
const EXAMPLES: Readonly<Record<string, readonly (readonly [line: string, what: string])[]>> = {
  '': [
    ['cct observe 192.0.2.1', 'is this address listed?'],
    ['cct observe report.txt -f table', 'what a report names, as a table'],
    ['cct observe report.txt --snapshot sample', 'try it without a network'],
    ['cct snapshot update && cct observe --offline observables.json', ''],
  ],
  observe: [
    ["cct observe 192.0.2.1 'hxxp://panel[.]example/x'", 'values'],
    ['cct observe report.txt -f table', 'what a report names'],
    ['cct snapshot update && cct observe proxy.log --offline -f table', ''],
  ],
  deliberate: [
    ["cct deliberate 192.0.2.1 'hxxp://panel[.]example/x'", 'values'],
    ['cct deliberate report.txt | jq -c .data.verdicts.docs[]', 'one per line'],
    ['cct deliberate proxy.log --offline -f csv', 'a row each'],
  ],
  snapshot: [
    ['cct snapshot update', 'download the list'],
    ['cct snapshot info', 'its date and size'],
  ],
  cache: [['cct cache info', 'path, size and age']],
};

/** The examples of a command by its path, one per line; '' if there are none. */
export function examplesText(path: string): string {
  const examples = EXAMPLES[path] ?? [];
  const columns = Math.max(...examples.map(([line, what]) => (what === '' ? 0 : line.length)));
  return examples.map(([line, what]) => `  $ ${what === '' ? line : `${line.padEnd(columns)}   # ${what}`}`).join('\n');
}

/** Introductions for commands that need more than their line in the list of commands. */
export const helpIntroductions: Readonly<Record<string, string>> = {
  observe:
    'Looks up IPs, URLs and domains, given as values or found in files, and prints what is listed with family, date and reason. ' +
    'To learn only whether something is listed, use cct deliberate.',
  deliberate:
    'Looks up IPs, URLs and domains as cct observe does, but prints only that something is listed, without the reasons. ' +
    'Use it in scripts; to judge a hit use cct observe.',
  config: 'Shows every setting, its value and its source. It takes the options of all commands, to show their effect.',
  'config init': 'Writes a settings file with the current values: of options, variables, and the existing file.',
};
