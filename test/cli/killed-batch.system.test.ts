import { expect, test } from 'vitest';
import { killBatches } from '../helpers/kill-batch.ts';

// It starts many processes one after the other.
test('after a kill at any moment the next run is right and asks only what is missing', { timeout: 60_000 }, async () => {
  const observables = 300;
  const batches = await killBatches({ kills: 6, observables, seed: 3 });
  expect(batches.filter(({ isRight, broken }) => !isRight || broken > 0)).toEqual([]);
  expect(batches.map(({ askedAgain }) => askedAgain)).toEqual(batches.map(({ kept }) => observables - kept));
  // Some of the kills are in the middle of the answers, or nothing is shown.
  expect(batches.filter(({ kept }) => kept > 0 && kept < observables).length).toBeGreaterThan(1);
});
