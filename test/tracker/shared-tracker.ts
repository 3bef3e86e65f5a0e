import type { Answer, LookupContext, Tracker } from '../../src/core/tracker.ts';
import { createSharedTracker } from '../../src/tracker/sharing.ts';
import { createDeferred, unlisted } from '../core/samples.ts';
import { toQuestion } from './sharing-callers.ts';
import { idle } from '../helpers/idle.ts';

interface Asked {
  readonly key: string;
  readonly context: LookupContext;
  readonly answer: (answer: Answer) => void;
  readonly fail: (reason: Error) => void;
}

/** A shared tracker over one whose every lookup ends when the test says so; as ours do, it ends with its signal too. */
export function createShared(concurrency: number, { heedsSignal = true } = {}) {
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
