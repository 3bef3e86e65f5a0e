import { expect, test } from 'vitest';
import { createDistinct } from '../../src/core/distinct.ts';

const toUrl = (value: string) => ({ type: 'url', value });

test('the first of equal observables is new, the others are not', () => {
  const distinct = createDistinct();
  const values = ['a', 'b', 'a', 'c', 'a', 'b', 'd', 'c'];
  expect(values.filter((value) => distinct.add(toUrl(value)))).toEqual(['a', 'b', 'c', 'd']);
});

test('the same value of another type is another observable', () => {
  const distinct = createDistinct();
  const isNew = ['ip', 'url', 'ip', 'url'].map((type) => distinct.add({ type, value: '192.0.2.1' }));
  expect(isNew).toEqual([true, true, false, false]);
});

test('too many of one type are an error', () => {
  const distinct = createDistinct(2);
  const add = (value: string) => distinct.add(toUrl(value));
  expect([add('a'), add('b'), add('a')]).toEqual([true, true, false]);
  expect(() => add('c')).toThrow('more than 2 distinct observables of type url: split the input');
});
