import { describe, expect, onTestFinished, test } from 'vitest';
import { CctError } from '../../src/core/errors.ts';
import type { DeadlineOptions } from '../../src/relay/deadline.ts';
import { CallContext } from '../../src/relay/deadline.ts';
import { FIXED_NOW } from '../helpers/run-cct.ts';

function open(options: Partial<DeadlineOptions> = {}): CallContext {
  const context = new CallContext({ signals: [], deadlineMs: undefined, now: () => FIXED_NOW, ...options });
  onTestFinished(() => context.stop());
  return context;
}

const reason = new CctError('interrupted', 'Interrupted before it was answered');

describe('a call', () => {
  test('that nobody waits in ends with its signal once it is watched', () => {
    const controller = new AbortController();
    const context = open({ signals: [controller.signal] });
    context.watch();
    expect(context.isOver()).toBe(false);
    controller.abort(reason);
    expect([context.isOver(), context.signal.aborted, context.signal.reason]).toEqual([true, true, reason]);
  });

  test('tells who listens why it ended, once, and no one who has gone', () => {
    const controller = new AbortController();
    const context = open({ signals: [controller.signal] });
    const told: unknown[] = [];
    context.onOver((why) => void told.push('first', why));
    context.onOver(() => void told.push('gone'))();
    controller.abort(reason);
    expect(told).toEqual(['first', reason]);
  });

  test('ends at its deadline, less what is gone already', async () => {
    const context = open({ deadlineMs: 25_000, elapsedMs: 24_990 });
    expect(context.deadlineAtMs).toBe(FIXED_NOW.getTime() + 10);
    const why = await new Promise((resolve) => context.onOver(resolve));
    expect(why).toMatchObject({ code: 'deadline', message: 'Not answered within the deadline of 25000 ms' });
  });

  test('ends as interrupted when its caller leaves, or has ended already', () => {
    let leave: (why: unknown) => void = () => undefined;
    const context = open({ onEnd: (end) => void (leave = end) });
    context.watch();
    leave(undefined);
    const late = open({ signals: [AbortSignal.abort(reason)] });
    expect([context.signal.reason, late.signal.reason]).toMatchObject([
      { code: 'interrupted', message: 'The caller went away' },
      { code: 'interrupted', message: reason.message },
    ]);
  });
});
