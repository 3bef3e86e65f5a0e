import { describe, expect, test } from 'vitest';
import { createProgressText } from '../../src/cli/progress-text.ts';

const UNREAD = { readBytes: 0, totalBytes: undefined };
const MIB = 1024 ** 2;

function toFates(listed: number, unlisted: number, failed = 0, skipped = 0) {
  return { listed, unlisted, failed, skipped };
}

describe('the progress of a known number of observables', () => {
  test('is counted with what is listed and failed; speed and time left come after a second', () => {
    const write = createProgressText(10_000);
    expect(write(toFates(0, 0), UNREAD, 500)).toBe('0/10,000 · 0 listed · 0 failed');
    expect(write(toFates(1, 40), UNREAD, 1_400)).toBe('41/10,000 · 1 listed · 0 failed');
    expect(write(toFates(12, 2_294, 3, 1), UNREAD, 28_300)).toBe('2,310/10,000 · 12 listed · 3 failed · 84/s · 1 min 31 s left');
  });

  test('goes by the last ten seconds: what the cache answered at first says nothing of the rest', () => {
    const write = createProgressText(1_000);
    write(toFates(0, 0), UNREAD, 0);
    write(toFates(0, 900), UNREAD, 1_000);
    write(toFates(0, 905), UNREAD, 6_000);
    expect(write(toFates(0, 910), UNREAD, 11_000)).toBe('910/1,000 · 0 listed · 0 failed · 1.0/s · 1 min 30 s left');
  });

  test.each([
    [7_200, '1 h 59 min left'],
    [61, '1 min 0 s left'],
    [12, '11 s left'],
  ])('has %i s left as %s', (total, left) => {
    const write = createProgressText(total);
    write(toFates(0, 0), UNREAD, 0);
    expect(write(toFates(0, 1), UNREAD, 1_000)).toContain(`1.0/s · ${left}`);
  });

  test('has no time left at its end, and none while nothing is answered', () => {
    const write = createProgressText(4);
    write(toFates(0, 0), UNREAD, 0);
    expect(write(toFates(0, 0), UNREAD, 5_000)).toBe('0/4 · 0 listed · 0 failed');
    expect(write(toFates(0, 4), UNREAD, 6_000)).toBe('4/4 · 0 listed · 0 failed · 0.7/s');
  });
});

describe('the progress of a stream', () => {
  test('is in bytes of the file, and counts what was found', () => {
    const write = createProgressText(undefined);
    const totalBytes = 1.5 * 1024 ** 3;
    expect(write(toFates(0, 0), { readBytes: 0, totalBytes }, 0)).toBe('0 bytes/1.5 GiB · 0 observables · 0 listed · 0 failed');
    expect(write(toFates(3, 1_200), { readBytes: 18.25 * MIB, totalBytes }, 2_000)).toBe(
      '18.3 MiB/1.5 GiB · 1,203 observables · 3 listed · 0 failed · 602/s · 2 min 46 s left',
    );
  });

  test('of a pipe has no end', () => {
    const write = createProgressText(undefined);
    write(toFates(0, 0), UNREAD, 0);
    expect(write(toFates(0, 5), { readBytes: 900, totalBytes: undefined }, 2_000)).toBe(
      '900 bytes · 5 observables · 0 listed · 0 failed · 2.5/s',
    );
  });
});
