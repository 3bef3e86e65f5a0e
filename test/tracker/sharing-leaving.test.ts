import { getEventListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import { CctError } from '../../src/core/errors.ts';
import type { LookupContext } from '../../src/core/tracker.ts';
import { toListed, unlisted } from '../core/samples.ts';
import { createCaller, toQuestion } from './sharing-callers.ts';
import { createShared } from './shared-tracker.ts';
import { idle } from '../helpers/idle.ts';

describe('a caller that leaves a shared lookup', () => {
  test('in the queue is let go at once, and what nobody else wants is never asked', async () => {
    const { ask, keys, busy, answerAll } = createShared(1);
    const [hasty, patient] = [createCaller(), createCaller()];
    const first = ask('a', patient);
    const left = ['b', 'c', 'c'].map((key) => ask(key, hasty));
    const stayed = ask('c', patient);
    hasty.leave();
    const told = await Promise.allSettled(left);
    expect(told.map((end) => end.status === 'rejected' && (end.reason as unknown))).toEqual(left.map(() => hasty.error));
    expect(busy()).toEqual([1, 1]);
    await answerAll();
    expect([await first, await stayed, keys(), busy()]).toEqual([unlisted, unlisted, ['a', 'c'], [0, 0]]);
  });

  test('in flight leaves the lookup to the others', async () => {
    const { ask, asked } = createShared(1);
    const [hasty, patient] = [createCaller(), createCaller()];
    const left = ask('a', hasty);
    const stayed = ask('a', patient);
    hasty.leave();
    await expect(left).rejects.toBe(hasty.error);
    expect(asked[0]?.context.signal.aborted).toBe(false);
    asked[0]?.answer(toListed());
    expect(await stayed).toEqual(toListed());
  });

  test('as the last one ends the lookup, with its reason', async () => {
    const { ask, asked, busy } = createShared(1);
    const callers = [createCaller(), createCaller()] as const;
    const left = callers.map((caller) => ask('a', caller));
    callers[1].leave();
    callers[0].leave();
    await Promise.allSettled(left);
    expect([asked[0]?.context.signal.aborted, asked[0]?.context.signal.reason]).toEqual([true, callers[0].error]);
    await idle();
    expect(busy()).toEqual([0, 0]);
  });

  test('before it asks is refused, and asks nothing', async () => {
    const { ask, keys, busy } = createShared(1);
    const gone = createCaller();
    gone.leave();
    await expect(ask('a', gone)).rejects.toBe(gone.error);
    expect([keys(), busy()]).toEqual([[], [0, 0]]);
  });

  test('while its end is being listened for is refused, asks nothing, and leaves nothing behind', async () => {
    const { tracker, keys, busy } = createShared(1);
    const reason = new CctError('interrupted', 'Interrupted before it was answered');
    let isOver = false;
    const context: LookupContext = {
      signal: AbortSignal.abort(reason),
      isOver: () => isOver,
      onOver(callback) {
        isOver = true;
        callback(reason);
        return () => undefined;
      },
    };
    await expect(tracker.lookup(toQuestion('a'), context)).rejects.toBe(reason);
    await expect(tracker.lookup(toQuestion('b'), context)).rejects.toBe(reason);
    expect([keys(), busy()]).toEqual([[], [0, 0]]);
  });

  test('for a reason that is no error of ours leaves with one', async () => {
    const { tracker } = createShared(1);
    const stop = new AbortController();
    const given = tracker.lookup(toQuestion('a'), { signal: stop.signal });
    stop.abort(new Error('why'));
    await expect(given).rejects.toMatchObject({ code: 'internal', message: 'This is a bug in cct: why' });
  });

  test('does not take a newcomer along: who asks then has a lookup of its own', async () => {
    const { ask, asked, keys, busy } = createShared(2, { heedsSignal: false });
    const hasty = createCaller();
    const left = ask('a', hasty);
    hasty.leave();
    const fresh = ask('a', createCaller());
    const joined = ask('a', createCaller());
    await expect(left).rejects.toBe(hasty.error);
    expect([keys(), busy()]).toEqual([
      ['a', 'a'],
      [2, 0],
    ]);
    asked[0]?.fail(new CctError('interrupted', 'The old one'));
    await idle();
    const late = ask('a', createCaller());
    expect(keys()).toEqual(['a', 'a']);
    asked[1]?.answer(toListed());
    expect(await Promise.all([fresh, joined, late])).toEqual([toListed(), toListed(), toListed()]);
  });
});

describe('the deadline of a lookup', () => {
  test('is the latest of those who wait, as they come and go', async () => {
    const { ask, asked } = createShared(1);
    const deadline = () => asked[0]?.context.deadlineAtMs;
    const [early, late, never] = [createCaller(1000), createCaller(2000), createCaller()];
    const given = [ask('a', early)];
    expect(deadline()).toBe(1000);
    given.push(ask('a', late));
    expect(deadline()).toBe(2000);
    given.push(ask('a', never));
    expect(deadline()).toBe(undefined);
    never.leave();
    expect(deadline()).toBe(2000);
    late.leave();
    expect(deadline()).toBe(1000);
    asked[0]?.answer(unlisted);
    await Promise.allSettled(given);
  });
});

describe('nothing is left behind', () => {
  test('on the signal of a caller that lives on', async () => {
    const { ask, answerAll } = createShared(2);
    const caller = createCaller();
    const count = () => getEventListeners(caller.context.signal, 'abort').length;
    const given = Array.from({ length: 100 }, (_, at) => ask(`k${at}`, caller));
    expect(count()).toBe(1);
    await answerAll();
    await Promise.all(given);
    expect(count()).toBe(0);
  });

  test('and many contexts may have one signal, without a warning', async () => {
    const { tracker, answerAll } = createShared(2);
    const { context } = createCaller();
    const warnings: string[] = [];
    const note = ({ message }: Error) => void warnings.push(message);
    process.on('warning', note);
    const given = Array.from({ length: 20 }, (_, at) => tracker.lookup(toQuestion(`k${at}`), { ...context }));
    expect(getEventListeners(context.signal, 'abort').length).toBe(20);
    await answerAll();
    await Promise.all(given);
    process.off('warning', note);
    expect([warnings, getEventListeners(context.signal, 'abort').length]).toEqual([[], 0]);
  });
});
