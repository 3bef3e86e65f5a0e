import { describe, expect, test } from 'vitest';
import { unlisted } from '../core/samples.ts';
import { createShared } from './pausing-tracker.ts';
import { createCaller } from './sharing-callers.ts';
import { idle } from '../helpers/idle.ts';

describe('a lookup that pauses', () => {
  test('leaves its place to another caller, and goes on when its turn comes', async () => {
    const { ask, events, busy, pause, goOn, answer } = createShared(1);
    const given = [ask('a', createCaller()), ask('b', createCaller())];
    expect(busy()).toEqual([1, 1]);
    await pause('a');
    expect([events, busy()]).toEqual([
      ['+a', '-a', '+b'],
      [1, 0],
    ]);
    await goOn('a');
    expect([events.at(-1), busy()]).toEqual(['+b', [1, 1]]);
    await answer('b');
    expect([events.at(-1), busy()]).toEqual(['+a', [1, 0]]);
    await answer('a');
    expect([await Promise.all(given), busy()]).toEqual([
      [unlisted, unlisted],
      [0, 0],
    ]);
  });

  test('goes on at once where there is a place', async () => {
    const { ask, events, busy, pause, goOn, answer } = createShared(2);
    const given = ask('a', createCaller());
    await pause('a');
    expect(busy()).toEqual([0, 0]);
    await goOn('a');
    expect([events, busy()]).toEqual([
      ['+a', '-a', '+a'],
      [1, 0],
    ]);
    await answer('a');
    expect(await given).toEqual(unlisted);
  });

  test('takes its turn like any other lookup of its caller, and before those of it that have not begun', async () => {
    const { ask, events, pause, goOn, answer } = createShared(2);
    const [many, other] = [createCaller(), createCaller()];
    const given = [...['m0', 'm1', 'm2', 'm3'].map((key) => ask(key, many)), ...['o0', 'o1'].map((key) => ask(key, other))];
    await pause('m0');
    expect(events.at(-1)).toBe('+o0');
    await goOn('m0');
    await answer('m1');
    expect(events.at(-1)).toBe('+o1');
    await answer('o0');
    expect(events.at(-1)).toBe('+m0');
    await answer('m0');
    expect(events.at(-1)).toBe('+m2');
    await answer('o1', 'm2');
    await answer('m3');
    await Promise.all(given);
  });

  test('does not make its caller begin all the rest meanwhile', async () => {
    const { ask, events, busy, pause, goOn, answer } = createShared(2);
    const [many, other] = [createCaller(), createCaller()];
    const given = ['a', 'b', 'c', 'd'].map((key) => ask(key, many));
    await pause('a', 'b');
    expect([events, busy()]).toEqual([
      ['+a', '+b', '-a', '-b'],
      [0, 2],
    ]);
    const asked = ask('o', other);
    expect([events.at(-1), busy()]).toEqual(['+o', [1, 2]]);
    await answer('o');
    await goOn('a');
    await answer('a');
    expect([events.slice(-2), busy()]).toEqual([
      ['+a', '+c'],
      [1, 1],
    ]);
    await goOn('b');
    await answer('b', 'c');
    await answer('d');
    await Promise.all([...given, asked]);
    expect(busy()).toEqual([0, 0]);
  });

  test('may do so again', async () => {
    const { ask, events, pause, goOn, answer, busy } = createShared(1);
    const given = ask('a', createCaller());
    for (let times = 0; times < 3; times += 1) {
      await pause('a');
      await goOn('a');
    }
    await answer('a');
    expect([await given, events, busy()]).toEqual([unlisted, ['+a', '-a', '+a', '-a', '+a', '-a', '+a'], [0, 0]]);
  });

  test('can be joined, and then has a turn in that lane too', async () => {
    const { ask, events, busy, pause, goOn, answer } = createShared(1);
    const [first, second, third] = [createCaller(), createCaller(), createCaller()];
    const given = [ask('a', first), ask('x', second)];
    await pause('a');
    given.push(ask('a', second));
    await goOn('a');
    given.push(ask('a', third));
    expect([events, busy()]).toEqual([
      ['+a', '-a', '+x'],
      [1, 1],
    ]);
    const ends = Promise.allSettled(given);
    first.leave();
    second.leave();
    await idle();
    expect([events.slice(-1), busy()]).toEqual([['+a'], [1, 0]]);
    await answer('a');
    const told = await ends;
    expect(told.map((end) => (end.status === 'fulfilled' ? end.value : end.reason) as unknown)).toEqual([
      first.error,
      second.error,
      second.error,
      unlisted,
    ]);
  });
});

describe('a caller that leaves', () => {
  test('a lookup in its pause ends it, with its reason', async () => {
    const { ask, events, busy, pause, of } = createShared(1);
    const hasty = createCaller();
    const left = ask('a', hasty);
    await pause('a');
    hasty.leave();
    await expect(left).rejects.toBe(hasty.error);
    await idle();
    expect([events, busy(), of('a').context.signal.reason]).toEqual([['+a', '-a', '!a'], [0, 0], hasty.error]);
  });

  test('a lookup that waits for its turn again ends it, and it never goes on', async () => {
    const { ask, events, busy, pause, goOn, answer } = createShared(1);
    const [hasty, patient] = [createCaller(), createCaller()];
    const left = ask('a', hasty);
    const stayed = ask('b', patient);
    await pause('a');
    await goOn('a');
    hasty.leave();
    await expect(left).rejects.toBe(hasty.error);
    await idle();
    expect([events, busy()]).toEqual([
      ['+a', '-a', '+b', '!a'],
      [1, 0],
    ]);
    await answer('b');
    expect([await stayed, events.length, busy()]).toEqual([unlisted, 4, [0, 0]]);
  });

  test('makes way for those who come after it, held up or not', async () => {
    const { ask, busy, pause, answer } = createShared(1);
    const hasty = createCaller();
    const left = ['a', 'b'].map((key) => ask(key, hasty));
    await pause('a');
    hasty.leave();
    await Promise.allSettled(left);
    await idle();
    const asked = ask('b', createCaller());
    expect(busy()).toEqual([1, 0]);
    await answer('b');
    expect(await asked).toEqual(unlisted);
  });
});
