import type { Queue } from './queue.ts';
import { createQueue } from './queue.ts';

/** What one caller waits for. */
export interface Lane<Item> {
  /** In the order in which they were asked, with some among them that have begun by now in the turn of another. */
  readonly toBegin: Queue<Item>;
  /** What has begun and gave its place away; these go first, for who is nearly done should be done. */
  readonly toGoOn: Queue<Item>;
  /** How many began in its turn and have not ended. */
  begun: number;
  /** It has had its turn and could begin nothing, since it had begun enough. */
  isHeld: boolean;
}

/** What stands in one lane or several. */
export interface Standing<Item> {
  waitsTo: 'begin' | 'go on' | undefined;
  /** The lane in whose turn it began. */
  begunBy: Lane<Item> | undefined;
}

/** Whose turn it is: it goes round the lanes. */
export interface FairTurns<Item> {
  /** Puts what waits at the end of its part of a lane. */
  enter(lane: Lane<Item>, item: Item): void;
  /** The next one, which waits no longer then; undefined when nobody may take a turn. */
  next(): Item | undefined;
  /** Says that what has begun has ended. */
  end(item: Item): void;
  /** Forgets a lane and all that stands in it. */
  close(lane: Lane<Item>): void;
}

/** An empty lane. */
export function createLane<Item>(): Lane<Item> {
  return { toBegin: createQueue(), toGoOn: createQueue(), begun: 0, isHeld: false };
}

/**
 * Turns among lanes. A lane has `mostBegun` that have begun and not ended, at the most, those included that gave their place away:
 * what fails again and again does not make it begin all the rest meanwhile, and so is noticed as soon as if no place were given away.
 */
export function createFairTurns<Item extends Standing<Item>>(mostBegun: number): FairTurns<Item> {
  /** Those that may have something waiting; the first one is next. */
  const lanes = new Set<Lane<Item>>();
  return {
    enter(lane, item) {
      (item.waitsTo === 'begin' ? lane.toBegin : lane.toGoOn).push(item);
      lanes.add(lane);
    },
    next() {
      for (const lane of lanes) {
        lanes.delete(lane);
        const item = takeWaiting(lane.toGoOn, 'go on') ?? takeToBegin(lane, mostBegun);
        if (!item) continue;
        item.waitsTo = undefined;
        lanes.add(lane);
        return item;
      }
      return undefined;
    },
    end({ begunBy: lane }) {
      if (!lane) return;
      lane.begun -= 1;
      if (lane.isHeld) lanes.add(lane);
      lane.isHeld = false;
    },
    close(lane) {
      lanes.delete(lane);
      lane.isHeld = false;
    },
  };
}

function takeToBegin<Item extends Standing<Item>>(lane: Lane<Item>, mostBegun: number): Item | undefined {
  lane.isHeld = lane.begun >= mostBegun;
  const item = lane.isHeld ? undefined : takeWaiting(lane.toBegin, 'begin');
  if (!item) return undefined;
  lane.begun += 1;
  item.begunBy = lane;
  return item;
}

/** The first one that has not had its turn in another lane; undefined when none is left. */
function takeWaiting<Item extends Standing<Item>>(queue: Queue<Item>, to: 'begin' | 'go on'): Item | undefined {
  let item = queue.shift();
  while (item && item.waitsTo !== to) item = queue.shift();
  return item;
}
