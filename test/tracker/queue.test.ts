import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createQueue } from '../../src/tracker/queue.ts';

test('first in, first out, however taking and putting follow one another', () => {
  const step = fc.oneof(fc.integer(), fc.constant('shift' as const));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const [queue, model] = [createQueue<number>(), [] as number[]];
      for (const item of steps) {
        if (item === 'shift') expect(queue.shift()).toBe(model.shift());
        else {
          queue.push(item);
          model.push(item);
        }
      }
      while (model.length > 0) expect(queue.shift()).toBe(model.shift());
      expect(queue.shift()).toBeUndefined();
    }),
  );
});
