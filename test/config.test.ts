import { describe, expect, test } from 'vitest';
import { CctError } from '../src/core/errors.ts';
import { flagName, resolveConfig, settings } from '../src/config.ts';
import type { Config, SettingName } from '../src/config.ts';

/** For each setting what it is when nothing is given, what a flag and a variable can make of it, and what it does not take. */
const table: Record<SettingName, { fallback: unknown; flag: Given; variable: Given; wrong: string; expected: string }> = {
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
    expected: 'an http or https URL of a proxy',
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
    wrong: '',
    expected: 'a text',
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
    expected: 'a folder',
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

interface Given {
  readonly text: string | true;
  readonly value: unknown;
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

const names = Object.keys(settings) as SettingName[]; // The keys of `settings` are exactly these.
const rows = names.map((name) => {
  const { flag, env } = settings[name];
  return { name, flagKey: flagName({ flag }), env, ...table[name] };
});

/** The message of the usage error that these settings give. */
function complaint(flags: Record<string, string | true>, env: Record<string, string>): string {
  try {
    resolveConfig(flags, env);
  } catch (thrown) {
    if (thrown instanceof CctError && thrown.code === 'usage') return thrown.message;
    throw thrown;
  }
  return 'no complaint';
}

/** A wrong value is shown, unless it may hold a password. */
const shown = (name: SettingName, wrong: string) =>
  ['cacheUrl', 'proxy'].includes(name) ? '' : `, got ${JSON.stringify(wrong)}`;

const textOf = ({ text }: Given): string => (text === true ? 'on' : text);

test('the table holds every setting', () => {
  expect(rows).toHaveLength(32);
  expect(Object.keys(table).sort()).toEqual([...names].sort());
});

test('no two settings share a flag or a variable', () => {
  expect(new Set(rows.map(({ flagKey }) => flagKey)).size).toBe(32);
  expect(new Set(rows.map(({ env }) => env)).size).toBe(32);
});

test('every variable is named after its flag', () => {
  expect(rows.map(({ env }) => env)).toEqual(rows.map(({ flagKey }) => `CCT_${flagKey.toUpperCase().replaceAll('-', '_')}`));
});

describe.each(rows)('$name', ({ name, flagKey, env, fallback, flag, variable }) => {
  test('has its default when nothing is given', () => {
    const { config, origins } = resolveConfig({}, {});
    expect([config[name], origins[name]]).toEqual([fallback, 'default']);
  });

  test('is taken from the environment', () => {
    const { config, origins } = resolveConfig({}, { [env]: textOf(variable) });
    expect([config[name], origins[name]]).toEqual([variable.value, 'environment']);
  });

  test('is taken from the flag before the environment', () => {
    const { config, origins } = resolveConfig({ [flagKey]: flag.text }, { [env]: textOf(variable) });
    expect([config[name], origins[name]]).toEqual([flag.value, 'flag']);
  });

  test('takes an empty variable for one that is not set', () => {
    const { config, origins } = resolveConfig({}, { [env]: '' });
    expect([config[name], origins[name]]).toEqual([fallback, 'default']);
  });
});

const refusedFromEnvironment = rows.filter(({ wrong }) => wrong !== '');
const refusedFromFlag = rows.filter(({ flag }) => flag.text !== true);

test('all but texts can be wrong in a variable, and all that take a value as a flag', () => {
  expect([refusedFromEnvironment.length, refusedFromFlag.length]).toEqual([26, 20]);
});

test.each(refusedFromEnvironment)(
  'a wrong $env is named, with what was expected and what it is',
  ({ name, env, wrong, expected }) => {
    expect(complaint({}, { [env]: wrong })).toBe(`${env}: expected ${expected}${shown(name, wrong)}`);
  },
);

test.each(refusedFromFlag)(
  'a wrong --$flagKey is named, with what was expected and what it is',
  ({ name, flagKey, wrong, expected }) => {
    expect(complaint({ [flagKey]: wrong }, {})).toBe(`--${flagKey}: expected ${expected}${shown(name, wrong)}`);
  },
);

/** What `--timeout` makes of a text. */
function timeoutOf(text: string): number | string {
  const complained = complaint({ timeout: text }, {});
  return complained === 'no complaint' ? resolveConfig({ timeout: text }, {}).config.timeoutMs : 'refused';
}

describe('a duration', () => {
  test('is a number with a unit', () => {
    const texts = { '1ms': 1, '10s': 10_000, '5m': 300_000, '2h': 7_200_000, '1d': 86_400_000, '0.5s': 500, '1.0005s': 1001 };
    expect(Object.fromEntries(Object.keys(texts).map((text) => [text, timeoutOf(text)]))).toEqual(texts);
  });

  test('without unit or number, negative, with blanks, or out of bounds is refused', () => {
    const texts = ['10', 's', '-1s', '1 s', ' 1s', '1S', '1e3s', '.5s', '1s ', '0ms', '0.1ms', '25h', '2d', 'Infinitys', '1m30s'];
    expect(texts.map(timeoutOf)).toEqual(texts.map(() => 'refused'));
  });
});

test('on and off are told in any case of letters', () => {
  const yes = ['1', 'true', 'YES', 'On'].map((text) => resolveConfig({}, { CCT_OFFLINE: text }).config.offline);
  const no = ['0', 'FALSE', 'no', 'Off'].map((text) => resolveConfig({}, { CCT_OFFLINE: text }).config.offline);
  expect([yes, no]).toEqual([
    [true, true, true, true],
    [false, false, false, false],
  ]);
});

test('a whole number is digits only', () => {
  const texts = ['1.0', '0x1', '1e1', '+1', ' 1', '-1', '１'];
  expect(texts.map((text) => complaint({ retries: text }, {}))).toEqual(
    texts.map((text) => `--retries: expected a whole number from 0 to 10, got ${JSON.stringify(text)}`),
  );
});

test('an address of the tracker with user, password, query or fragment is refused', () => {
  const texts = ['http://t.example/?a', 'http://t.example/#a', 't.example', ''];
  expect(complaint({ 'api-url': 'http://u:p@t.example/' }, {})).toBe(
    '--api-url: expected an http or https URL without user, password, query or fragment',
  );
  expect(texts.map((text) => complaint({ 'api-url': text }, {}))).toEqual(
    texts.map(
      (text) => `--api-url: expected an http or https URL without user, password, query or fragment, got ${JSON.stringify(text)}`,
    ),
  );
});

test('a control character in a wrong value is shown escaped', () => {
  expect(complaint({ format: '\u001B[31m' }, {})).toBe('--format: expected one of json, ndjson, table, csv, got "\\u001b[31m"');
});

test('variables that are no settings are ignored', () => {
  const config: Config = resolveConfig({}, { CCT_NOTHING: 'x', PATH: '/bin' }).config;
  expect(config).toEqual(resolveConfig({}, {}).config);
});

test('a server for answers is named by a whole redis URL, whose password is never shown', () => {
  const wrong = [
    'redis://:s%zz@r.example',
    'redis://r.example/x',
    'redis://r.example/0?db=1',
    'redis://:secret@',
    'unix:/secret',
  ];
  expect(wrong.map((text) => complaint({ 'cache-url': text }, {}))).toEqual(
    wrong.map(() => '--cache-url: expected a redis or rediss URL, such as redis://user:password@host:6379/0'),
  );
  const right = ['redis://r.example', 'redis://r.example/', 'rediss://:p%20w@[::1]:6380/12'];
  expect(right.map((text) => resolveConfig({ 'cache-url': text }, {}).config.cacheUrl)).toEqual(right);
});
