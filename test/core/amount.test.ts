import { expect, it } from 'vitest';
import { formatCount, toAmount, toCounts } from '../../src/core/amount.ts';

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

it('names counts, without zeros', () => {
  expect([toCounts({ added: 1200, removed: 0, changed: 1 }), toCounts({ added: 0 })]).toEqual(['1,200 added, 1 changed', '']);
});
