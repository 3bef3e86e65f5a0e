import { getEventListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import { CctError } from '../../src/core/errors.ts';
import { enrich } from '../../src/core/lookups/enrich.ts';
import type { Observable } from '../../src/core/observables/observable.ts';
import { plan } from '../../src/core/lookups/plan.ts';
import type { Answer, LookupContext } from '../../src/core/lookups/tracker.ts';
import type { SharingOptions } from '../../src/tracker/sharing.ts';
import { createSharingTracker } from '../../src/tracker/sharing.ts';
import { collect, createConnection, createDeferred, createTracker, patient, toListed, toUrl, unlisted } from '../core/samples.ts';

/** A sharing tracker over one whose lookups are answered by the test. */
function open(options?: SharingOptions) {
  const begun: {
    readonly key: string;
    readonly context: LookupContext;
    readonly end: ReturnType<typeof createDeferred<Answer>>;
  }[] = [];
  const inner = createTracker(({ key }, context) => {
    const end = createDeferred<Answer>();
    begun.push({ key, context, end });
    return end.promise;
  });
  const tracker = createSharingTracker({ ...inner, identify: ({ key }) => key.toLowerCase() }, options);
  const ask = async (key: string, context: LookupContext = patient) => tracker.lookup({ type: 'url', key }, context);
  return { ask, begun, keys: () => begun.map(({ key }) => key) };
}

/** A caller who leaves with an error of its own. */
function createCaller(deadlineAtMs?: number) {
  const controller = new AbortController();
  const error = new CctError('deadline', 'Too late');
  return { context: { signal: controller.signal, deadlineAtMs }, error, leave: () => controller.abort(error) };
}

describe('callers who want the same at once', () => {
  test('share one lookup and its answer', async () => {
    const { ask, begun, keys } = open();
    const given = [ask('a'), ask('a'), ask('A', createCaller().context), ask('b')];
    await Promise.resolve();
    expect(keys()).toEqual(['a', 'b']);
    for (const { key, end } of begun) end.resolve(toListed({ family: key }));
    expect(await Promise.all(given)).toEqual(['a', 'a', 'a', 'b'].map((family) => toListed({ family })));
  });

  test('share its failure', async () => {
    const { ask, begun } = open();
    const given = [ask('a'), ask('a')];
    const failure = new CctError('forbidden', 'No');
    begun[0]?.end.reject(failure);
    const ends = await Promise.allSettled(given);
    expect(ends.map((end) => end.status === 'rejected' && (end.reason as unknown))).toEqual([failure, failure]);
  });

  test('have the latest of their deadlines, as they come and go', async () => {
    const { ask, begun } = open();
    const deadline = () => begun[0]?.context.deadlineAtMs;
    const [early, late, never] = [createCaller(1000), createCaller(2000), createCaller()];
    const given = [early, late, never].map(({ context }) => ask('a', context));
    expect(deadline()).toBe(undefined);
    never.leave();
    await Promise.allSettled(given.slice(2));
    expect(deadline()).toBe(2000);
    late.leave();
    await Promise.allSettled(given.slice(1));
    expect(deadline()).toBe(1000);
    begun[0]?.end.resolve(unlisted);
    await Promise.allSettled(given);
  });
});

describe('a caller that leaves', () => {
  test('leaves the lookup to the others; the last one ends it, with its reason', async () => {
    const { ask, begun } = open();
    const callers = [createCaller(), createCaller()] as const;
    const given = callers.map(({ context }) => ask('a', context));
    callers[0].leave();
    await expect(given[0]).rejects.toBe(callers[0].error);
    expect(begun[0]?.context.signal.aborted).toBe(false);
    callers[1].leave();
    await expect(given[1]).rejects.toBe(callers[1].error);
    expect(begun[0]?.context.signal.reason).toBe(callers[1].error);
  });

  test('before it asks is refused, and begins nothing', async () => {
    const { ask, keys } = open();
    const gone = createCaller();
    gone.leave();
    await expect(ask('a', gone.context)).rejects.toBe(gone.error);
    expect(keys()).toEqual([]);
  });

  test('does not end the lookup of a newcomer', async () => {
    const { ask, begun, keys } = open();
    const hasty = createCaller();
    const left = ask('a', hasty.context);
    hasty.leave();
    await expect(left).rejects.toBe(hasty.error);
    const fresh = ask('a');
    begun[0]?.end.reject(new CctError('interrupted', 'The old one'));
    const joined = ask('a');
    begun[1]?.end.resolve(toListed());
    expect([await fresh, await joined, keys()]).toEqual([toListed(), toListed(), ['a', 'a']]);
  });

  test('leaves no listener on its signal', async () => {
    const { ask, begun } = open();
    const { context } = createCaller();
    const given = ['a', 'b', 'c'].map((key) => ask(key, context));
    for (const { end } of begun) end.resolve(unlisted);
    await Promise.all(given);
    expect(getEventListeners(context.signal, 'abort')).toEqual([]);
  });
});

describe('a lookup that has ended', () => {
  const finish = async ({ ask, begun }: ReturnType<typeof open>, key: string, answer: Answer | Error) => {
    const before = begun.length;
    const given = ask(key).catch((thrown: unknown) => thrown);
    const last = begun.length > before ? begun.at(-1) : undefined;
    if (answer instanceof Error) last?.end.reject(answer);
    else last?.end.resolve(answer);
    return given;
  };

  test('is made again', async () => {
    const opened = open();
    expect([await finish(opened, 'a', unlisted), await finish(opened, 'a', toListed())]).toEqual([unlisted, toListed()]);
  });

  test('is kept with `maxKept`, answer or failure, up to that many', async () => {
    const opened = open({ maxKept: 2 });
    const failure = new CctError('unavailable', 'Down');
    const results = [
      await finish(opened, 'a', unlisted),
      await finish(opened, 'a', toListed()),
      await finish(opened, 'b', failure),
      await finish(opened, 'b', unlisted),
      await finish(opened, 'c', unlisted),
      await finish(opened, 'a', toListed()),
    ];
    expect(results).toEqual([unlisted, unlisted, failure, failure, unlisted, toListed()]);
    expect(opened.keys()).toEqual(['a', 'b', 'c', 'a']);
  });

  test('is made again when its answer became doubtful', async () => {
    const opened = open({ maxKept: 2 });
    const connection = createConnection();
    await finish(opened, 'a', { ...unlisted, connection });
    connection.distrust();
    expect(await finish(opened, 'a', toListed())).toEqual(toListed());
  });
});

test('a batch gives two observables of one lookup key one lookup', async () => {
  const inner = createTracker(() => Promise.resolve(toListed()));
  const observables: Observable[] = [toUrl('a'), { type: 'url', value: 'https://panel.example/a' }, toUrl('b')];
  const plans = plan(observables, { includePrivate: false });
  const tracker = createSharingTracker(inner, { maxKept: 10 });
  const outcomes = (await collect(enrich([plans], { tracker, context: patient }))).flat();
  expect(inner.asked).toEqual(['panel.example/a', 'panel.example/b']);
  expect(outcomes.map(({ status, observable }) => [status, observable])).toEqual(observables.map((one) => ['listed', one]));
});

test('a lookup has the place in the queue of its caller that goes first', async () => {
  const { ask, begun } = open();
  const [large, small, late] = [9, 3, 3].map((openLookups, at) => ({ openLookups, deadlineAtMs: at }));
  const leaving = new AbortController();
  const given = [large, small, late].map((caller) => ask('a', { ...patient, caller }));
  expect(begun[0]?.context.caller).toBe(small);
  const alone = ask('a', leaving);
  expect(begun[0]?.context.caller).toBe(undefined);
  leaving.abort(new CctError('interrupted', 'Stopped'));
  await expect(alone).rejects.toMatchObject({ code: 'interrupted' });
  expect(begun[0]?.context.caller).toBe(small);
  begun[0]?.end.resolve(unlisted);
  await Promise.all(given);
});
