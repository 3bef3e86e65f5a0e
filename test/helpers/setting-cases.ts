import type { SettingName } from '../../src/config.ts';

/** What is given as a flag, `true` where it takes no value, or in a variable, and what a setting is then. */
export interface Given {
  readonly text: string | true;
  readonly value: unknown;
}

/** A setting as the tests know it. */
export interface SettingCase {
  /** What it is when nothing is given. */
  readonly fallback: unknown;
  readonly flag: Given;
  readonly variable: Given;
  /** A value that it does not take; empty where it takes every text. */
  readonly wrong: string;
  /** What the complaint about that says was expected. */
  readonly expected: string;
}

function onOff() {
  return {
    fallback: false,
    flag: { text: true, value: true },
    variable: { text: 'off', value: false },
    wrong: 'maybe',
    expected: '1, true, yes, on, 0, false, no or off',
  } as const;
}

/** Every setting, by its name. */
export const settingCases: Record<SettingName, SettingCase> = {
  source: {
    fallback: undefined,
    flag: { text: 'live', value: 'live' },
    variable: { text: 'snapshot', value: 'snapshot' },
    wrong: 'cache',
    expected: 'one of auto, live, snapshot',
  },
  offline: onOff(),
  snapshot: {
    fallback: undefined,
    flag: { text: 'sample', value: 'sample' },
    variable: { text: 'list.tsv', value: 'list.tsv' },
    wrong: '',
    expected: 'a file, or sample',
  },
  apiUrl: {
    fallback: 'https://cybercrime-tracker.net/',
    flag: { text: 'http://127.0.0.1:8080/base', value: 'http://127.0.0.1:8080/base/' },
    variable: { text: 'https://TRACKER.example', value: 'https://tracker.example/' },
    wrong: 'ftp://tracker.example/',
    expected: 'an http or https URL without user, password, query or fragment',
  },
  timeoutMs: {
    fallback: 10_000,
    flag: { text: '500ms', value: 500 },
    variable: { text: '24h', value: 86_400_000 },
    wrong: '10',
    expected: 'a duration such as 500ms, 10s or 5m, from 1ms to 24h',
  },
  retries: {
    fallback: 2,
    flag: { text: '0', value: 0 },
    variable: { text: '10', value: 10 },
    wrong: '11',
    expected: 'a whole number from 0 to 10',
  },
  concurrency: {
    fallback: 6,
    flag: { text: '1', value: 1 },
    variable: { text: '64', value: 64 },
    wrong: '65',
    expected: 'a whole number from 1 to 64',
  },
  ratePerSecond: {
    fallback: undefined,
    flag: { text: '0.5', value: 0.5 },
    variable: { text: '1000', value: 1000 },
    wrong: '0',
    expected: 'a number above 0, at most 1000',
  },
  deadlineMs: {
    fallback: undefined,
    flag: { text: '1.5s', value: 1500 },
    variable: { text: '5m', value: 300_000 },
    wrong: '0s',
    expected: 'a duration such as 500ms, 10s or 5m, from 1ms to 24h',
  },
  proxy: {
    fallback: undefined,
    flag: { text: 'http://proxy.example:3128', value: 'http://proxy.example:3128' },
    variable: { text: 'https://proxy.example/', value: 'https://proxy.example/' },
    wrong: 'socks5://proxy.example',
    expected: 'an http or https URL of a proxy, without a path',
  },
  userAgent: {
    fallback: undefined,
    flag: { text: 'a b', value: 'a b' },
    variable: { text: 'x', value: 'x' },
    wrong: 'a\nb',
    expected: 'printable ASCII text',
  },
  unlistedMessage: {
    fallback: 'Unknown url',
    flag: { text: 'Not here', value: 'Not here' },
    variable: { text: 'Nope', value: 'Nope' },
    wrong: 'Malicious: x',
    expected: 'a text that is no listing: not "Malicious", alone or before a colon',
  },
  cacheTtlMs: {
    fallback: 86_400_000,
    flag: { text: '7d', value: 604_800_000 },
    variable: { text: '1h', value: 3_600_000 },
    wrong: '8d',
    expected: 'a duration such as 500ms, 10s or 5m, from 1ms to 7d',
  },
  noCache: onOff(),
  refresh: onOff(),
  cacheDir: {
    fallback: undefined,
    flag: { text: 'answers', value: 'answers' },
    variable: { text: '/var/cache/cct', value: '/var/cache/cct' },
    wrong: '',
    expected: 'a directory',
  },
  cacheUrl: {
    fallback: undefined,
    flag: { text: 'redis://127.0.0.1:6379', value: 'redis://127.0.0.1:6379' },
    variable: { text: 'rediss://user:secret@redis.example:6380/3', value: 'rediss://user:secret@redis.example:6380/3' },
    wrong: 'http://user:secret@redis.example',
    expected: 'a redis or rediss URL, such as redis://user:password@host:6379/0',
  },
  inputFormat: {
    fallback: 'auto',
    flag: { text: 'ndjson', value: 'ndjson' },
    variable: { text: 'csv', value: 'csv' },
    wrong: 'xml',
    expected: 'one of auto, json, ndjson, csv, text',
  },
  column: {
    fallback: undefined,
    flag: { text: 'host', value: 'host' },
    variable: { text: 'ioc', value: 'ioc' },
    wrong: '',
    expected: 'the name of a column',
  },
  exclude: {
    fallback: undefined,
    flag: { text: 'own.txt', value: 'own.txt' },
    variable: { text: '/etc/own.txt', value: '/etc/own.txt' },
    wrong: '',
    expected: 'a file',
  },
  includePrivate: onOff(),
  yes: onOff(),
  dryRun: onOff(),
  format: {
    fallback: 'json',
    flag: { text: 'table', value: 'table' },
    variable: { text: 'csv', value: 'csv' },
    wrong: 'JSON',
    expected: 'one of json, ndjson, table, csv',
  },
  only: {
    fallback: undefined,
    flag: { text: 'listed', value: ['listed'] },
    variable: { text: 'failed, skipped,unlisted', value: ['failed', 'skipped', 'unlisted'] },
    wrong: 'listed,clean',
    expected: 'listed, unlisted, skipped or failed, with commas between several',
  },
  output: {
    fallback: undefined,
    flag: { text: 'out.json', value: 'out.json' },
    variable: { text: '-', value: '-' },
    wrong: '',
    expected: 'a file',
  },
  defang: onOff(),
  failOnListed: onOff(),
  quiet: onOff(),
  verbose: onOff(),
  debug: onOff(),
  noColor: onOff(),
};
