import { expect, test } from 'vitest';
import type { LookupContext } from '../../src/core/tracker.ts';
import { isOver, onOver } from '../../src/core/tracker.ts';

test('the end of a call is told by its signal, once, with the reason', () => {
  const call = new AbortController();
  const reasons: unknown[] = [];
  onOver({ signal: call.signal }, (reason) => reasons.push(reason));
  expect([isOver({ signal: call.signal }), reasons]).toEqual([false, []]);
  call.abort('enough');
  call.signal.dispatchEvent(new Event('abort'));
  expect([isOver({ signal: call.signal }), reasons]).toEqual([true, ['enough']]);
});

test('who takes the callback back is told nothing', () => {
  const call = new AbortController();
  const reasons: unknown[] = [];
  onOver({ signal: call.signal }, (reason) => reasons.push(reason))();
  call.abort('enough');
  expect(reasons).toEqual([]);
});

test('a call that can tell its end without its signal is asked instead', () => {
  const callbacks = new Set<(reason: unknown) => void>();
  const context: LookupContext = {
    get signal(): AbortSignal {
      throw new Error('not to be made');
    },
    isOver: () => callbacks.size === 0,
    onOver(callback) {
      callbacks.add(callback);
      return () => void callbacks.delete(callback);
    },
  };
  const reasons: unknown[] = [];
  const takeBack = onOver(context, (reason) => reasons.push(reason));
  expect(isOver(context)).toBe(false);
  for (const callback of callbacks) callback('late');
  takeBack();
  expect([isOver(context), reasons]).toEqual([true, ['late']]);
});
