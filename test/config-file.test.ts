import { describe, expect, test } from 'vitest';
import type { FlagValues, SettingName } from '../src/config.ts';
import {
  findNamedFile,
  findUnknownVariables,
  parseSettings,
  resolveConfig,
  serveSettings,
  settingKey,
  settings,
  toFileValue,
} from '../src/config.ts';
import { toCctError } from '../src/core/errors.ts';
import { settingCases } from './helpers/setting-cases.ts';

const names = Object.keys(settings) as SettingName[]; // The keys of `settings` are exactly these.
const isPerRun = (name: SettingName) => 'isPerRun' in settings[name];

/** What is wrong with a file, after its name. */
async function problemOf(text: string): Promise<string> {
  try {
    await parseSettings(text, 'config.json');
    return 'no problem';
  } catch (thrown) {
    const { code, message } = toCctError(thrown);
    return code === 'input' ? message.replace('config.json', '') : `${code}: ${message}`;
  }
}

test('settings for one run are refused, and no other', async () => {
  const refused = [
    'config',
    'dry_run',
    'html',
    'include_private',
    'join',
    'keep_all',
    'new_since',
    'no_config',
    'output',
    'refresh',
    'state',
    'yes',
  ];
  expect(
    names
      .filter(isPerRun)
      .map((name) => settingKey(settings[name]))
      .sort(),
  ).toEqual(refused);
  const flag = (key: string) => key.replaceAll('_', '-');
  expect(await Promise.all(refused.map((key) => problemOf(`{\n  "${key}": true\n}`)))).toEqual(
    refused.map(
      (key) =>
        `:2:3: ${key} applies to a single run and is not allowed in a file: use --${flag(key)} or CCT_${key.toUpperCase()}`,
    ),
  );
});

describe.each(names.filter((name) => !isPerRun(name)))('%s', (name) => {
  const key = settingKey(settings[name]);
  const { flag, variable, fallback } = settingCases[name];
  const holdsSecret = (value: unknown) => typeof value === 'string' && value.includes('@');

  test('is taken from the file before its default, and after flag and variable', async () => {
    const given = [flag, variable].find(({ text }) => !holdsSecret(text)) ?? flag;
    const inFile = flag.text === true ? true : given.text;
    const file = await parseSettings(JSON.stringify({ [key]: inFile }), 'config.json');
    const env = { [settings[name].env]: variable.text === true ? 'on' : variable.text };
    const origins = [resolveConfig({}, {}, file), resolveConfig({}, env, file)].map((each) => each.origins[name]);
    expect([resolveConfig({}, {}, file).config[name], origins]).toEqual([given.value, ['file', 'environment']]);
    expect(resolveConfig({}, {}, file).givenBy[name]).toBe('config.json');
  });

  test('is written as it is read', async () => {
    const value = [fallback, flag.value].find((each) => each !== undefined && !holdsSecret(each));
    const written = JSON.stringify({ [key]: toFileValue(settings[name], value) });
    expect(resolveConfig({}, {}, await parseSettings(written, 'config.json')).config[name]).toEqual(value);
  });
});

describe('a file with', () => {
  test.each([
    ['nothing in it', '', ':1:1: invalid JSON: value expected'],
    ['half an object', '{', ':1:2: invalid JSON: close brace expected'],
    ['a comma too many', '{\n "retries": 3,\n}', ':3:1: invalid JSON: property name expected'],
    ['a comment', '{\r\n // no\r\n}', ':2:2: invalid JSON: invalid comment token'],
    ['no object', '["timeout"]', ':1:1: expected an object of settings, such as {"timeout": "20s"}'],
    ['a repeated key', '{"timeout":"1s",\n"time\\u006fut":"2s"}', ':2:1: "timeout" is set twice: remove one'],
    ['a mistyped key', '{"timeuot":"1s"}', ':1:2: unknown setting "timeuot" (did you mean timeout?)'],
    ['a flag', '{"--fail-on-listed":true}', ':1:2: unknown setting "--fail-on-listed" (did you mean fail_on_listed?)'],
    ['a variable', '{"CCT_FORMAT":"csv"}', ':1:2: unknown setting "CCT_FORMAT" (did you mean format?)'],
    ['a strange key', '{"__proto__":1}', ':1:2: unknown setting "__proto__"; cct config lists them'],
    ['a control character', '{"a\\u001b[31m":1}', ':1:2: unknown setting "a\\u001b[31m"; cct config lists them'],
    ['a wrong text', '{"retries":"many"}', ':1:12: retries: expected a whole number from 0 to 10, got "many"'],
    ['a wrong number', '{"retries":1e0}', ':1:12: retries: expected a whole number from 0 to 10, got 1e0'],
    [
      'a number without its unit',
      '{"timeout":10}',
      ':1:12: timeout: expected a duration such as 500ms, 10s or 5m, from 1ms to 24h, got 10',
    ],
    ['a number for a name', '{"exclude":1}', ':1:12: exclude: expected a file, got 1'],
    ['a text for true', '{"quiet":"yes"}', ':1:10: quiet: expected true or false, got "yes"'],
    ['true for a text', '{"format":true}', `:1:11: format: expected ${settings.format.expected}, got true`],
    ['a list of one', '{"format":["csv"]}', `:1:11: format: expected ${settings.format.expected}, got ["csv"]`],
    [
      'an object',
      '{"only":{"a":1}}',
      ':1:9: only: expected listed, unlisted, skipped or failed, or several separated by commas, got {"a":1}',
    ],
    [
      'a list of lists',
      '{"column":[["a"]]}',
      ':1:11: column: expected the name or number of a column, or several separated by commas, got [["a"]]',
    ],
    [
      'a secret',
      '{"jwt_secret":"hush"}',
      ':1:2: jwt_secret contains a secret, which is not allowed in a file: use CCT_JWT_SECRET',
    ],
    [
      'a password',
      '{"proxy":"http://me:hush@p.example"}',
      ':1:2: proxy contains a secret, which is not allowed in a file: use CCT_PROXY',
    ],
    [
      'another',
      '{"cache_url":"redis://:hu%40sh"}',
      ':1:2: cache_url contains a secret, which is not allowed in a file: use CCT_CACHE_URL',
    ],
    ['a wrong proxy', '{"proxy":"hush"}', ':1:10: proxy: expected an http or https URL of a proxy, without a path'],
    ['many levels', `{"a":${'['.repeat(50_000)}`, ': JSON nested too deep'],
  ])('%s is refused with its place', async (_what, text, problem) => {
    expect(await problemOf(text)).toBe(problem);
  });

  test('lists, numbers and null is read', async () => {
    const text =
      '{"column": ["host", 2], "only": [], "rate": 0.5, "format": null, "retries": 0, "port": 8080, "trusted_proxy": ["192.0.2.0/24"]}';
    const { config, origins } = resolveConfig({}, {}, await parseSettings(text, 'config.json'));
    expect([config.columns, config.only, config.ratePerSecond, config.retries]).toEqual([['host', '2'], undefined, 0.5, 0]);
    expect([config.format, origins.format, origins.only]).toEqual(['json', 'default', 'default']);
  });
});

test('a secret is never written', () => {
  expect([
    toFileValue(serveSettings.jwtSecret, 'hush'),
    toFileValue(settings.proxy, 'http://me:hush@proxy.example/'),
    toFileValue(settings.cacheUrl, 'redis://:hush@redis.example'),
  ]).toEqual([undefined, undefined, undefined]);
});

test.each<[flags: FlagValues, env: Record<string, string>, path: string | null | undefined]>([
  [{}, {}, null],
  [{ config: 'a' }, {}, 'a'],
  [{ 'no-config': true }, {}, undefined],
  [{}, { CCT_CONFIG: 'b' }, 'b'],
  [{}, { CCT_NO_CONFIG: '1' }, undefined],
  [{}, { CCT_CONFIG: 'b', CCT_NO_CONFIG: '1' }, undefined],
  [{}, { CCT_CONFIG: 'b', CCT_NO_CONFIG: '0' }, 'b'],
  [{ config: 'a' }, { CCT_CONFIG: 'b', CCT_NO_CONFIG: '1' }, 'a'],
  [{ 'no-config': true }, { CCT_CONFIG: 'b' }, undefined],
])('of flags %j and variables %j, the file is %j', (flags, env, path) => {
  expect(findNamedFile(flags, env)).toBe(path);
});

test('variables that the program does not have are found, each with the one that is meant', () => {
  const env = {
    ...{
      CCT_TIMOUT: '1',
      CCT_WHATEVER_THIS_IS: '1',
      cct_format: 'csv',
      CCT_TIMEOUT: '1s',
      CCT_JWT_SECRET: 'x',
      CCT_PORT: '1',
      PATH: '/',
    },
    ...{ CCT_TEST_COMMAND: 'x', CCT_SERVICE_HOST: 'x', CCT_PORT_9090_TCP_ADDR: 'x' },
  };
  expect(findUnknownVariables(env)).toEqual([
    { name: 'CCT_TIMOUT', nearest: 'CCT_TIMEOUT' },
    { name: 'CCT_WHATEVER_THIS_IS', nearest: undefined },
    { name: 'cct_format', nearest: 'CCT_FORMAT' },
  ]);
});
