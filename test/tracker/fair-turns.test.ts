import { describe, expect, test } from 'vitest';
import type { Lane, Standing } from '../../src/tracker/fair-turns.ts';
import { createFairTurns, createLane } from '../../src/tracker/fair-turns.ts';

interface Item extends Standing<Item> {
  readonly name: string;
}

const toItem = (name: string): Item => ({ name, waitsTo: 'begin', begunBy: undefined });

/** Turns of which each lane may begin so many, and how to see whose they are. */
function createTurns(mostBegun: number) {
  const turns = createFairTurns<Item>(mostBegun);
  /** A lane in which these stand. */
  const laneOf = (...items: readonly Item[]): Lane<Item> => {
    const lane = createLane<Item>();
    for (const item of items) turns.enter(lane, item);
    return lane;
  };
  /** Begins, or goes on with, all that may, in the order of their turns. */
  const takeAll = (): string[] => {
    const names: string[] = [];
    for (let item = turns.next(); item && names.length < 100; item = turns.next()) names.push(item.name);
    return names;
  };
  /** Lets one that has begun give its place away, and wait for another turn. */
  const wait = (lane: Lane<Item>, item: Item) => {
    item.waitsTo = 'go on';
    turns.enter(lane, item);
  };
  return { turns, laneOf, takeAll, wait };
}

describe('turns', () => {
  test('go round the lanes, in each in the order in which they came', () => {
    const { laneOf, takeAll } = createTurns(9);
    laneOf(...['a1', 'a2', 'a3', 'a4'].map(toItem));
    laneOf(...['b1', 'b2'].map(toItem));
    laneOf(toItem('c1'));
    expect(takeAll()).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3', 'a4']);
    expect(takeAll()).toEqual([]);
  });

  test('come to a lane again that had nothing left', () => {
    const { turns, laneOf, takeAll } = createTurns(9);
    const lane = laneOf(toItem('a1'));
    expect(takeAll()).toEqual(['a1']);
    turns.enter(lane, toItem('a2'));
    expect(takeAll()).toEqual(['a2']);
  });

  test('end the waiting, and say in whose turn it began', () => {
    const { turns, laneOf } = createTurns(9);
    const item = toItem('a1');
    const lane = laneOf(item);
    expect(turns.next()).toBe(item);
    expect([item.waitsTo, item.begunBy === lane, lane.begun]).toEqual([undefined, true, 1]);
    turns.end(item);
    expect(lane.begun).toBe(0);
  });
});

describe('a lane that has begun enough', () => {
  test('begins one more for each that ends, and keeps no other waiting meanwhile', () => {
    const { turns, laneOf, takeAll } = createTurns(2);
    const items = ['a1', 'a2', 'a3', 'a4'].map(toItem);
    laneOf(...items);
    laneOf(...['b1', 'b2'].map(toItem));
    expect(takeAll()).toEqual(['a1', 'b1', 'a2', 'b2']);
    for (const [at, name] of ['a3', 'a4'].entries()) {
      turns.end(items[at] ?? toItem(''));
      expect(takeAll()).toEqual([name]);
    }
  });

  test('goes on with those that gave their place away, and begins nothing for them', () => {
    const { turns, laneOf, takeAll, wait } = createTurns(1);
    const [first, second] = [toItem('a1'), toItem('a2')];
    const lane = laneOf(first, second);
    expect(takeAll()).toEqual(['a1']);
    wait(lane, first);
    expect(takeAll()).toEqual(['a1']);
    expect([lane.begun, second.waitsTo]).toEqual([1, 'begin']);
    turns.end(first);
    expect(takeAll()).toEqual(['a2']);
  });

  test('that is closed gets no turn when one of its own ends, and leaves the count right', () => {
    const { turns, laneOf, takeAll } = createTurns(1);
    const first = toItem('a1');
    const lane = laneOf(first, toItem('a2'));
    expect(takeAll()).toEqual(['a1']);
    turns.close(lane);
    turns.end(first);
    expect([takeAll(), lane.begun]).toEqual([[], 0]);
  });

  test('that is closed with several begun gets none when they end one after the other', () => {
    const { turns, laneOf, takeAll } = createTurns(2);
    const items = ['a1', 'a2', 'a3'].map(toItem);
    const lane = laneOf(...items);
    expect(takeAll()).toEqual(['a1', 'a2']);
    turns.close(lane);
    for (const item of items.slice(0, 2)) turns.end(item);
    expect(takeAll()).toEqual([]);
  });
});

describe('what gave its place away', () => {
  test('goes before what has not begun, but not before other lanes', () => {
    const { laneOf, takeAll, wait, turns } = createTurns(9);
    const first = toItem('a1');
    const lane = laneOf(first, toItem('a2'));
    expect(turns.next()).toBe(first);
    laneOf(toItem('b1'));
    wait(lane, first);
    expect(takeAll()).toEqual(['a1', 'b1', 'a2']);
  });

  test('is passed over where it stood to begin', () => {
    const { laneOf, takeAll, wait, turns } = createTurns(9);
    const shared = toItem('shared');
    const lane = laneOf(shared);
    const other = createLane<Item>();
    for (const item of [shared, toItem('b1')]) turns.enter(other, item);
    expect(turns.next()).toBe(shared);
    wait(lane, shared);
    expect(takeAll()).toEqual(['b1', 'shared']);
    expect(other.begun).toBe(1);
  });
});

test('what stands in two lanes has its turn once', () => {
  const { laneOf, takeAll } = createTurns(9);
  const shared = toItem('shared');
  laneOf(shared, toItem('a1'));
  laneOf(shared, toItem('b1'));
  expect(takeAll()).toEqual(['shared', 'b1', 'a1']);
});

test('what nobody wants any more has no turn', () => {
  const { laneOf, takeAll } = createTurns(9);
  const gone = toItem('gone');
  laneOf(gone, toItem('a1'));
  gone.waitsTo = undefined;
  expect(takeAll()).toEqual(['a1']);
});

test('a lane that is closed is forgotten', () => {
  const { turns, laneOf, takeAll } = createTurns(9);
  turns.close(laneOf(toItem('a1')));
  laneOf(toItem('b1'));
  expect(takeAll()).toEqual(['b1']);
});

test('what never began ends without a trace', () => {
  const { turns, takeAll } = createTurns(9);
  turns.end(toItem('a1'));
  expect(takeAll()).toEqual([]);
});
