import { getEventListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import { CctError } from '../../src/core/errors.ts';
import type { Answer, LookupContext, Tracker } from '../../src/core/tracker.ts';
import { createSharedTracker } from '../../src/tracker/shared.ts';
import { createDeferred, toListed, unlisted } from '../core/samples.ts';
import { createCaller, idle, toQuestion } from './shared-callers.ts';

interface Asked {
  readonly key: string;
  readonly context: LookupContext;
  readonly answer: (answer: Answer) => void;
  readonly fail: (reason: Error) => void;
}

/** A shared tracker over one whose every lookup ends when the test says so; as ours do, it ends with its signal too. */
function createShared(concurrency: number, { heedsSignal = true } = {}) {
  const asked: Asked[] = [];
  let pings = 0;
  let closings = 0;
  const inner: Tracker = {
    identify: ({ key }) => key.toLowerCase(),
    lookup({ key }, context) {
      const { promise, resolve, reject } = createDeferred<Answer>();
      asked.push({ key, context, answer: resolve, fail: reject });
      if (heedsSignal) context.signal.addEventListener('abort', () => reject(context.signal.reason as Error), { once: true });
      return promise;
    },
    ping: () => Promise.resolve(void (pings += 1)),
    close: () => void (closings += 1),
  };
  const tracker = createSharedTracker(inner, { concurrency });
  return {
    tracker,
    asked,
    keys: () => asked.map(({ key }) => key),
    busy: () => [tracker.inFlight, tracker.waiting],
    counts: () => [pings, closings],
    ask: (key: string, { context }: { readonly context: LookupContext }) => tracker.lookup(toQuestion(key), context),
    /** Answers what was asked first, and the next, and so on, one at a time, until nothing is left. */
    answerAll: async () => {
      for (let at = 0; at < asked.length; at += 1) {
        asked[at]?.answer(unlisted);
        await idle();
      }
    },
  };
}

describe('callers who want the same at once', () => {
  test('share one lookup and its answer', async () => {
    const { ask, asked, keys, busy } = createShared(6);
    const [one, other] = [createCaller(), createCaller()];
    const given = [ask('a', one), ask('a', one), ask('A', other), ask('b', other)];
    expect([keys(), busy()]).toEqual([
      ['a', 'b'],
      [2, 0],
    ]);
    for (const { key, answer } of asked) answer(toListed({ family: key }));
    expect(await Promise.all(given)).toEqual(['a', 'a', 'a', 'b'].map((family) => toListed({ family })));
    expect(busy()).toEqual([0, 0]);
  });

  test('share its failure', async () => {
    const { ask, asked } = createShared(6);
    const given = [ask('a', createCaller()), ask('a', createCaller())];
    const failure = new CctError('forbidden', 'No');
    asked[0]?.fail(failure);
    const told = await Promise.allSettled(given);
    expect(told.map((end) => end.status === 'rejected' && (end.reason as unknown))).toEqual([failure, failure]);
  });

  test('ask anew once it has ended', async () => {
    const { ask, asked, keys } = createShared(6);
    const caller = createCaller();
    const first = ask('a', caller);
    asked[0]?.answer(unlisted);
    await first;
    const second = ask('a', caller);
    asked[1]?.answer(toListed());
    expect([await second, keys()]).toEqual([toListed(), ['a', 'a']]);
  });

  test('are told of a bug as one', async () => {
    const inner: Tracker = {
      ...createShared(1).tracker,
      identify: ({ key }) => key,
      lookup() {
        throw new TypeError('x is not a function');
      },
    };
    const tracker = createSharedTracker(inner, { concurrency: 1 });
    const given = tracker.lookup(toQuestion('a'), createCaller().context);
    await expect(given).rejects.toMatchObject({ code: 'internal', message: 'This is a bug in cct: x is not a function' });
    expect([tracker.inFlight, tracker.waiting]).toEqual([0, 0]);
  });
});

describe('lookups in flight', () => {
  test('are as many as may be, and the next begins when one ends, well or badly', async () => {
    const { ask, asked, keys, busy } = createShared(2);
    const caller = createCaller();
    const given = ['a', 'b', 'c', 'd'].map((key) => ask(key, caller));
    expect([keys(), busy()]).toEqual([
      ['a', 'b'],
      [2, 2],
    ]);
    asked[1]?.fail(new CctError('forbidden', 'No'));
    await expect(given[1]).rejects.toMatchObject({ code: 'forbidden' });
    await idle();
    expect([keys(), busy()]).toEqual([
      ['a', 'b', 'c'],
      [2, 1],
    ]);
    for (const at of [0, 2]) asked[at]?.answer(unlisted);
    await idle();
    asked[3]?.answer(unlisted);
    await Promise.allSettled(given);
    expect([keys(), busy()]).toEqual([
      ['a', 'b', 'c', 'd'],
      [0, 0],
    ]);
  });

  test('include one that was given up and does not end', async () => {
    const { ask, busy, keys, asked } = createShared(1, { heedsSignal: false });
    const hasty = createCaller();
    const left = ask('a', hasty);
    const stayed = ask('b', createCaller());
    hasty.leave();
    await expect(left).rejects.toBe(hasty.error);
    expect([keys(), busy()]).toEqual([['a'], [1, 1]]);
    asked[0]?.answer(unlisted);
    await idle();
    asked[1]?.answer(toListed());
    expect([await stayed, keys()]).toEqual([toListed(), ['a', 'b']]);
  });
});

describe('turns', () => {
  test('go round the callers', async () => {
    const { ask, keys, answerAll } = createShared(1);
    const [many, few, single] = [createCaller(), createCaller(), createCaller()];
    const given = [
      ...Array.from({ length: 1000 }, (_, at) => ask(`m${at}`, many)),
      ...['f0', 'f1'].map((key) => ask(key, few)),
      ask('s0', single),
    ];
    await answerAll();
    await Promise.all(given);
    expect(keys().slice(0, 8)).toEqual(['m0', 'm1', 'f0', 's0', 'm2', 'f1', 'm3', 'm4']);
    expect(keys().length).toBe(1003);
  });

  test('of a caller come in the order in which it asked', async () => {
    const { ask, keys, answerAll } = createShared(3);
    const caller = createCaller();
    const wanted = Array.from({ length: 100 }, (_, at) => `k${at}`);
    const given = wanted.map((key) => ask(key, caller));
    await answerAll();
    await Promise.all(given);
    expect(keys()).toEqual(wanted);
  });

  test('of one that joins are its own: it does not wait behind all that the first one wants', async () => {
    const { ask, keys, answerAll } = createShared(1);
    const [many, single] = [createCaller(), createCaller()];
    const given = [...Array.from({ length: 50 }, (_, at) => ask(`m${at}`, many)), ask('m40', single)];
    await answerAll();
    await Promise.all(given);
    expect(keys().slice(0, 4)).toEqual(['m0', 'm1', 'm40', 'm2']);
    expect(keys().length).toBe(50);
  });

  test('are not lost on lookups that began in the turn of another', async () => {
    const { ask, asked, keys, answerAll } = createShared(1);
    const [one, other] = [createCaller(), createCaller()];
    const given = [ask('x', one), ask('a', one), ask('b', one), ask('a', other), ask('c', other)];
    asked[0]?.answer(unlisted);
    await idle();
    expect(keys()).toEqual(['x', 'a']);
    await answerAll();
    await Promise.all(given);
    expect(keys()).toEqual(['x', 'a', 'c', 'b']);
  });
});

describe('a caller that leaves', () => {
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

test('ping, close and identify go to the inner tracker', async () => {
  const { tracker, counts } = createShared(1);
  await tracker.ping(createCaller().context);
  await tracker.close();
  expect([counts(), tracker.identify(toQuestion('A'))]).toEqual([[1, 1], 'a']);
});
