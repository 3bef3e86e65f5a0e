import { expect, test } from 'vitest';
import { killUpdates } from '../helpers/kill-updates.ts';

// It starts many processes one after the other.
test(
  'an update that is killed at any moment leaves the old snapshot or the new one, whole; a later one is right and clears up',
  { timeout: 60_000 },
  async () => {
    const { problems, killed, finished } = await killUpdates({ kills: 10, seed: 42 });
    expect([problems, killed + finished]).toEqual([[], 10]);
    expect(killed).toBeGreaterThan(0);
  },
);
