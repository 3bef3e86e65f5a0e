import { expect, test } from 'vitest';
import { findNearest } from '../../src/core/nearest.ts';

test.each([
  ['timeuot', 'timeout'],
  ['timeot', 'timeout'],
  ['retires', 'retries'],
  ['timeout', 'timeout'],
  ['rat', 'rate'],
  ['xyz', undefined],
  ['', undefined],
  ['timeout_of_one_attempt', undefined],
])('%j is meant to be %j', (word, meant) => {
  expect(findNearest(word, ['timeout', 'retries', 'rate'])).toBe(meant);
});
