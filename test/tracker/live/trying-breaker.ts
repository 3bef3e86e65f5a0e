import type { ErrorCode } from '../../../src/core/errors.ts';
import { CctError } from '../../../src/core/errors.ts';
import { createBreaker } from '../../../src/tracker/live/breaker.ts';
import type { Clock } from '../../../src/tracker/clock.ts';
import { createDeferred } from '../../core/samples.ts';
import { patient, times } from '../../helpers/live-tracker.ts';

/** How long an open breaker of these tests waits before a trial. */
export const TRY_AGAIN_MS = 10_000;

/** What a lookup is told that the open breaker does not let through. */
export const REFUSED = 'Not looked up: the tracker is down. No: unavailable';

/** A lookup that fails at once with this code. */
export const fail = (code: ErrorCode) => () => Promise.reject(new CctError(code, `No: ${code}`));

/** A lookup that is answered at once. */
export const succeed = () => Promise.resolve('answer');

/** A breaker that has just opened, at 0 ms, with lookups that run to the end that the test gives them. */
export async function openTrying() {
  let nowMs = 0;
  const waits: { readonly waitMs: number; readonly end: () => void }[] = [];
  const clock: Clock = {
    nowMs: () => nowMs,
    sleep: (waitMs, signal) =>
      new Promise((resolve, reject) => {
        waits.push({ waitMs, end: resolve });
        signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      }),
  };
  const changes: (string | undefined)[] = [];
  const onChange = (why: CctError | undefined) => void changes.push(why?.message);
  const breaker = createBreaker(fail('unavailable'), { trials: { tryAgainMs: TRY_AGAIN_MS, clock }, onChange });
  const run = (lookup: () => Promise<string>) =>
    breaker.run(lookup, patient).catch((thrown: unknown) => (thrown instanceof CctError ? thrown.message : 'a bug'));
  /** A lookup that goes on until it is told how to end; it has begun when this returns, or was refused. */
  const start = () => {
    const { promise, resolve, reject } = createDeferred<string>();
    const end = run(() => promise);
    return { end, answer: () => resolve('answer'), fail: (code: ErrorCode) => reject(new CctError(code, `No: ${code}`)) };
  };
  const stale = start();
  for (const lookup of times(5, fail('unavailable'))) await run(lookup);
  await run(succeed);
  return { breaker, run, start, stale, waits, changes, setNow: (now: number) => (nowMs = now) };
}
