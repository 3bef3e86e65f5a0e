import { describe, expect, test } from 'vitest';
import { CctError } from '../src/core/errors.ts';
import { flagName, resolveConfig, settings } from '../src/config.ts';
import type { Config, SettingName } from '../src/config.ts';
import type { Given } from './helpers/setting-cases.ts';
import { settingCases } from './helpers/setting-cases.ts';

const names = Object.keys(settings) as SettingName[]; // The keys of `settings` are exactly these.
const rows = names.map((name) => {
  const { flag, env } = settings[name];
  return { name, flagKey: flagName({ flag }), env, ...settingCases[name] };
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
const shown = (name: SettingName, wrong: string) => {
  if (!['cacheUrl', 'proxy'].includes(name)) return `, got ${JSON.stringify(wrong)}`;
  return wrong.includes('@') ? `, got ${wrong.replace(/\/\/.*@/, '//<hidden>@')}` : '';
};

const textOf = ({ text }: Given): string => (text === true ? 'on' : text);

test('the table holds every setting', () => {
  expect(rows).toHaveLength(55);
  expect(Object.keys(settingCases).sort()).toEqual([...names].sort());
});

test('no two settings share a flag or a variable', () => {
  expect(new Set(rows.map(({ flagKey }) => flagKey)).size).toBe(55);
  expect(new Set(rows.map(({ env }) => env)).size).toBe(55);
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
  expect([refusedFromEnvironment.length, refusedFromFlag.length]).toEqual([47, 34]);
});

test.each(refusedFromEnvironment)(
  'a wrong $env is named, with what was expected and what it is',
  ({ name, env, wrong, expected, hint = '' }) => {
    expect(complaint({}, { [env]: wrong })).toBe(`${env}: expected ${expected}${shown(name, wrong)}${hint}`);
  },
);

test.each(refusedFromFlag)(
  'a wrong --$flagKey is named, with what was expected and what it is',
  ({ name, flagKey, wrong, expected, hint = '' }) => {
    expect(complaint({ [flagKey]: wrong }, {})).toBe(`--${flagKey}: expected ${expected}${shown(name, wrong)}${hint}`);
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
    '--api-url: expected an http or https URL without user, password, query or fragment, got http://<hidden>@t.example',
  );
  expect(texts.map((text) => complaint({ 'api-url': text }, {}))).toEqual(
    texts.map(
      (text) => `--api-url: expected an http or https URL without user, password, query or fragment, got ${JSON.stringify(text)}`,
    ),
  );
});

test('the unlisted message is none that a listing can have', () => {
  const messages = ['', 'Malicious', 'Malicious:', 'Malicious: Pony', 'Malicious:\nx'];
  const expected = 'a text that does not mean listed: not "Malicious", alone or before a colon';
  expect(messages.map((text) => complaint({ 'unlisted-message': text }, {}))).toEqual(
    messages.map((text) => `--unlisted-message: expected ${expected}, got ${JSON.stringify(text)}`),
  );
  expect(resolveConfig({ 'unlisted-message': 'Malicious not' }, {}).config.unlistedMessage).toBe('Malicious not');
});

test('a control character in a wrong value is shown escaped', () => {
  expect(complaint({ format: '\u001B[31m' }, {})).toBe(`--format: expected ${settings.format.expected}, got "\\u001b[31m"`);
});

test('variables that are no settings are ignored', () => {
  const config: Config = resolveConfig({}, { CCT_NOTHING: 'x', PATH: '/bin' }).config;
  expect(config).toEqual(resolveConfig({}, {}).config);
});

test('a server for answers is named by a whole redis URL, whose password is never shown', () => {
  const wrong = {
    'redis://:s%zz@r.example:6379': ', got redis://<hidden>@r.example:6379',
    'redis://r.example/x': '',
    'redis://r.example/0?db=1': '',
    'redis://:secret@': '',
    'unix:/secret': '',
  };
  expect(Object.keys(wrong).map((text) => complaint({ 'cache-url': text }, {}))).toEqual(
    Object.values(wrong).map(
      (shown) => `--cache-url: expected a redis or rediss URL, such as redis://user:password@host:6379/0${shown}`,
    ),
  );
  const right = ['redis://r.example', 'redis://r.example/', 'rediss://:p%20w@[::1]:6380/12'];
  expect(right.map((text) => resolveConfig({ 'cache-url': text }, {}).config.cacheUrl)).toEqual(right);
});
