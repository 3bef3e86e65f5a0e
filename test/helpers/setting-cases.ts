import type { SettingName } from '../../src/config.ts';
import { inputSettings, outputSettings } from '../../src/config.ts';

/** A value as it is given, `true` for a flag without one, and as the program reads it. */
export interface Given {
  readonly text: string | true;
  readonly value: unknown;
}

/** A setting with its values. */
export interface SettingCase {
  /** The value without flag and variable. */
  readonly fallback: unknown;
  readonly flag: Given;
  readonly variable: Given;
  /** An invalid value; '' where every text is valid. */
  readonly wrong: string;
  /** What its error says that was expected. */
  readonly expected: string;
  /** What follows at the end of the error. Default nothing. */
  readonly hint?: string;
}

/** A text, and its value where that differs from the text. */
type Text = string | true | readonly [text: string | true, value: unknown];

const toGiven = (given: Text): Given => {
  const [text, value] = typeof given === 'object' ? given : [given, given];
  return { text, value };
};

function toCase(fallback: unknown, flag: Text, variable: Text, wrong: string, expected: string): SettingCase {
  return { fallback, flag: toGiven(flag), variable: toGiven(variable), wrong, expected };
}

const onOff = () => toCase(false, true, ['off', false], 'maybe', '1, true, yes, on, 0, false, no or off');
const HTTP_URL = 'an http or https URL without user, password, query or fragment';
const REDIS_URL = 'a redis or rediss URL, such as redis://user:password@host:6379/0';
const NO_LISTING = 'a text that does not mean listed: not "Malicious", alone or before a colon';
const duration = (longest: string) => `a duration such as 500ms, 10s or 5m, from 1ms to ${longest}`;

/** Every setting, by its name. */
export const settingCases: Record<SettingName, SettingCase> = {
  source: toCase(undefined, 'live', 'snapshot', 'cache', 'one of auto, live, snapshot'),
  offline: onOff(),
  snapshot: toCase(undefined, 'sample', 'list.tsv', '', 'a file, or sample'),
  match: toCase('exact', 'host', 'exact', 'ip', 'one of exact, host'),
  listedSince: toCase(undefined, '2020-01-01', '5y', '2020-02-30', 'a date such as 2020-01-01, or an age such as 90d or 5y'),
  apiUrl: toCase(
    'https://cybercrime-tracker.net/',
    ['http://127.0.0.1:8080/base', 'http://127.0.0.1:8080/base/'],
    ['https://TRACKER.example', 'https://tracker.example/'],
    'ftp://tracker.example/',
    HTTP_URL,
  ),
  timeoutMs: toCase(10_000, ['500ms', 500], ['24h', 86_400_000], '10', duration('24h')),
  retries: toCase(2, ['0', 0], ['10', 10], '11', 'a whole number from 0 to 10'),
  concurrency: toCase(6, ['1', 1], ['64', 64], '65', 'a whole number from 1 to 64'),
  ratePerSecond: toCase(undefined, ['0.5', 0.5], ['1000', 1000], '0', 'a number above 0, at most 1000'),
  deadlineMs: toCase(undefined, ['1.5s', 1500], ['5m', 300_000], '0s', duration('24h')),
  proxy: toCase(
    undefined,
    'http://proxy.example:3128',
    'https://proxy.example/',
    'socks5://proxy.example',
    'an http or https URL of a proxy, without a path',
  ),
  userAgent: toCase(undefined, 'a b', 'x', 'a\nb', 'printable ASCII text'),
  unlistedMessage: toCase('Unknown url', 'Not here', 'Nope', 'Malicious: x', NO_LISTING),
  cacheTtlMs: toCase(86_400_000, ['7d', 604_800_000], ['1h', 3_600_000], '8d', duration('7d')),
  noCache: onOff(),
  refresh: onOff(),
  cacheDir: toCase(undefined, 'answers', '/var/cache/cct', '', 'a directory'),
  cacheUrl: toCase(
    undefined,
    'redis://127.0.0.1:6379',
    'rediss://user:secret@redis.example:6380/3',
    'http://user:secret@redis.example',
    REDIS_URL,
  ),
  inputFormat: toCase('auto', 'ndjson', 'csv', 'xml', `one of ${inputSettings.inputFormat.choices.join(', ')}`),
  columns: toCase(
    undefined,
    ['host', ['host']],
    ['2, ioc', ['2', 'ioc']],
    'host,',
    'the name or number of a column, or several separated by commas',
  ),
  fields: toCase(
    undefined,
    ['dns.query', ['dns.query']],
    ['a.b,c', ['a.b', 'c']],
    ',a',
    'the dotted path of a field, or several separated by commas',
  ),
  encoding: toCase(undefined, ['latin1', 'windows-1252'], 'utf-16le', 'klingon', 'the name of an encoding, such as windows-1252'),
  exclude: toCase(undefined, 'own.txt', '/etc/own.txt', '', 'a file'),
  includePrivate: onOff(),
  yes: onOff(),
  dryRun: onOff(),
  format: toCase('json', 'table', 'csv', 'JSON', `one of ${outputSettings.format.choices.join(', ')}`),
  bundleSize: toCase(100, ['1', 1], ['1000', 1000], '0', 'a whole number from 1 to 1000'),
  only: toCase(
    undefined,
    ['listed', ['listed']],
    ['failed, skipped,unlisted', ['failed', 'skipped', 'unlisted']],
    'listed,clean',
    'listed, unlisted, skipped or failed, or several separated by commas',
  ),
  output: toCase(undefined, 'out.json', '-', '', 'a file'),
  newSince: toCase(undefined, 'rows.ndjson', '/srv/rows.json', '', 'a file'),
  state: toCase(undefined, 'state.ndjson', '/srv/state.ndjson', '', 'a file'),
  warninglists: toCase(
    undefined,
    ['lists', ['lists']],
    ['a.json, b.json', ['a.json', 'b.json']],
    'a.json,',
    'a file or directory, or several separated by commas',
  ),
  html: toCase(undefined, 'page.html', '/srv/page.html', '', 'a file'),
  shownFields: {
    ...toCase(
      undefined,
      ['status', ['status']],
      ['observable.value, matched.entry', ['observable.value', 'matched.entry']],
      'entry',
      'values of a row such as observable.value, or several separated by commas',
    ),
    hint: '; did you mean matched.entry, related.entry, older.entry?',
  },
  defang: { ...onOff(), fallback: undefined },
  crlf: onOff(),
  bom: onOff(),
  seen: onOff(),
  join: onOff(),
  sort: toCase('input', 'status', 'status', 'value', 'one of input, status'),
  joinAs: toCase('cct', 'ecs', 'cct', 'misp', 'one of cct, ecs'),
  keepAll: onOff(),
  failOnListed: onOff(),
  failOnRelated: onOff(),
  failOnUnmarked: onOff(),
  failOnEmpty: onOff(),
  configFile: toCase(undefined, 'settings.json', '/etc/cct.json', '', 'a file'),
  noConfig: onOff(),
  quiet: onOff(),
  verbose: onOff(),
  debug: onOff(),
  color: toCase('auto', 'always', 'never', 'yes', 'one of auto, always, never'),
  noColor: onOff(),
};
