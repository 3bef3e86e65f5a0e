import { describe, expect, test } from 'vitest';
import { CctError } from '../../../src/core/errors.ts';
import { countLookups } from '../../../src/relay/telemetry/metrics.ts';
import { createTracker, patient, toListed, toQuestion, unlisted } from '../../core/samples.ts';
import { createReadable } from './read-metrics.ts';

describe('a tracker whose lookups are counted', () => {
  const down = new CctError('unavailable', 'down');

  test('answers as before, and counts each outcome', async () => {
    const metrics = createReadable();
    const inner = createTracker(({ key }) => {
      if (key.endsWith('down')) return Promise.reject(down);
      return Promise.resolve(key.endsWith('bad') ? toListed() : unlisted);
    });
    const tracker = countLookups(inner, metrics);
    expect(await tracker.lookup(toQuestion('bad'), patient)).toEqual(toListed());
    expect(await tracker.lookup(toQuestion('good'), patient)).toBe(unlisted);
    expect(await tracker.lookup(toQuestion('fine'), patient)).toBe(unlisted);
    await expect(tracker.lookup(toQuestion('down'), patient)).rejects.toBe(down);
    expect(inner.asked).toEqual(['bad', 'good', 'fine', 'down'].map((path) => `panel.example/${path}`));
    expect(Object.values(metrics.read('cct_lookups_total'))).toEqual([1, 2, 1]);
  });

  test('passes all else on', async () => {
    const called: string[] = [];
    const tracker = countLookups(
      {
        ...createTracker(() => Promise.resolve(unlisted)),
        identify: ({ type, key }) => `${type} ${key}`,
        ping: () => Promise.reject(down),
        close: () => void called.push('close'),
      },
      createReadable(),
    );
    expect(tracker.identify({ type: 'ip', key: '192.0.2.1' })).toBe('ip 192.0.2.1');
    await expect(tracker.ping(patient)).rejects.toBe(down);
    await tracker.close();
    expect(called).toEqual(['close']);
  });
});
