import { describe, expect, test } from 'vitest';
import { CctError } from '../../src/core/errors.ts';
import type { Observable } from '../../src/core/observable.ts';
import { plan } from '../../src/core/plan.ts';
import { enrich } from '../../src/core/enrich.ts';
import type { Answer } from '../../src/core/tracker.ts';
import { createOnceTracker } from '../../src/tracker/once.ts';
import { collect, createDeferred, createTracker, patient, toListed, toUrl, unlisted } from '../core/samples.ts';

const ip = { type: 'ip', key: '192.0.2.1' } as const;
const url = { type: 'url', key: '192.0.2.1' } as const;

describe('a tracker that asks once', () => {
  test('gives two observables with one lookup key one answer', async () => {
    const inner = createTracker(() => Promise.resolve(toListed()));
    const observables: Observable[] = [toUrl('a'), { type: 'url', value: 'https://panel.example/a' }, toUrl('b')];
    const plans = plan(observables, { includePrivate: false });
    const outcomes = (await collect(enrich([plans], { tracker: createOnceTracker(inner), context: patient }))).flat();
    expect(inner.asked).toEqual(['panel.example/a', 'panel.example/b']);
    expect(outcomes.map(({ status, observable }) => [status, observable])).toEqual(
      observables.map((observable) => ['listed', observable]),
    );
  });

  test('asks once for what is asked again while it waits, and after it was answered', async () => {
    const answer = createDeferred<Answer>();
    const inner = createTracker(() => answer.promise);
    const tracker = createOnceTracker(inner);
    const both = Promise.all([tracker.lookup(ip, patient), tracker.lookup(url, patient)]);
    answer.resolve(unlisted);
    expect(await both).toEqual([unlisted, unlisted]);
    // At hand by now.
    expect(tracker.lookup(url, patient)).toBe(unlisted);
    expect(inner.asked).toEqual(['192.0.2.1']);
  });

  test('gives a failure again', async () => {
    const down = new CctError('unavailable', 'Down');
    const inner = createTracker(() => Promise.reject(down));
    const tracker = createOnceTracker(inner);
    await expect(tracker.lookup(ip, patient)).rejects.toBe(down);
    await expect(tracker.lookup(ip, patient)).rejects.toBe(down);
    expect(inner.asked).toEqual(['192.0.2.1']);
  });

  test('lets the inner tracker say which questions are the same', async () => {
    const inner = { ...createTracker(() => Promise.resolve(unlisted)), identify: JSON.stringify };
    const tracker = createOnceTracker(inner);
    expect(tracker.identify(ip)).toBe(JSON.stringify(ip));
    await Promise.all([tracker.lookup(ip, patient), tracker.lookup(url, patient)]);
    expect(inner.asked).toEqual(['192.0.2.1', '192.0.2.1']);
  });

  test('keeps nothing that was at hand: it is there to be asked again', () => {
    const inner = createTracker(() => unlisted);
    const tracker = createOnceTracker(inner);
    expect([tracker.lookup(ip, patient), tracker.lookup(ip, patient)]).toEqual([unlisted, unlisted]);
    expect(inner.asked).toHaveLength(2);
  });

  test('forgets the first of too many, and no other', async () => {
    const inner = createTracker(() => Promise.resolve(unlisted));
    const tracker = createOnceTracker(inner, { maxKnown: 2 });
    const ask = async (path: string) => tracker.lookup({ type: 'url', key: path }, patient);
    for (const path of ['a', 'b', 'c', 'b', 'c', 'a', 'c']) await ask(path);
    expect(inner.asked).toEqual(['a', 'b', 'c', 'a']);
  });

  test('forgets what is still open too, and keeps nothing of it when it ends', async () => {
    const answer = createDeferred<Answer>();
    const inner = createTracker(({ key }) => (key === 'a' ? answer.promise : Promise.resolve(unlisted)));
    const tracker = createOnceTracker(inner, { maxKnown: 1 });
    const open = tracker.lookup({ type: 'url', key: 'a' }, patient);
    await tracker.lookup({ type: 'url', key: 'b' }, patient);
    answer.resolve(unlisted);
    await open;
    await tracker.lookup({ type: 'url', key: 'b' }, patient);
    await tracker.lookup({ type: 'url', key: 'a' }, patient);
    expect(inner.asked).toEqual(['a', 'b', 'a']);
  });

  test('pings and closes the inner one', async () => {
    const calls: string[] = [];
    const tracker = createOnceTracker({
      ...createTracker(() => unlisted),
      ping: () => Promise.resolve(void calls.push('ping')),
      close: () => void calls.push('close'),
    });
    await tracker.ping(patient);
    await tracker.close();
    expect(calls).toEqual(['ping', 'close']);
  });
});
