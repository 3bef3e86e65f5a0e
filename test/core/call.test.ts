import { getEventListeners } from 'node:events';
import { describe, expect, onTestFinished, test } from 'vitest';
import { CctError } from '../../src/core/errors.ts';
import type { DeadlineOptions } from '../../src/core/call.ts';
import { CallContext } from '../../src/core/call.ts';
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

  test('is over from its beginning where its signal had aborted, though nobody has listened', () => {
    const context = open({ signals: [new AbortController().signal, AbortSignal.abort(reason)] });
    expect([context.isOver(), context.signal.reason]).toEqual([true, reason]);
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
    expect(why).toMatchObject({ code: 'deadline', message: 'No answer within the deadline of 25,000 ms' });
  });

  test('ends as interrupted when its caller leaves, or has ended already', () => {
    let leave: (why: unknown) => void = () => undefined;
    const context = open({ onEnd: (end) => void (leave = end) });
    context.watch();
    leave(undefined);
    const late = open({ signals: [AbortSignal.abort(reason)] });
    expect([context.signal.reason, late.signal.reason]).toMatchObject([
      { code: 'interrupted', message: 'The caller disconnected' },
      { code: 'interrupted', message: reason.message },
    ]);
  });

  test('ends once, and its signal with it', () => {
    const [first, second] = [new AbortController(), new AbortController()];
    const context = open({ signals: [first.signal, second.signal] });
    const { signal } = context;
    const told: unknown[] = [];
    context.onOver((why) => void told.push(why));
    first.abort(reason);
    second.abort(new CctError('interrupted', 'Too late'));
    expect([told, signal.aborted, signal.reason]).toEqual([[reason], true, reason]);
  });

  test('ends as a caller that went away, with the reason as its cause, for a reason that is none of ours', () => {
    const controller = new AbortController();
    const { signal } = open({ signals: [controller.signal] });
    const why = new Error('socket hang up');
    controller.abort(why);
    expect(signal.reason).toMatchObject({ code: 'interrupted', message: 'The caller disconnected', cause: why });
  });

  test('ends at its deadline, however much of it is gone when somebody first looks', async () => {
    let nowMs = FIXED_NOW.getTime();
    const context = open({ deadlineMs: 60_000, now: () => new Date(nowMs) });
    nowMs += 60_001;
    await new Promise((resolve) => context.onOver(resolve));
    expect(context.isOver()).toBe(true);
    expect(open({ deadlineMs: 10, elapsedMs: 20 }).deadlineAtMs).toBe(FIXED_NOW.getTime());
  });

  test('leaves neither listeners nor a timer behind when it is stopped, however often it was watched', async () => {
    const controller = new AbortController();
    const context = open({ signals: [controller.signal], deadlineMs: 10 });
    context.watch();
    context.watch();
    context.onOver(() => undefined);
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1);
    context.stop();
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
    // Its timer, as long as the other's, would run out first.
    const later = open({ deadlineMs: 10 });
    await new Promise((resolve) => later.onOver(resolve));
    expect(context.isOver()).toBe(false);
  });
});
