import { describe, expect, test } from 'vitest';
import { CctError } from '../../src/core/errors.ts';
import type { Answer, Tracker } from '../../src/core/tracker.ts';
import { createSharedTracker } from '../../src/tracker/sharing.ts';
import { toListed, unlisted } from '../core/samples.ts';
import { createShared } from './pausing-tracker.ts';
import { createCaller, toQuestion } from './sharing-callers.ts';
import { idle } from '../helpers/idle.ts';

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
