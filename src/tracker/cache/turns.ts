import { createQueue } from '../queue.ts';

/** Runs work when its turn comes; settles as the work does. */
export type TakeTurn = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** Turns for work, first come, first served: at most `atOnce` of it is under way. */
export function createTurns(atOnce: number): TakeTurn {
  const waiting = createQueue<() => void>();
  let underWay = 0;
  const leave = () => {
    const next = waiting.shift();
    // The place is handed on; whoever came in between must not slip in before.
    if (next) next();
    else underWay -= 1;
  };
  return async (work) => {
    if (underWay < atOnce) underWay += 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      leave();
    }
  };
}
