import { expect, test } from 'vitest';
import { createSlices } from '../../../src/tracker/cache/slices.ts';

test('work is done in order, so much in a slice, and the loop turns in between', async () => {
  let nowMs = 0;
  const done: string[] = [];
  const runInSlices = createSlices(6, () => nowMs);
  const work = (name: string) =>
    runInSlices(() => {
      done.push(name);
      nowMs += 2;
      return name;
    });
  const all = Promise.all(['a', 'b', 'c', 'd', 'e'].map(work));
  expect(done).toEqual([]);
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  await turn();
  expect(done).toEqual(['a', 'b', 'c']);
  await turn();
  expect(done).toEqual(['a', 'b', 'c', 'd', 'e']);
  expect(await all).toEqual(['a', 'b', 'c', 'd', 'e']);
  expect(await work('later')).toBe('later');
});

test('work that fails rejects, and costs the rest nothing', async () => {
  const runInSlices = createSlices(5, () => 0);
  const failed = runInSlices(() => {
    throw new Error('no');
  });
  const next = runInSlices(() => 'next');
  await expect(failed).rejects.toThrow('no');
  expect(await next).toBe('next');
});
