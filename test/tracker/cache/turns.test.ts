import { expect, test } from 'vitest';
import { createTurns } from '../../../src/tracker/cache/turns.ts';
import { createDeferred } from '../../core/samples.ts';

/** Work that is under way until it is told to end, by name. */
function createWork() {
  const begun: string[] = [];
  const ends = new Map<string, ReturnType<typeof createDeferred<string>>>();
  const work = (name: string) => () => {
    begun.push(name);
    const end = createDeferred<string>();
    ends.set(name, end);
    return end.promise;
  };
  return { begun, work, end: (name: string) => ends.get(name) };
}

test('so many have a turn at once, the rest in the order in which they came', async () => {
  const takeTurn = createTurns(2);
  const { begun, work, end } = createWork();
  const all = ['a', 'b', 'c', 'd'].map((name) => takeTurn(work(name)));
  expect(begun).toEqual(['a', 'b']);
  end('b')?.resolve('B');
  await all[1];
  expect(begun).toEqual(['a', 'b', 'c']);
  // Comes while a place is handed on, and must not slip in before the one that waits.
  end('a')?.resolve('A');
  const late = takeTurn(work('e'));
  await all[0];
  expect(begun).toEqual(['a', 'b', 'c', 'd']);
  for (const name of ['c', 'd']) end(name)?.resolve(name.toUpperCase());
  expect(await Promise.all(all)).toEqual(['A', 'B', 'C', 'D']);
  end('e')?.resolve('E');
  expect(await late).toBe('E');
  // All places are free again.
  const again = ['f', 'g'].map((name) => takeTurn(work(name)));
  expect(begun).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g']);
  for (const name of ['f', 'g']) end(name)?.resolve(name);
  expect(await Promise.all(again)).toEqual(['f', 'g']);
});

test('work that fails rejects and gives its turn on', async () => {
  const takeTurn = createTurns(1);
  const failed = takeTurn(() => Promise.reject(new Error('no')));
  const next = takeTurn(() => Promise.resolve('next'));
  await expect(failed).rejects.toThrow('no');
  expect(await next).toBe('next');
});
