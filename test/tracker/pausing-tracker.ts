import type { Answer, LookupContext, Tracker } from '../../src/core/tracker.ts';
import { createSharedTracker } from '../../src/tracker/sharing.ts';
import { createDeferred, unlisted } from '../core/samples.ts';
import { toQuestion } from './sharing-callers.ts';
import { idle } from '../helpers/idle.ts';

/** A shared tracker over one whose lookups pause, go on and end when the test says so. */
export function createShared(concurrency: number) {
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
