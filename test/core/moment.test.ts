import { expect, test } from 'vitest';
import { toIso } from '../../src/core/moment.ts';

test('each moment is written as it is, one after another, twice, and back again', () => {
  const first = new Date('2026-03-01T12:34:56.789Z');
  const second = new Date('2026-03-01T12:34:56.790Z');
  expect([first, first, second, second, first].map(toIso)).toEqual([
    '2026-03-01T12:34:56.789Z',
    '2026-03-01T12:34:56.789Z',
    '2026-03-01T12:34:56.790Z',
    '2026-03-01T12:34:56.790Z',
    '2026-03-01T12:34:56.789Z',
  ]);
});

test('what is no moment is an error, also after one that was', () => {
  toIso(new Date(0));
  expect(() => toIso(new Date(NaN))).toThrow(RangeError);
  expect(toIso(new Date(0))).toBe('1970-01-01T00:00:00.000Z');
});
