import { describe, expect, test } from 'vitest';
import { CctError } from '../../src/core/errors.ts';
import type { Answer, LookupContext, Tracker } from '../../src/core/tracker.ts';
import { createSharedTracker } from '../../src/tracker/shared.ts';
import { createDeferred, toListed, unlisted } from '../core/samples.ts';
import { createCaller, idle, toQuestion } from './shared-callers.ts';

/** A shared tracker over one whose lookups pause, go on and end when the test says so. */
function createShared(concurrency: number) {
  /** What happened to lookups, in order: `+a` has begun or goes on, `-a` pauses, `!a` was told to end. */
  const events: string[] = [];
  const byKey = new Map<
    string,
    { context: LookupContext; pause: () => void; goOn: () => void; answer: (answer: Answer) => void }
  >();
  const inner: Tracker = {
    identify: ({ key }) => key,
    async lookup({ key }, context) {
      const { promise, resolve, reject } = createDeferred<Answer>();
      context.signal.addEventListener('abort', () => reject(context.signal.reason as Error), { once: true });
      let goOn: () => void = () => undefined;
      const pause = () => {
        events.push(`-${key}`);
        const rest = createDeferred<undefined>();
        goOn = () => rest.resolve(undefined);
        context.signal.addEventListener('abort', () => rest.reject(context.signal.reason as Error), { once: true });
        const resumed = context.giveWay?.(() => rest.promise) ?? Promise.resolve();
        resumed.then(
          () => void events.push(`+${key}`),
          (reason: unknown) => {
            events.push(`!${key}`);
            reject(reason as Error);
          },
        );
      };
      events.push(`+${key}`);
      byKey.set(key, { context, pause, goOn: () => goOn(), answer: resolve });
      return promise;
    },
    ping: () => Promise.resolve(),
    close: () => undefined,
  };
  const tracker = createSharedTracker(inner, { concurrency });
  const of = (key: string) => {
    const lookup = byKey.get(key);
    if (!lookup) throw new Error(`${key} has not begun`);
    return lookup;
  };
  return {
    tracker,
    events,
    of,
    busy: () => [tracker.inFlight, tracker.waiting],
    ask: (key: string, { context }: { readonly context: LookupContext }) => tracker.lookup(toQuestion(key), context),
    /** Ends the lookups that have begun, with the answer "unlisted". */
    answer: async (...keys: readonly string[]) => {
      for (const key of keys) of(key).answer(unlisted);
      await idle();
    },
    pause: async (...keys: readonly string[]) => {
      for (const key of keys) of(key).pause();
      await idle();
    },
    goOn: async (...keys: readonly string[]) => {
      for (const key of keys) of(key).goOn();
      await idle();
    },
  };
}

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

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe('whatever callers and lookups do', () => {
  test.each(Array.from({ length: 40 }, (_, seed) => seed))(
    'places are never too many, and all are answered: seed %i',
    async (seed) => {
      const random = createRandom(seed);
      const upTo = (most: number) => 1 + Math.floor(random() * most);
      const concurrency = upTo(4);
      let asking = 0;
      let most = 0;
      const attempt = async (): Promise<void> => {
        asking += 1;
        most = Math.max(most, asking);
        for (let turns = upTo(3); turns > 0; turns -= 1) await idle();
        asking -= 1;
      };
      const inner: Tracker = {
        identify: ({ key }) => key,
        async lookup({ key }, context) {
          for (let pauses = upTo(4) - 1; pauses > 0; pauses -= 1) {
            await attempt();
            await context.giveWay?.(async () => {
              for (let turns = upTo(5); turns > 0; turns -= 1) await idle();
            });
          }
          await attempt();
          if (random() < 0.2) throw new CctError('forbidden', `No ${key}`);
          return toListed({ family: key });
        },
        ping: () => Promise.resolve(),
        close: () => undefined,
      };
      const tracker = createSharedTracker(inner, { concurrency });
      const callers = Array.from({ length: upTo(6) }, () => createCaller());
      const told = callers.map(async (caller) => {
        const given: Promise<Answer>[] = [];
        const keys = Array.from({ length: upTo(30) }, () => `k${upTo(40)}`);
        for (const key of keys) {
          given.push(Promise.resolve(tracker.lookup(toQuestion(key), caller.context)));
          given.at(-1)?.catch(() => undefined);
          if (random() < 0.3) await idle();
        }
        if (random() < 0.2) caller.leave();
        const ends = await Promise.allSettled(given);
        return ends.map((end, at) => {
          if (end.status === 'fulfilled') return 'family' in end.value && end.value.family === keys[at];
          const reason: unknown = end.reason;
          return reason === caller.error || (reason instanceof CctError && reason.message === `No ${keys[at] ?? ''}`);
        });
      });
      expect((await Promise.all(told)).flat().filter((isRight) => !isRight)).toEqual([]);
      // Lookups that were given up do not heed their signal here, and end a little later.
      for (let turns = 0; turns < 100; turns += 1) await idle();
      expect([most <= concurrency, tracker.inFlight, tracker.waiting]).toEqual([true, 0, 0]);
    },
  );

  test.each([1, 2, 3, 6])('a caller with one lookup waits no more than a round, with %i places', async (concurrency) => {
    const { ask, events, pause, goOn, busy, tracker, of } = createShared(concurrency);
    const [many, single] = [createCaller(), createCaller()];
    const keys = Array.from({ length: 50 }, (_, at) => `m${at}`);
    const given = keys.map((key) => ask(key, many));
    const asked = ask('s', single);
    const begun = keys.slice(0, concurrency);
    await pause(begun[0] ?? '');
    expect(events.slice(-2)).toEqual([`-m0`, '+s']);
    await goOn(begun[0] ?? '');
    expect(busy()[0]).toBe(concurrency);
    of('s').answer(unlisted);
    expect(await asked).toEqual(unlisted);
    many.leave();
    await Promise.allSettled(given);
    await idle();
    expect([tracker.inFlight, tracker.waiting]).toEqual([0, 0]);
  });
});
