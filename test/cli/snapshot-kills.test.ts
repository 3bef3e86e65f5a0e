import { expect, test } from 'vitest';
import { killUpdates } from '../helpers/kill-updates.ts';

test('an update that is killed at any moment leaves the old snapshot or the new one, whole; a later one is right and clears up', async () => {
  const { problems, killed, finished } = await killUpdates({ kills: 10, seed: 42 });
  expect([problems, killed + finished]).toEqual([[], 10]);
  expect(killed).toBeGreaterThan(0);
});
