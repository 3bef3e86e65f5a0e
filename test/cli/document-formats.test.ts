import { describe, expect, test } from 'vitest';
import { parseBundles } from '../documents/ctim-schema.ts';
import { objectsOf, parseBundle } from '../documents/stix-schema.ts';
import { FIXED_NOW, readRows, runMain } from '../helpers/run-cct.ts';
import { asking, complaint, openTracker, SAMPLE } from './live.ts';
import { ENTRY, LISTED, openState, toList, UNLISTED } from './state-file.ts';

const DOCUMENTS = ['stix', 'ctim-bundle', 'misp', 'ecs'];
const OBSERVABLES = ['observables.json', ...SAMPLE];

describe('observables.json with the sample', () => {
  const VALUES = ['http://panel.example/d12/cp.php?m=login', '198.51.100.60', 'panel.example'];

  test.each(DOCUMENTS)('as %s is the same text on another run, and reads back as what is listed', async (format) => {
    const runs = [
      await runMain(['observe', ...OBSERVABLES, '--format', format]),
      await runMain(['observe', ...OBSERVABLES, '--format', format]),
    ];
    expect(runs[1]?.stdout).toBe(runs[0]?.stdout);
    expect([runs[0]?.status, runs[0]?.stderr]).toEqual([0, expect.stringContaining('6 observables: 3 listed, 3 unlisted')]);
    const again = await runMain(['observe', ...SAMPLE, '--format', 'ndjson'], { stdin: runs[0]?.stdout ?? '' });
    expect(readRows(again.stdout)).toEqual(['url', 'ip', 'domain'].map((type, at) => `listed ${type} ${VALUES[at]}`));
  });

  test('deliberate makes all but ctim-bundle', async () => {
    const { stdout } = await runMain(['deliberate', ...OBSERVABLES, '--format', 'stix']);
    expect(objectsOf(parseBundle(stdout), 'indicator').map(({ name }) => name)).toEqual(VALUES);
    const message = 'ctim-bundle needs Judgements, which deliberate does not create: use cct observe';
    expect(await runMain(['deliberate', ...OBSERVABLES, '--format', 'ctim-bundle'])).toEqual(complaint(message));
  });

  test('--bundle-size and its variable limit the entities of a bundle', async () => {
    const sizes = (text: string) => parseBundles(text).map(({ judgements }) => judgements.length);
    const args = ['observe', ...OBSERVABLES, '--format', 'ctim-bundle'];
    expect(sizes((await runMain([...args, '--bundle-size', '2'])).stdout)).toEqual([2, 1]);
    expect(sizes((await runMain(args, { env: { CCT_BUNDLE_SIZE: '1' } })).stdout)).toEqual([1, 1, 1]);
    const other = await runMain(['observe', ...OBSERVABLES, '--format', 'stix'], { env: { CCT_BUNDLE_SIZE: '1' } });
    expect(other.status).toBe(0);
    expect(await runMain(['observe', ...OBSERVABLES, '--bundle-size', '2'])).toEqual(
      complaint('--bundle-size is for --format ctim-bundle, not json'),
    );
  });
});

test.each(DOCUMENTS)('%s of nothing listed is read as nothing, with exit 0', async (format) => {
  const { status, stdout } = await runMain(['observe', '--ip', '192.0.2.1', ...SAMPLE, '--format', format]);
  const again = await runMain(['observe', ...SAMPLE, '--format', 'ndjson'], { stdin: stdout });
  expect([status, again.status, again.stdout]).toEqual([0, 0, '']);
});

test.each(DOCUMENTS)('%s leaves failures to stderr and the exit status', async (format) => {
  const tracker = await openTracker({ listings: { '192.0.2.1': 'Malicious: Pony' }, faults: { '192.0.2.66': 'html' } });
  const run = await runMain(['observe', ...asking(tracker), '--ip', '192.0.2.66', '--ip', '192.0.2.1', '--format', format]);
  expect([run.status, run.stdout.includes('192.0.2.1'), run.stdout.includes('192.0.2.66')]).toEqual([3, true, false]);
  expect(run.stderr).toMatch(/^cct: key error: .*192\.0\.2\.66$/m);
});

test('a live answer without a date is valid from the day of the run', async () => {
  const tracker = await openTracker({ listings: { '192.0.2.1': 'Malicious: Pony' } });
  const { stdout } = await runMain(['observe', ...asking(tracker), '--ip', '192.0.2.1', '--format', 'stix']);
  const days = objectsOf(parseBundle(stdout), 'indicator').map((each) => each.valid_from.slice(0, 10));
  expect(days).toEqual([FIXED_NOW.toISOString().slice(0, 10)]);
});

test('what is gone since an earlier run is no longer in a bundle', async () => {
  const { observe } = openState();
  const run = async (list: string) =>
    parseBundle((await observe(list, '--url', LISTED, '--url', UNLISTED, '--format', 'stix')).stdout);
  expect(objectsOf(await run(toList(ENTRY)), 'indicator').map(({ name }) => name)).toEqual([LISTED]);
  expect((await run(toList(ENTRY))).objects).toBeUndefined();
  expect((await run(toList())).objects).toBeUndefined();
});

describe('--defang', () => {
  const message = (format: string) =>
    `--defang is for table, csv, markdown, html, not ${format}: choose one with --format, or leave --defang out`;

  test.each(['json', 'ndjson', ...DOCUMENTS])('with %s is refused', async (format) => {
    expect(await runMain(['observe', ...OBSERVABLES, '--format', format, '--defang'])).toEqual(complaint(message(format)));
  });

  test('with the default format is refused too; its variable is for the formats that it changes', async () => {
    expect(await runMain(['observe', ...OBSERVABLES, '--defang'])).toEqual(complaint(message('json')));
    const plain = await runMain(['observe', ...OBSERVABLES, '--format', 'ecs']);
    const run = await runMain(['observe', ...OBSERVABLES, '--format', 'ecs'], { env: { CCT_DEFANG: '1' } });
    expect([run.status, run.stdout]).toEqual([0, plain.stdout]);
  });
});

test.each(DOCUMENTS)('--join refuses %s', async (format) => {
  expect(await runMain(['observe', ...SAMPLE, '--join', '--format', format], { stdin: '{"a":"192.0.2.1"}\n' })).toEqual(
    complaint('--join prints the records themselves: leave --format out'),
  );
});
