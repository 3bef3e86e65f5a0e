import { expect, test } from 'vitest';
import { createDistinct } from '../../../src/core/observables/distinct.ts';

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

test('as many as make room for more', () => {
  const distinct = createDistinct();
  const values = Array.from({ length: 100_000 }, (_, at) => `http://h${at}.example/`);
  expect(values.filter((value) => distinct.add(toUrl(value)))).toEqual(values);
  expect(values.filter((value) => distinct.add(toUrl(value)))).toEqual([]);
});

test('type and value are told apart, whatever they contain', () => {
  const distinct = createDistinct();
  const pairs = [
    ['ab', 'c'],
    ['a', 'bc'],
    ['a\0b', 'c'],
    ['a', 'b\0c'],
    ['', 'abc'],
    ['abc', ''],
  ];
  expect(pairs.map(([type = '', value = '']) => distinct.add({ type, value }))).toEqual(pairs.map(() => true));
});
