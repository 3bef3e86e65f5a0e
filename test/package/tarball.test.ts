import { expect, test } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };

test('the npm package brings no other, for its bundles hold what they use', () => {
  const brings = ['dependencies', 'optionalDependencies', 'peerDependencies', 'bundleDependencies', 'bundledDependencies'];
  expect(Object.keys(packageJson).filter((key) => brings.includes(key))).toEqual([]);
});
