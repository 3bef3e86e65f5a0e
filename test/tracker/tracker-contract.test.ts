import { getEventListeners } from 'node:events';
import { describe, expect, onTestFinished, test } from 'vitest';
import { CctError } from '../../src/core/errors.ts';
import type { Question } from '../../src/core/observables/observable.ts';
import type { LookupContext, Source, Tracker } from '../../src/core/lookups/tracker.ts';
import { createRememberingTracker } from '../../src/tracker/cache/remembering.ts';
import type { LiveTrackerOptions } from '../../src/tracker/live/client.ts';
import { openLiveTracker } from '../../src/tracker/live/client.ts';
import { createMemoryStore } from '../../src/tracker/cache/memory-store.ts';
import { createSharingTracker } from '../../src/tracker/sharing.ts';
import { createSnapshotTracker } from '../../src/tracker/snapshot/matching.ts';
import type { Fault } from '../helpers/fake-tracker.ts';
import { toTestOptions } from '../helpers/client-options.ts';
import { patient, startFake } from '../helpers/live-tracker.ts';

const LISTED: Question = { type: 'url', key: 'panel.example/gate.php' };
const UNLISTED: Question = { type: 'url', key: 'other.example/gate.php' };
const listings = { [LISTED.key]: 'Malicious: Pony' };
const now = () => new Date();

/** A tracker that knows `LISTED` as Pony, and what makes it fail from then on; null for one that cannot. */
interface Opened {
  readonly tracker: Tracker;
  readonly breakDown: ((fault: Fault) => void) | null;
}

async function openWith(open: (options: LiveTrackerOptions) => Promise<Tracker>): Promise<Opened> {
  const fake = await startFake({ listings });
  const tracker = await open(toTestOptions(fake.url));
  onTestFinished(() => tracker.close());
  return { tracker, breakDown: (fault) => fake.set({ faultEverywhere: fault, rootFault: fault }) };
}

function openSnapshot(): Opened {
  const entry = { date: '2024-02-29', url: LISTED.key, ip: '', family: 'Pony', covers: 'url' } as const;
  const snapshot = { date: '2024-03-01', origin: 'a test', entries: [entry] };
  return { tracker: createSnapshotTracker(snapshot, { now }), breakDown: null };
}

function remember({ tracker: inner, breakDown }: Opened, refresh = false): Opened {
  const store = createMemoryStore();
  return { tracker: createRememberingTracker(inner, { store, ttlMs: 60_000, refresh, now }), breakDown };
}

/** One that has both answers already. */
async function openFilled(): Promise<Opened> {
  const { tracker } = remember(await openWith(openLiveTracker));
  for (const question of [LISTED, UNLISTED]) await tracker.lookup(question, patient);
  return { tracker, breakDown: null };
}

const kinds: [what: string, source: Source, open: () => Opened | Promise<Opened>][] = [
  ['the live site', 'live', () => openWith(openLiveTracker)],
  ['a snapshot', 'snapshot', openSnapshot],
  ['a shared snapshot', 'snapshot', () => ({ ...openSnapshot(), tracker: createSharingTracker(openSnapshot().tracker) })],
  ['one that remembers, and does not yet', 'live', async () => remember(await openWith(openLiveTracker))],
  ['one that remembers anew', 'live', async () => remember(await openWith(openLiveTracker), true)],
  ['one that remembers', 'cache', openFilled],
];

/** A context that was given up before it is used, and the error that it was given up with. */
function createGivenUp() {
  const controller = new AbortController();
  const error = new CctError('deadline', 'Too late');
  controller.abort(error);
  const context: LookupContext = { signal: controller.signal };
  return { context, error };
}

describe.each(kinds)('%s', (_what, source, open) => {
  test('answers what is listed, with its words, its family, its source and its moment', async () => {
    const { tracker } = await open();
    const beforeMs = Date.now();
    const answer = await tracker.lookup(LISTED, patient);
    expect(answer).toMatchObject({ status: 'listed', message: 'Malicious: Pony', family: 'Pony', source });
    expect(answer.answeredAt).toBeInstanceOf(Date);
    expect(Math.abs(answer.answeredAt.getTime() - beforeMs)).toBeLessThan(60_000);
  });

  test('answers what is not listed, and says no more of it', async () => {
    const { tracker } = await open();
    const answer = await tracker.lookup(UNLISTED, patient);
    expect(answer).toStrictEqual({
      status: 'unlisted',
      source,
      answeredAt: answer.answeredAt,
      ...(answer.connection && { connection: answer.connection }),
    });
  });

  test('gives each of many that ask at once its own answer', async () => {
    const { tracker } = await open();
    const questions = Array.from({ length: 40 }, (_, at) => (at % 2 === 0 ? LISTED : UNLISTED));
    const answers = await Promise.all(questions.map(async (question) => tracker.lookup(question, patient)));
    expect(answers.map(({ status }) => status)).toEqual(
      questions.map((question) => (question === LISTED ? 'listed' : 'unlisted')),
    );
  });

  test('identifies a question by what it asks', async () => {
    const { tracker } = await open();
    expect(tracker.identify({ ...LISTED })).toBe(tracker.identify(LISTED));
    expect(tracker.identify(UNLISTED)).not.toBe(tracker.identify(LISTED));
  });

  test('is there', async () => {
    const { tracker } = await open();
    await expect(tracker.ping(patient)).resolves.toBeUndefined();
  });

  test('refuses a caller who has left, with the reason', async () => {
    const { tracker } = await open();
    const { context, error } = createGivenUp();
    await expect(tracker.lookup(LISTED, context)).rejects.toBe(error);
    await expect(tracker.ping(context)).rejects.toBe(error);
  });

  test('leaves nothing behind on the signal of its caller', async () => {
    const { tracker } = await open();
    const { signal } = new AbortController();
    await Promise.all([tracker.lookup(LISTED, { signal }), tracker.lookup(UNLISTED, { signal }), tracker.ping({ signal })]);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  test('may be closed twice', async () => {
    const { tracker } = await open();
    await tracker.close();
    await expect(Promise.resolve(tracker.close())).resolves.toBeUndefined();
  });
});

describe.each(kinds.filter(([, source]) => source === 'live'))('%s, when the tracker fails,', (_what, _source, open) => {
  test.each<[Fault, string]>([
    ['html', 'unintelligible'],
    ['empty', 'unintelligible'],
    ['reset', 'unavailable'],
    [{ kind: 'status', status: 500 }, 'unavailable'],
    [{ kind: 'status', status: 403 }, 'forbidden'],
    [{ kind: 'status', status: 429 }, 'throttled'],
  ])('fails with an error of ours, and lists nothing as clean: %o', async (fault, code) => {
    const { tracker, breakDown } = await open();
    breakDown?.(fault);
    const ends = await Promise.allSettled([LISTED, UNLISTED].map(async (question) => tracker.lookup(question, patient)));
    const errors = ends.map((end) => (end.status === 'rejected' ? (end.reason as unknown) : end.value));
    expect(errors).toEqual([expect.any(CctError), expect.any(CctError)]);
    expect(errors).toMatchObject([{ code }, { code }]);
  });

  test('is not there', async () => {
    const { tracker, breakDown } = await open();
    breakDown?.({ kind: 'status', status: 503 });
    await expect(tracker.ping(patient)).rejects.toMatchObject({ code: 'unavailable' });
  });

  test('lets go of a caller who leaves while it asks, with the reason', async () => {
    const { tracker, breakDown } = await open();
    breakDown?.('stalled-headers');
    const stop = new AbortController();
    const error = new CctError('deadline', 'Too late');
    const given = tracker.lookup(LISTED, { signal: stop.signal });
    stop.abort(error);
    await expect(given).rejects.toBe(error);
  });
});
