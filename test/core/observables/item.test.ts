import { expect, test } from 'vitest';
import { CctError } from '../../../src/core/errors.ts';
import { parseItem } from '../../../src/core/observables/item.ts';

function refusalOf(item: unknown): unknown {
  try {
    return parseItem(item, '[7]');
  } catch (thrown) {
    if (!(thrown instanceof CctError)) throw thrown;
    return [thrown.code, thrown.message];
  }
}

test('type and value are taken as they stand, other keys are not', () => {
  expect(parseItem({ type: 'ip', value: ' 192.0.2.1 ', note: 'x' }, '[0]')).toEqual({ type: 'ip', value: ' 192.0.2.1 ' });
});

test('they may be inherited', () => {
  expect(parseItem(Object.create({ type: 'url', value: 'evil.example' }), '[0]')).toEqual({ type: 'url', value: 'evil.example' });
});

test.each([null, undefined, 'ip', 7, [], ['ip', '192.0.2.1'], Object.assign([], { type: 'ip', value: '192.0.2.1' })])(
  '%j is no item',
  (item) => {
    expect(refusalOf(item)).toEqual(['input', '[7]: expected an object with type and value']);
  },
);

test.each([
  ['.type', { value: 'x' }],
  ['.type', { type: '', value: 'x' }],
  ['.type', { type: 1, value: 'x' }],
  ['.type', { type: null, value: '' }],
  ['.value', { type: 'ip' }],
  ['.value', { type: 'ip', value: '' }],
  ['.value', { type: 'ip', value: ['192.0.2.1'] }],
])('what is wrong is named by its place: %s of %j', (place, item) => {
  expect(refusalOf(item)).toEqual(['input', `[7]${place}: expected a non-empty string`]);
});
