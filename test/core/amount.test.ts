import { expect, it } from 'vitest';
import { formatCount, toAmount } from '../../src/core/amount.ts';

it.each([
  [0, '0'],
  [999, '999'],
  [1000, '1,000'],
  [11_665, '11,665'],
  [16_777_216, '16,777,216'],
])('writes %i as %s', (count, expected) => {
  expect(formatCount(count)).toBe(expected);
});

it.each([
  [0, '0 lookups'],
  [1, '1 lookup'],
  [2, '2 lookups'],
  [1500, '1,500 lookups'],
])('writes an amount of %i as %s', (count, expected) => {
  expect(toAmount(count, 'lookup')).toBe(expected);
});

it('takes the plural that is given', () => {
  expect(toAmount(1, 'entry', 'entries')).toBe('1 entry');
  expect(toAmount(11_665, 'entry', 'entries')).toBe('11,665 entries');
});
