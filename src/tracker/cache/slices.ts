import { createQueue } from '../queue.ts';

/** Runs work that blocks for a moment, when its turn comes; settles as the work does. */
export type RunInSlices = <Result>(work: () => Result) => Promise<Result>;

/**
 * Work that blocks, one after the other, first come, first served, in slices of `sliceMs`: between two of them signals, timers and
 * connections have their turn, so that ten thousand pieces of work keep nobody waiting for longer than one slice and one piece.
 */
export function createSlices(sliceMs: number, nowMs: () => number): RunInSlices {
  const waiting = createQueue<() => void>();
  let isScheduled = false;

  const schedule = (): void => {
    isScheduled = true;
    setImmediate(runSlice);
  };
  const runSlice = (): void => {
    isScheduled = false;
    const endsAtMs = nowMs() + sliceMs;
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      next();
      if (nowMs() < endsAtMs) continue;
      schedule();
      return;
    }
  };

  return (work) =>
    new Promise((resolve, reject) => {
      waiting.push(() => {
        try {
          resolve(work());
        } catch (thrown) {
          reject(thrown instanceof Error ? thrown : new Error(String(thrown)));
        }
      });
      if (!isScheduled) schedule();
    });
}
