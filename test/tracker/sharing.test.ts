import { describe, expect, test } from 'vitest';
import { CctError } from '../../src/core/errors.ts';
import type { Tracker } from '../../src/core/tracker.ts';
import { createSharedTracker } from '../../src/tracker/sharing.ts';
import { toListed, unlisted } from '../core/samples.ts';
import { createCaller, toQuestion } from './sharing-callers.ts';
import { createShared } from './shared-tracker.ts';
import { idle } from '../helpers/idle.ts';

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

test('ping, close and identify go to the inner tracker', async () => {
  const { tracker, counts } = createShared(1);
  await tracker.ping(createCaller().context);
  await tracker.close();
  expect([counts(), tracker.identify(toQuestion('A'))]).toEqual([[1, 1], 'a']);
});
