import { setTimeout as delay } from 'node:timers/promises';

// Far more than a loaded machine needs, and short enough for a failure to be told with its seed.
const PATIENCE_MS = 10_000;
const LOOK_EVERY_MS = 1;

/** Looks again and again until it is so; rejects, saying what it waited for, when it is not so in ten seconds. */
export async function waitFor(what: string, isSo: () => boolean): Promise<void> {
  const endAtMs = performance.now() + PATIENCE_MS;
  while (!isSo()) {
    if (performance.now() > endAtMs) throw new Error(`In vain: ${what}`);
    await delay(LOOK_EVERY_MS);
  }
}

/** The same promise; rejects, saying what it waited for, when that does not settle in ten seconds. */
export async function inTime<Result>(what: string, promise: Promise<Result>): Promise<Result> {
  const over = new AbortController();
  const late = delay(PATIENCE_MS, undefined, { signal: over.signal }).then(
    () => Promise.reject(new Error(`In vain: ${what}`)),
    () => new Promise<never>(() => undefined),
  );
  try {
    return await Promise.race([promise, late]);
  } finally {
    over.abort();
  }
}
