import { parse } from 'csv-parse/sync';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { validateAnswer } from '../helpers/relay-schema.ts';
import { readAnswer, readRows, runMain } from '../helpers/run-cct.ts';
import { asking, openTracker } from './live.ts';
import { OBEYED_BUT_LINES } from './output/rows.ts';

const LISTED = '192.0.2.1';
const UNLISTED = '192.0.2.2';
const FAILED = '192.0.2.66';
const SKIPPED = '10.0.0.8';

/** The cells of csv, as a spreadsheet would read them. */
const toRows = (text: string): string[][] => parse(text);

/** A run on a tracker with one address of each fate. */
async function observe(ips: readonly string[], ...flags: readonly string[]) {
  const tracker = await openTracker({ listings: { [LISTED]: 'Malicious: Pony' }, faults: { [FAILED]: 'html' } });
  return runMain(['observe', ...asking(tracker), ...flags, ...ips.flatMap((ip) => ['--ip', ip])]);
}

// Which status follows from which outcomes is tested in test/core/ledger/ledger.test.ts.
test.each<[status: number, flags: string[], ips: string[]]>([
  [0, [], [LISTED, UNLISTED, SKIPPED]],
  [3, [], [FAILED, UNLISTED]],
  [4, [], [FAILED, SKIPPED]],
  [10, ['--fail-on-listed'], [LISTED, UNLISTED, SKIPPED]],
  [3, ['--fail-on-listed'], [LISTED, FAILED]],
  [2, ['--fail-on-listed', '--timeout', 'x'], [FAILED, LISTED]],
])('the exit status is %i with %j for %j', async (status, flags, ips) => {
  expect((await observe(ips, ...flags)).status).toBe(status);
});

describe('the answer', () => {
  test('holds what is listed and what failed', async () => {
    const { stdout } = await observe([FAILED, LISTED, UNLISTED, SKIPPED]);
    expect(validateAnswer(JSON.parse(stdout))).toEqual([]);
    expect(readAnswer(stdout)).toMatchObject({ verdicts: [LISTED], judgements: [LISTED], errors: [{ code: 'key error' }] });
  });

  test('of deliberate holds verdicts alone', async () => {
    const tracker = await openTracker({ listings: { [LISTED]: 'Malicious: Pony' } });
    const { status, stdout } = await runMain(['deliberate', ...asking(tracker), '--ip', LISTED, '--ip', UNLISTED]);
    expect(validateAnswer(JSON.parse(stdout))).toEqual([]);
    expect([status, readAnswer(stdout)]).toEqual([0, { verdicts: [LISTED], judgements: undefined, errors: [] }]);
    expect(stdout).not.toContain('judgement');
  });

  test('is {"data":{}} when nothing is listed and nothing failed', async () => {
    expect(await observe([UNLISTED, SKIPPED])).toMatchObject({ status: 0, stdout: '{"data":{}}\n' });
  });

  test('has no data when all failed', async () => {
    const { stdout } = await observe([FAILED, SKIPPED]);
    expect(JSON.parse(stdout)).toEqual({ errors: readAnswer(stdout).errors });
    expect(readAnswer(stdout).errors).toHaveLength(1);
  });

  test('of ndjson, csv and table holds a row for each', async () => {
    const ips = [FAILED, LISTED, UNLISTED, SKIPPED];
    const statuses = ['failed', 'listed', 'unlisted', 'skipped'];
    const ndjson = await observe(ips, '--format', 'ndjson');
    const csv = await observe(ips, '--format', 'csv');
    const table = await observe(ips, '--format', 'table');
    expect([ndjson.status, csv.status, table.status]).toEqual([3, 3, 3]);
    expect(readRows(ndjson.stdout)).toEqual(statuses.map((status, at) => `${status} ip ${ips[at] ?? ''}`));
    expect(toRows(csv.stdout).map((cells) => cells[2])).toEqual(['status', ...statuses]);
    expect(table.stdout.split('\n').map((line) => line.split(' ')[0])).toEqual(['STATUS', ...statuses, '']);
  });
});

// What each format does with hostile texts is tested in `output`.
test.each(['json', 'ndjson', 'table', 'csv'])('a hostile family is harmless in %s', async (format) => {
  const family = 'a\u001B[31mb\u001B]0;t\u0007c\u009Bd\re\nf\u202Eg';
  const tracker = await openTracker({ listings: { [LISTED]: `Malicious: ${family}` } });
  const { stdout } = await runMain(['observe', ...asking(tracker), '--format', format, '--ip', LISTED]);
  expect(stdout).toContain(LISTED);
  expect(stdout).not.toMatch(OBEYED_BUT_LINES);
});

test('a family of 10 kB is cut in the reason', async () => {
  const tracker = await openTracker({ listings: { [LISTED]: `Malicious: ${'x'.repeat(10_240)}` } });
  const answer: unknown = JSON.parse((await runMain(['observe', ...asking(tracker), '--ip', LISTED])).stdout);
  expect(validateAnswer(answer)).toEqual([]);
  expect(answer).toMatchObject({ data: { judgements: { docs: [{ reason: `Malicious: ${'x'.repeat(1013)}` }] } } });
});

const itemsSchema = z.array(z.object({ type: z.string(), value: z.string() }));

describe('observables.json with the sample', () => {
  const path = fileURLToPath(new URL('../../observables.json', import.meta.url));
  const values = itemsSchema.parse(JSON.parse(readFileSync(path, 'utf8'))).map(({ type, value }) => `${type} ${value}`);
  const fates = ['listed', 'listed', 'unlisted', 'unlisted', 'unlisted', 'listed'];

  test('shows each fate', async () => {
    const run = await runMain(['observe', path, '--snapshot', 'sample', '--format', 'ndjson']);
    expect(readRows(run.stdout)).toEqual(values.map((value, at) => `${fates[at] ?? ''} ${value}`));
    const summary = '6 observables: 3 listed, 3 unlisted (0.0 s)\nthe newest hit is 7 years old: 2018-01-14\n';
    expect([run.status, run.stderr]).toEqual([0, summary]);
  });

  test('is a valid answer, the same each time', async () => {
    const run = await runMain(['observe', path, '--snapshot', 'sample']);
    expect(validateAnswer(JSON.parse(run.stdout))).toEqual([]);
    const listed = ['http://panel.example/d12/cp.php?m=login', '198.51.100.60', 'panel.example'];
    expect(readAnswer(run.stdout)).toEqual({ verdicts: listed, judgements: listed, errors: [] });
    expect(await runMain(['observe', path, '--snapshot', 'sample'])).toEqual(run);
  });
});
