import { describe, expect, test } from 'vitest';
import type { ErrorCode } from '../../src/core/errors.ts';
import { CctError } from '../../src/core/errors.ts';
import { toLedgerRow } from '../../src/core/ledger/ledger.ts';
import type { Answer } from '../../src/core/lookups/tracker.ts';
import { createFallbackTracker } from '../../src/tracker/fallback.ts';
import type { MatchingOptions } from '../../src/tracker/snapshot/matching.ts';
import { createSnapshotTracker } from '../../src/tracker/snapshot/matching.ts';
import { API_URL, ANSWERED_AT, createTracker, patient, toListed, toUrl, unlisted } from '../core/samples.ts';

const listed = { type: 'url', key: 'panel.example/a' } as const;
const other = { type: 'url', key: 'panel.example/b' } as const;
const entries = [{ date: '2018-01-14', covers: 'url', url: 'panel.example/a', ip: '198.51.100.60', family: 'Pony' }] as const;

const openFallback = (options: Partial<MatchingOptions> = {}) =>
  Promise.resolve(
    createSnapshotTracker({ date: '2018-01-31', origin: 'a test', entries }, { now: () => ANSWERED_AT, ...options }),
  );

const failing = (code: ErrorCode) => createTracker(() => Promise.reject(new CctError(code, 'What happened')));

describe('what the first tracker answers', () => {
  const related = { type: 'url', key: 'www.panel.example/b' } as const;

  test.each<[string, Answer | Promise<Answer>]>([
    ['at hand', unlisted],
    ['waited for', Promise.resolve(toListed())],
  ])('stands, %s, where the snapshot knows nothing of it', async (_how, answer) => {
    const tracker = createFallbackTracker(
      createTracker(() => answer),
      openFallback,
    );
    expect(await tracker.lookup({ type: 'url', key: 'other.example/a' }, patient)).toEqual(await answer);
  });

  test('and lists has entry, date and spelling of the snapshot, but its own message', async () => {
    const answer = toListed({ message: 'Malicious: PONY', family: 'PONY' });
    const tracker = createFallbackTracker(
      createTracker(() => answer),
      openFallback,
    );
    expect(await tracker.lookup(listed, patient)).toEqual({
      ...answer,
      family: 'Pony',
      firstListed: '2018-01-14',
      matched: { by: 'url', entry: 'panel.example/a', date: '2018-01-14', from: 'snapshot' },
    });
  });

  test('and lists by address says how many entries share it', async () => {
    const tracker = createFallbackTracker(
      createTracker(() => toListed({ message: 'Malicious: Pony', family: 'Pony' })),
      openFallback,
    );
    expect(await tracker.lookup({ type: 'ip', key: '198.51.100.60' }, patient)).toMatchObject({
      message: 'Malicious: Pony (1 entry has this address, newest 2018-01-14)',
    });
  });

  test('and lists without a family has that of the snapshot, but its own message', async () => {
    const tracker = createFallbackTracker(
      createTracker(() => toListed({ message: 'Malicious', family: '' })),
      openFallback,
    );
    expect(await tracker.lookup(listed, patient)).toMatchObject({ family: 'Pony', message: 'Malicious' });
  });

  test('and lists as another family keeps that family', async () => {
    const tracker = createFallbackTracker(
      createTracker(() => toListed({ message: 'Malicious: ZeuS', family: 'ZeuS' })),
      openFallback,
    );
    expect(await tracker.lookup(listed, patient)).toMatchObject({ family: 'ZeuS', firstListed: '2018-01-14' });
  });

  test('and does not list is related to the entries on its host, and no more, whatever the snapshot lists', async () => {
    const tracker = createFallbackTracker(
      createTracker(() => unlisted),
      () => openFallback({ matchesHosts: true }),
    );
    const expected = { by: 'host', entries: 1, newest: '2018-01-14', entry: 'panel.example/a' };
    expect(await tracker.lookup(related, patient)).toEqual({ ...unlisted, related: expected });
  });

  test('and lists is never hidden by the age of the entry, which has its date all the same', async () => {
    const tracker = createFallbackTracker(
      createTracker(() => toListed()),
      () => openFallback({ listedSince: '2020-01-01' }),
    );
    expect(await tracker.lookup(listed, patient)).toMatchObject({ status: 'listed', firstListed: '2018-01-14' });
  });
});

describe('what it could not answer', () => {
  const causes: ErrorCode[] = ['unavailable', 'forbidden', 'throttled', 'unintelligible', 'not-found', 'unexpected-answer'];

  test.each<ErrorCode>([...causes, 'unverified-certificate', 'deadline'])(
    'is an answer of the snapshot that lists it, with a warning: %s',
    async (code) => {
      const tracker = createFallbackTracker(failing(code), openFallback);
      const answer = await tracker.lookup(listed, patient);
      const warning = { code: 'from-snapshot', cause: new CctError(code, 'What happened') };
      expect(answer).toMatchObject({ status: 'listed', source: 'snapshot', family: 'Pony', warning });
      const row = toLedgerRow(
        { status: 'listed', observable: toUrl('a'), question: listed, answer },
        { mode: 'deliberate', apiUrl: API_URL },
      );
      expect(row).toMatchObject({
        status: 'listed',
        source: 'snapshot',
        matched: { by: 'url', entry: 'panel.example/a', date: '2018-01-14' },
        error: {
          type: 'warning',
          code: 'service unavailable',
          message: 'Live lookup failed; answered from the snapshot of 2018-01-31. What happened',
        },
      });
    },
  );

  test.each(causes)('stays failed where the snapshot does not list it: %s', async (code) => {
    const tracker = createFallbackTracker(failing(code), openFallback);
    await expect(tracker.lookup(other, patient)).rejects.toMatchObject({ code, message: 'What happened' });
  });

  test.each<ErrorCode>(['interrupted', 'internal'])('because of the caller or a bug stays failed: %s', async (code) => {
    const tracker = createFallbackTracker(failing(code), openFallback);
    await expect(tracker.lookup(listed, patient)).rejects.toMatchObject({ code });
  });

  test('stays failed where there is no snapshot', async () => {
    const tracker = createFallbackTracker(failing('unavailable'), () => Promise.resolve(null));
    await expect(tracker.lookup(listed, patient)).rejects.toMatchObject({ code: 'unavailable' });
  });

  test('opens the snapshot once, however many fail at once', async () => {
    let opened = 0;
    const tracker = createFallbackTracker(failing('unavailable'), () => {
      opened += 1;
      return openFallback();
    });
    const answers = await Promise.all(
      [listed, listed, { type: 'ip', key: '198.51.100.60' } as const].map(async (one) => tracker.lookup(one, patient)),
    );
    expect([opened, answers.map(({ status }) => status)]).toEqual([1, ['listed', 'listed', 'listed']]);
  });

  test('is answered also when the time of the caller is up', async () => {
    const over = { signal: AbortSignal.abort(new CctError('deadline', 'Too late')) };
    expect(await createFallbackTracker(failing('deadline'), openFallback).lookup(listed, over)).toMatchObject({
      status: 'listed',
    });
  });
});

test('questions of two types are never the same, for a list tells them apart', () => {
  const tracker = createFallbackTracker(
    createTracker(() => unlisted),
    openFallback,
  );
  expect(tracker.identify({ type: 'ip', key: '192.0.2.1' })).not.toBe(tracker.identify({ type: 'url', key: '192.0.2.1' }));
});

test('only the first tracker is pinged and closed', async () => {
  const calls: string[] = [];
  const first = {
    ...failing('unavailable'),
    ping: () => Promise.resolve(void calls.push('ping')),
    close: () => void calls.push('close'),
  };
  const tracker = createFallbackTracker(first, openFallback);
  await tracker.ping(patient);
  await tracker.close();
  expect(calls).toEqual(['ping', 'close']);
});
