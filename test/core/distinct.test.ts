import { expect, test } from 'vitest';
import { createDistinct } from '../../src/core/distinct.ts';

test('the first of equal observables is new, the others are not, however many sets they fill', () => {
  const distinct = createDistinct(2);
  const values = ['a', 'b', 'a', 'c', 'a', 'b', 'd', 'e', 'c', 'e', 'f', 'd', 'a'];
  const isNew = values.map((value) => distinct.add({ type: 'url', value }));
  expect(values.filter((_value, at) => isNew[at])).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
});

test('the same value of another type is another observable', () => {
  const distinct = createDistinct();
  expect(['ip', 'url', 'ip', 'url'].map((type) => distinct.add({ type, value: '192.0.2.1' }))).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
