import { expect, test } from 'vitest';
import { parseJson } from '../../src/core/json-text.ts';

test('a JSON text has its value, and any other none', () => {
  expect(['{"a":[1]}', 'null', ' "x" ', '0'].map(parseJson)).toEqual([{ a: [1] }, null, 'x', 0]);
  expect(['', '{', "{'a':1}", 'NaN', 'undefined'].map(parseJson)).toEqual(Array.from({ length: 5 }, () => undefined));
});
