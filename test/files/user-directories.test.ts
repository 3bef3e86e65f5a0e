import { expect, test } from 'vitest';
import { userDirectory } from '../../src/files/user-directories.ts';

test.each([
  ['linux', { XDG_DATA_HOME: '/data' }, '/home/ann', '/data/cct'],
  ['linux', { XDG_DATA_HOME: 'data' }, '/home/ann', '/home/ann/.local/share/cct'],
  ['linux', { XDG_DATA_HOME: '' }, '/home/ann', '/home/ann/.local/share/cct'],
  ['freebsd', {}, '/home/ann', '/home/ann/.local/share/cct'],
  ['darwin', { XDG_DATA_HOME: '/data' }, '/Users/ann', '/Users/ann/Library/Application Support/cct'],
  ['win32', { LOCALAPPDATA: 'D:\\Local' }, 'C:\\Users\\ann', 'D:\\Local\\cct'],
  ['win32', { LOCALAPPDATA: 'Local' }, 'C:\\Users\\ann', 'C:\\Users\\ann\\AppData\\Local\\cct'],
  ['win32', {}, 'C:\\Users\\ann', 'C:\\Users\\ann\\AppData\\Local\\cct'],
] as const)('the data directory on %s with %j and home %s is %s', (platform, env, home, directory) => {
  expect(userDirectory('data', env, platform, home)).toBe(directory);
});

test.each<[NodeJS.Platform, Record<string, string>, string]>([
  ['linux', {}, '/home/you/.cache/cct'],
  ['linux', { XDG_CACHE_HOME: '/var/cache/you' }, '/var/cache/you/cct'],
  ['linux', { XDG_CACHE_HOME: 'relative' }, '/home/you/.cache/cct'],
  ['linux', { XDG_CACHE_HOME: '' }, '/home/you/.cache/cct'],
  ['darwin', { XDG_CACHE_HOME: '/x' }, '/home/you/Library/Caches/cct'],
  ['win32', { LOCALAPPDATA: 'D:\\Local' }, 'D:\\Local\\cct\\cache'],
  ['win32', { LOCALAPPDATA: 'Local' }, '\\home\\you\\AppData\\Local\\cct\\cache'],
])('the cache directory on %s with %j is %s', (platform, env, directory) => {
  expect(userDirectory('cache', env, platform, '/home/you')).toBe(directory);
});

test.each<[NodeJS.Platform, Record<string, string>, string]>([
  ['linux', {}, '/home/you/.config/cct'],
  ['linux', { XDG_CONFIG_HOME: '/etc/you' }, '/etc/you/cct'],
  ['linux', { XDG_CONFIG_HOME: '.' }, '/home/you/.config/cct'],
  ['darwin', { XDG_CONFIG_HOME: '/x' }, '/home/you/Library/Application Support/cct'],
  ['win32', { APPDATA: 'D:\\Roaming', LOCALAPPDATA: 'D:\\Local' }, 'D:\\Roaming\\cct'],
  ['win32', {}, '\\home\\you\\AppData\\Roaming\\cct'],
])('the configuration directory on %s with %j is %s', (platform, env, directory) => {
  expect(userDirectory('config', env, platform, '/home/you')).toBe(directory);
});
