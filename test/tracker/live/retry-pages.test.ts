import { describe, expect, test } from 'vitest';
import { settings } from '../../../src/config.ts';
import { toStatusFailure } from '../../../src/tracker/live/failures.ts';
import { pageAt } from '../../helpers/pages.ts';
import { passing, tryOut } from './attempts.ts';

const RETRIED = Array.from({ length: 500 }, (_, at) => at + 100).filter((status) => toStatusFailure(status).isTransient);

const statusesIn = (text: string) => (text.match(/\b[1-5]\d\d\b(?! ms)/g) ?? []).map(Number);
const timesIn = (text: string, unit: 'ms' | 's') =>
  (text.match(new RegExp(String.raw`\d+(?= ${unit}\b)`, 'g')) ?? []).map(Number);

/** The longest pause, in seconds, that is made because the tracker requests it. */
async function findLongestRequested(): Promise<number> {
  const seconds = Array.from({ length: 120 }, (_, at) => at + 1);
  const made = await Promise.all(seconds.map(async (each) => (await tryOut({ failures: [passing(each * 1000)] })).tries === 2));
  return seconds[made.lastIndexOf(true)] ?? 0;
}

describe('as it is done,', () => {
  test('the help of --retries names every status that is retried, and no other', () => {
    expect(statusesIn(settings.retries.help)).toEqual(RETRIED);
  });

  test('docs/lookups.md has the statuses and the limits of a pause', async () => {
    const [, page = ''] = /\n## Retries\n(.*?)\n## /s.exec(pageAt('docs/lookups.md').text) ?? [];
    const failures = Array.from({ length: 20 }, () => passing());
    const { waits } = await tryOut({ failures, retries: 10, random: () => 1 });
    expect(statusesIn(page)).toEqual(RETRIED);
    expect(timesIn(page, 'ms')).toEqual([waits[0]]);
    expect(timesIn(page, 's')).toEqual([Math.max(...waits) / 1000, await findLongestRequested()]);
  });
});
