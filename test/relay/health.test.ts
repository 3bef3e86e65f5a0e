import { getEventListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import { CctError, toCctError } from '../../src/core/errors.ts';
import type { HealthCheckOptions } from '../../src/relay/health.ts';
import { createHealthCheck } from '../../src/relay/health.ts';
import { createDeferred, createTracker, unlisted } from '../core/samples.ts';

const broken = new CctError('forbidden', 'The tracker answered 403 Forbidden');

/** A check of a tracker that answers with `lookup`, at a time that is set. */
function open(lookup: () => Promise<typeof unlisted>, options: Partial<HealthCheckOptions> = {}) {
  const stopping = new AbortController();
  const tracker = createTracker(lookup);
  let nowMs = 0;
  const check = createHealthCheck({
    tracker,
    deadlineMs: 25_000,
    stopping: stopping.signal,
    monotonicMs: () => nowMs,
    ...options,
  });
  return { check, stopping, asked: tracker.asked, wait: (ms: number) => void (nowMs += ms) };
}

describe('a health check', () => {
  test('repeats a failure too', async () => {
    const { check, asked } = open(() => Promise.reject(broken));
    expect([await check(), await check()]).toEqual([broken, broken]);
    expect(asked).toHaveLength(1);
  });

  test('is shared by concurrent callers', async () => {
    const answer = createDeferred<typeof unlisted>();
    const { check, asked } = open(() => answer.promise);
    const checks = [check(), check(), check()];
    answer.resolve(unlisted);
    expect(await Promise.all(checks)).toEqual([null, null, null]);
    expect(asked).toHaveLength(1);
  });

  test('is repeated for 10 seconds after its answer', async () => {
    const answer = createDeferred<typeof unlisted>();
    const { check, asked, wait } = open(() => answer.promise);
    const first = check();
    wait(5_000);
    answer.resolve(unlisted);
    await first;
    wait(9_999);
    await check();
    expect(asked).toHaveLength(1);
    wait(1);
    await check();
    expect(asked).toHaveLength(2);
  });

  test('ends when the relay stops, or at the deadline', async () => {
    const endless = createTracker(
      (_question, { signal }) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(toCctError(signal.reason)))),
    );
    const { check, stopping } = open(() => Promise.resolve(unlisted), { tracker: endless });
    const ended = check();
    await Promise.resolve();
    const reason = new CctError('interrupted', 'Interrupted before it was answered');
    stopping.abort(reason);
    expect(await ended).toBe(reason);
    expect(await open(() => Promise.resolve(unlisted), { tracker: endless, deadlineMs: 10 }).check()).toMatchObject({
      code: 'deadline',
      message: 'No answer within the deadline of 10 ms',
    });
  });

  test('leaves no listener on the signal of the relay', async () => {
    const stopping = new AbortController();
    const listening: number[] = [];
    const tracker = createTracker((_question, { signal }) => {
      listening.push(signal.aborted ? -1 : getEventListeners(stopping.signal, 'abort').length);
      return Promise.resolve(unlisted);
    });
    await open(() => Promise.resolve(unlisted), { tracker, stopping: stopping.signal }).check();
    expect([listening, getEventListeners(stopping.signal, 'abort')]).toEqual([[1], []]);
  });
});
