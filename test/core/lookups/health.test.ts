import { describe, expect, test } from 'vitest';
import { CctError } from '../../../src/core/errors.ts';
import { checkHealth } from '../../../src/core/lookups/health.ts';
import type { Tracker } from '../../../src/core/lookups/tracker.ts';
import { createTracker, patient, toListed, unlisted } from '../samples.ts';

const trouble = new CctError('unavailable', 'The tracker is down');

describe('checkHealth', () => {
  test.each([
    ['listed', toListed()],
    ['unlisted', unlisted],
  ])('finds nothing wrong when the lookup is answered: %s', async (_status, answer) => {
    const tracker = createTracker(() => Promise.resolve(answer));
    expect(await checkHealth(tracker, patient)).toBeNull();
    expect(tracker.asked).toEqual(['192.0.2.1']);
  });

  test('asks about a documentation address, as an address', async () => {
    const questions: unknown[] = [];
    await checkHealth(
      createTracker((question) => Promise.resolve(void questions.push(question)).then(() => unlisted)),
      patient,
    );
    expect(questions).toEqual([{ type: 'ip', key: '192.0.2.1' }]);
  });

  test('gives what is wrong with the lookup', async () => {
    const tracker = createTracker(() => Promise.reject(trouble));
    expect(await checkHealth(tracker, patient)).toBe(trouble);
  });

  test('gives what is wrong with the tracker, and asks no lookup then', async () => {
    const asked = createTracker(() => Promise.resolve(unlisted));
    const tracker: Tracker = { ...asked, ping: () => Promise.reject(trouble) };
    expect(await checkHealth(tracker, patient)).toBe(trouble);
    expect(asked.asked).toEqual([]);
  });

  test('hands its context on', async () => {
    const seen: unknown[] = [];
    const asked = createTracker((_question, context) => Promise.resolve(void seen.push(context)).then(() => unlisted));
    const tracker: Tracker = { ...asked, ping: (context) => Promise.resolve(void seen.push(context)) };
    await checkHealth(tracker, patient);
    expect(seen).toEqual([patient, patient]);
  });

  test('tells a bug as one', async () => {
    const tracker = createTracker(() => Promise.reject(new TypeError('x is not a function')));
    const error = await checkHealth(tracker, patient);
    expect([error?.code, error?.message]).toEqual(['internal', 'This is a bug in cct: x is not a function']);
  });
});
