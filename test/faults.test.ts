import { afterEach, describe, expect, test } from 'vitest';
import { controlRow } from './faults/answer-rows.ts';
import type { Cell, Pace } from './faults/cells.ts';
import { cellsOf, nameOf } from './faults/cells.ts';
import type { Outcome } from './faults/judge.ts';
import { judge } from './faults/judge.ts';
import { allRows } from './faults/place-rows.ts';
import { canBeHere } from './faults/place.ts';
import { inMemory } from './faults/programs.ts';
import type { FaultRow } from './faults/rows.ts';
import { FAULTY_AT, fifty } from './faults/scenario.ts';
import { runCell } from './faults/surfaces.ts';
import type { FakeTracker } from './helpers/fake-tracker.ts';
import { startFakeTracker } from './helpers/fake-tracker.ts';
import { readAnswer, runMain } from './helpers/run-cct.ts';

/* A part of the fault matrix, of which `npm run faults` runs all: each fault on two surfaces. */

const PACE: Pace = { timeoutMs: 1_000, slackMs: 30_000 };
const rows = [controlRow, ...allRows.filter(canBeHere)];

/** Lookups on one surface, of fifty only one faulty where the fault allows it, and an update. */
function toCells(row: FaultRow, at: number): Cell[] {
  const cells = cellsOf(row);
  const lookups = cells.filter((cell) => cell.surface !== 'update');
  const ofFifty = lookups.filter(({ scope }) => scope === 'one of fifty');
  const updates = cells.filter((cell) => cell.surface === 'update');
  return [ofFifty.length > 0 ? ofFifty : lookups, updates].flatMap((some) => some[at % some.length] ?? []);
}

describe('a fault fails its own lookups and no others', () => {
  const cells = rows.flatMap(toCells).map((cell) => [nameOf(cell), cell] as const);

  test.concurrent.each(cells)('%s', { timeout: 60_000 }, async (_name, cell) => {
    expect(judge(cell, await runCell(cell, PACE, inMemory), PACE)).toEqual({ problems: [], falseCleans: 0 });
  });
});

describe('the judge of the matrix', () => {
  const cells = allRows.filter(({ what }) => what === '404').flatMap(cellsOf);
  const find = (name: string) => cells.find((cell) => nameOf(cell) === `404: ${name}`) ?? expect.unreachable(name);
  const took = { tookMs: 0 };
  const clean = fifty.map(({ value, family }) => ({
    value,
    status: family === null ? 'unlisted' : 'listed',
    family: family ?? undefined,
  }));
  const listed = clean.filter(({ status }) => status === 'listed');
  const error = { type: 'fatal', code: 'not found', message: `The tracker answered 404 Not Found: ${fifty[0]?.value}` };

  test.each<[string, string, Outcome, falseCleans: number]>([
    ['a failed row that is unlisted', 'cli live, one of fifty', { kind: 'rows', status: 3, rows: clean, ...took }, 1],
    [
      'a failed row that is lost',
      'cli live, one of fifty',
      { kind: 'rows', status: 3, rows: clean.toSpliced(FAULTY_AT, 1), ...took },
      1,
    ],
    ['no rows', 'cli live, all of fifty', { kind: 'rows', status: 4, rows: [], ...took }, 50],
    [
      'an answer without its error',
      'relay live, one of fifty',
      { kind: 'answer', status: 200, invalid: [], listed, errors: [], ...took },
      1,
    ],
    [
      'an error of another',
      'relay live, one of fifty',
      { kind: 'answer', status: 200, invalid: [], listed, errors: [error], ...took },
      1,
    ],
    [
      'an answer that lacks a hit',
      'relay live, one of fifty',
      { kind: 'answer', status: 200, invalid: [], listed: listed.slice(1), errors: [], ...took },
      2,
    ],
    ['a changed list', 'update, all', { kind: 'update', status: 4, stderr: '', isOldKept: false, urls: [], ...took }, 0],
    ['slowness', 'update, all', { kind: 'update', status: 4, stderr: '', isOldKept: true, urls: [], tookMs: 1e6 }, 0],
  ])('sees %s', (_what, name, outcome, falseCleans) => {
    const verdict = judge(find(name), outcome, PACE);
    expect([verdict.falseCleans, verdict.problems.length > 0]).toEqual([falseCleans, true]);
  });

  test('sees each fault on each surface, once', () => {
    const names = allRows.flatMap(cellsOf).map(nameOf);
    expect([new Set(names).size, names.length > 1600]).toEqual([names.length, true]);
    expect([...new Set(allRows.map((row) => `${row.at} ${cellsOf(row).length}`))].sort()).toEqual([
      'answer 20',
      'list 4',
      'resolver 1',
      'resolver 2',
      'server 11',
    ]);
  });
});

let tracker: FakeTracker | undefined;
afterEach(() => tracker?.close());

test('a key is sent whole, behind the challenge too', async () => {
  const keys = [
    'evil.example/r?u=http://good.example/x',
    'panel.example/x?a=1&b=2',
    'panel.example/x#frag',
    'bücher.example/ä?ö=ü',
  ].concat('panel.example/a b/c%20d', "panel.example/a+b'(c)");
  const listings = Object.fromEntries(keys.map((key) => [key, 'Malicious: Pony']));
  tracker = await startFakeTracker({ listings, challenge: 'on' });
  const run = await runMain(['observe', '--api-url', tracker.url, ...keys.flatMap((key) => ['--url', `http://${key}`])]);
  expect([run.status, readAnswer(run.stdout).verdicts]).toEqual([0, keys.map((key) => `http://${key}`)]);
  expect([...new Set(tracker.lookups().map(({ key }) => key))].sort()).toEqual(keys.toSorted());
});
