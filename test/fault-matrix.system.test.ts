import { describe, expect, test } from 'vitest';
import { answerRows, controlRow } from './faults/answer-rows.ts';
import type { Pace } from './faults/cells.ts';
import { cellsOf, nameOf } from './faults/cells.ts';
import { judge } from './faults/judge.ts';
import { listRows, resolverRows, serverRows } from './faults/place-rows.ts';
import { hasIpv6Loopback } from './faults/place.ts';
import { asProcess, inMemory } from './faults/programs.ts';
import { runCell } from './faults/surfaces.ts';

/* Some cells of the fault matrix, of which `npm run suite -- faults` runs all. */

const PACE: Pace = { timeoutMs: 3_000, slackMs: 12_000 };
const rows = [...answerRows, ...serverRows, ...listRows, ...resolverRows];
const cells = [controlRow, ...rows].flatMap(cellsOf);

const IN_MEMORY = [
  'no fault: cli live, all of fifty',
  'no fault: relay live, all of fifty',
  'no fault: update, all',
  '404: cli live, all of fifty',
  '404: relay auto, one of fifty, not in the snapshot',
  'a redirect without a place: cli live, one of fifty',
  'an endless challenge: relay live, one of fifty',
  'an endless challenge: update, later',
  'cut JSON: relay auto, one of fifty, in the snapshot',
  'HTML that says Malicious: cli auto, all of fifty, in the snapshot',
  'a body of 1 GiB: relay live, one of fifty',
  'a slow drip from the first byte: cli live, one of fifty',
  'a slow drip of the body: relay live, one',
  'interim answers without end: cli auto, one of fifty, in the snapshot',
  'interim answers without end: update, later and all.php',
  'a Content-Length that is too long: relay live, one of fifty',
  'a Content-Length that is too short: cli live, all of fifty',
  'a Content-Length that is too short: update, later and all.php',
  'two Content-Lengths: relay live, one of fifty',
  'Content-Length and chunks: cli live, one of fifty',
  'a bad chunk after a good one: update, all',
  'a bad chunk after a good one: cli auto, one, not in the snapshot',
  'HTTP/0.9: cli live, one of fifty',
  'HTTP/0.9: relay auto, all of fifty, in the snapshot',
  '1 MiB of headers: relay live, one of fifty',
  'gzip that unpacks to 128 MiB: cli live, one of fifty',
  'gzip cut short: relay live, one of fifty',
  'two answers in one, the second unlisted: cli live, one of fifty',
  'two answers in one, the second unlisted: relay live, all of fifty',
  'two answers in one, the second listed: update, all',
  'an answer too many, unlisted: cli live, one of fifty',
  'an answer too many, unlisted: relay live, all of fifty',
  'an answer too many, listed: cli auto, all of fifty, in the snapshot',
  '206: relay live, one of fifty',
  '226: update, all',
  'two messages, one escaped: cli live, one of fifty',
  'gzip without its trailer: cli live, one of fifty',
  'an unknown encoding: update, later and all.php',
  'a redirect that adds a question: relay live, one of fifty',
  'a redirect to another page: cli live, all of fifty',
  'silence everywhere: relay live, all of fifty',
  'a challenge that never ends: update, all',
  'a list without rows: update, later and all.php',
  'the first page again: update, later',
  'DNS slower than the timeout: client live, all of fifty',
  'DNS slow once: client live, one of fifty',
  'DNS with a dead address first: client live, all of fifty',
  ...(hasIpv6Loopback() ? ['IPv6 only: relay live, all of fifty'] : []),
];

const AS_PROCESS = [
  '403: cli live, one of fifty',
  'a reset: cli auto, all of fifty, in the snapshot',
  'a certificate for another host: cli live, all of fifty',
  'a body of 1 GiB: cli live, one of fifty',
  '503: update, later and all.php',
];

async function problemsOf(name: string, program: typeof inMemory): Promise<readonly string[]> {
  const cell = cells.find((candidate) => nameOf(candidate) === name);
  if (!cell) throw new Error(`There is no cell ${name}`);
  const { problems, falseCleans } = judge(cell, await runCell(cell, PACE, program), PACE);
  return falseCleans === 0 ? problems : [...problems, `${falseCleans} silently clean`];
}

describe('a cell of the fault matrix', () => {
  test.concurrent.each(IN_MEMORY)('%s', async (name) => {
    expect(await problemsOf(name, inMemory)).toEqual([]);
  });

  test.concurrent.each(AS_PROCESS)('%s, as a process', async (name) => {
    expect(await problemsOf(name, asProcess)).toEqual([]);
  });
});

test('the matrix holds each fault once, on whatever surface it has a meaning', () => {
  expect(new Set(rows.map(({ what }) => what)).size).toBe(rows.length);
  expect(new Set(cells.map(nameOf)).size).toBe(cells.length);
  expect(rows.filter((row) => cellsOf(row).length === 0)).toEqual([]);
  for (const row of answerRows) expect(cellsOf(row)).toHaveLength(20);
});
