import { Help } from 'commander';
import type { Config, Setting } from '../../config.ts';
import { namedServeSettings, settings } from '../../config.ts';
import { toHelpConfiguration } from './help.ts';
import type { TopicName } from './help-texts.ts';
import { exitStatuses } from './help-texts.ts';
import { OTHER_VARIABLES } from './other-variables.ts';

type Entry = readonly [term: string, meaning: string];

/** A part of a topic: a paragraph, or a list under a heading. */
type Part = string | { readonly heading: string; readonly entries: readonly Entry[] };

/** The help on a topic, wrapped, with a final line feed. */
export function toTopic(name: TopicName, columns: number): string {
  const help = Object.assign(new Help(), toHelpConfiguration(new Set()), { helpWidth: columns });
  const parts = TOPICS[name]().map((part) => {
    if (typeof part === 'string') return help.boxWrap(part, columns);
    const widest = Math.max(...part.entries.map(([term]) => term.length));
    return [
      help.boxWrap(part.heading, columns),
      ...part.entries.map(([term, meaning]) => help.formatItem(term, widest, meaning, help)),
    ].join('\n');
  });
  return `${parts.join('\n\n')}\n`;
}

const TOPICS: Readonly<Record<TopicName, () => readonly Part[]>> = {
  environment: () => [
    'Each option has a variable. Precedence: flag, variable, settings file, default. An empty variable counts as not set. ' +
      'cct config shows what is in effect.',
    {
      heading: 'Variables of cct:',
      entries: Object.values<Setting<unknown>>({ ...settings, ...namedServeSettings }).map(toVariable),
    },
    { heading: 'Other variables:', entries: OTHER_VARIABLES },
  ],
  formats: () => [
    { heading: 'Output, by -f or CCT_FORMAT:', entries: Object.entries(OUTPUT_MEANINGS) },
    {
      heading: 'Input, recognised by its content; -i forces one:',
      entries: Object.entries(INPUT_MEANINGS),
    },
  ],
  'exit-status': () => [
    {
      heading: 'The exit status of cct:',
      entries: exitStatuses.map(({ status, meaning }): Entry => [String(status).padStart(3), meaning]),
    },
  ],
  input: () => [
    'Each argument is a file if one of that name exists, else an IP, URL or domain:',
    {
      heading: 'Arguments:',
      entries: [
        ['192.0.2.1', 'an address'],
        ["'panel[.]example'", 'a domain; values may be defanged. Domains need a list: cct snapshot update'],
        ['http://panel.example/x', 'a URL'],
        ['report.txt', 'a file: text, mail, HTML, CSV, JSON, STIX, MISP, logs; gzip too'],
        ['logs/', 'a directory, with all files below it except hidden ones'],
        ['-', 'stdin, which is also read when nothing is named'],
      ],
    },
    'A name with a file extension, such as iocs.zip, is taken as a file: give the domain with --domain. --ip, --url and --domain set the type of ' +
      'a value. Private addresses, internal names and URLs with a password are never sent, unless you pass --include-private. ' +
      '--dry-run prints what would be sent.',
  ],
};

function toVariable({ env, otherEnv, help, fallback }: Setting<unknown>): Entry {
  const name = otherEnv === undefined ? env : `${env}, ${otherEnv}`;
  return [name, fallback === undefined ? help : `${help} (default: ${fallback})`];
}

const OUTPUT_MEANINGS: Readonly<Record<Config['format'], string>> = {
  json: 'what is listed or failed, in one document; the default',
  ndjson: 'every observable, one JSON object per line',
  table: 'every observable, for reading',
  csv: 'every observable, for spreadsheets',
  markdown: 'what is listed or failed, for a ticket',
  html: 'what is listed or failed, a page for a colleague',
  stix: 'what is listed, a STIX 2.1 bundle',
  'ctim-bundle': 'what is listed, to import into XDR',
  misp: 'what is listed, a MISP event',
  ecs: 'what is listed, one threat indicator per line',
};

const INPUT_MEANINGS: Readonly<Record<Config['inputFormat'], string>> = {
  auto: 'recognise it; the default',
  json: 'an array of {type, value}',
  ndjson: 'one object {type, value} per line',
  csv: 'a table with a header; --column chooses columns',
  text: 'prose, lists and logs, defanged or not',
  mail: 'a message with its headers',
  html: 'a web page: its text and links',
  stix: 'STIX 2.0 and 2.1',
  misp: 'events and attributes of MISP',
  zeek: 'logs of Zeek, tab-separated',
  cef: 'CEF and LEEF',
  records: 'any other JSON: known fields, or all strings; --field chooses fields',
};
