import { getEventListeners } from 'node:events';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Call, CallOptions } from '../../../src/core/lookups/call.ts';
import { startCall, untilAborted } from '../../../src/core/lookups/call.ts';
import { CctError } from '../../../src/core/errors.ts';

function start(options: Partial<CallOptions> = {}): Call {
  const call = startCall({ signals: [], deadlineMs: undefined, monotonicMs: () => 1_000, ...options });
  onTestFinished(() => call.stop());
  return call;
}

const reason = new CctError('interrupted', 'Interrupted before it was answered');
const ended = (call: Call) => new Promise((resolve) => call.signal.addEventListener('abort', () => resolve(call.signal.reason)));

describe('a call', () => {
  test('ends with the first of its signals, once', () => {
    const [first, second] = [new AbortController(), new AbortController()];
    const { signal } = start({ signals: [first.signal, second.signal] });
    expect(signal.aborted).toBe(false);
    first.abort(reason);
    second.abort(new CctError('interrupted', 'Too late'));
    expect([signal.aborted, signal.reason]).toEqual([true, reason]);
  });

  test('has ended when one of its signals had aborted', () => {
    const { signal } = start({ signals: [new AbortController().signal, AbortSignal.abort(reason)] });
    expect([signal.aborted, signal.reason]).toEqual([true, reason]);
  });

  test.each([
    [10, { deadlineMs: 25_000, elapsedMs: 24_990 }],
    [0, { deadlineMs: 10, elapsedMs: 20 }],
  ])('ends at its deadline, %i ms from now, less the time already used', async (leftMs, options) => {
    const call = start(options);
    expect(call.deadlineAtMs).toBe(1_000 + leftMs);
    const message = expect.stringMatching(/deadline of (25,000|10) ms/) as unknown;
    expect(await ended(call)).toMatchObject({ code: 'deadline', message });
  });

  test('has no deadline by default', () => {
    expect(start().deadlineAtMs).toBe(undefined);
  });

  test('ends as disconnected, with its cause, for a reason that is no CctError', () => {
    const controller = new AbortController();
    const { signal } = start({ signals: [controller.signal] });
    const cause = new Error('socket hang up');
    controller.abort(cause);
    expect(signal.reason).toMatchObject({ code: 'interrupted', message: 'The caller disconnected', cause });
  });

  test('leaves neither listeners nor a timer behind when it is stopped', async () => {
    const controller = new AbortController();
    const call = start({ signals: [controller.signal], deadlineMs: 10 });
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1);
    call.stop();
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
    // Started later, and as long: its timer runs out after the other's would.
    await ended(start({ deadlineMs: 10 }));
    expect(call.signal.aborted).toBe(false);
  });
});

test('what never ends is not waited for where the signal was aborted before', async () => {
  const never = new Promise<never>(() => undefined);
  await expect(untilAborted(never, AbortSignal.abort(reason))).rejects.toBe(reason);
});
