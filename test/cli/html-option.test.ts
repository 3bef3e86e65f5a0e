import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cellsOf, readHtml } from '../documents/read-documents.ts';
import { waitUntil } from '../helpers/serve.ts';
import { openTempDir, readAnswer, runMain, startMain } from '../helpers/run-cct.ts';
import { asking, complaint, keysAsked, openTracker, SAMPLE, writeTempFile } from './live.ts';

const BOTH = ['observe', ...SAMPLE, '--ip', '198.51.100.60', '--ip', '192.0.2.1'];

/** The values of a page's rows, as it shows them. */
const valuesOf = (path: string) =>
  cellsOf(readHtml(readFileSync(path, 'utf8')))
    .slice(1)
    .map((cells) => cells[2]);

describe('--html', () => {
  test.each(['json', 'ndjson', 'table', 'csv', 'markdown', 'html'])(
    'writes a page beside %s, which stays as it is',
    async (format) => {
      const page = join(openTempDir(), 'page.html');
      const plain = await runMain([...BOTH, '--format', format]);
      const run = await runMain([...BOTH, '--format', format, '--html', page]);
      expect([run.status, valuesOf(page)]).toEqual([0, ['198[.]51[.]100[.]60']]);
      // Only a page names its command line.
      if (format !== 'html') expect(run).toEqual(plain);
    },
  );

  test('writes beside --output too, each file whole', async () => {
    const dir = openTempDir();
    const [out, page] = [join(dir, 'out.csv'), join(dir, 'page.html')];
    const { status, stdout } = await runMain([...BOTH, '--format', 'csv', '--output', out, '--html', page]);
    expect([status, stdout, readdirSync(dir)]).toEqual([0, '', ['out.csv', 'page.html']]);
    expect(readFileSync(out, 'utf8').split('\n')).toHaveLength(4);
  });

  test('holds the rows that --only chooses, and counts all', async () => {
    const page = join(openTempDir(), 'page.html');
    await runMain([...BOTH, '--only', 'unlisted', '--html', page]);
    expect([valuesOf(page), readHtml(readFileSync(page, 'utf8')).find(({ name }) => name === 'h1')?.text]).toEqual([
      ['192[.]0[.]2[.]1'],
      '1 listed of 2 observables',
    ]);
  });

  test('tells the date of the list, and how it was made', async () => {
    const page = join(openTempDir(), 'page.html');
    await runMain([...BOTH, '--html', page]);
    const facts = readHtml(readFileSync(page, 'utf8')).filter(({ name }) => name === 'dd');
    expect(facts.map(({ text }) => text)).toEqual([
      `cct observe --snapshot sample --ip '198[.]51[.]100[.]60' --ip '192[.]0[.]2[.]1' --html ${page}`,
      'list of 2018-01-31 (2,893 days old)',
      expect.stringMatching(/^2026-01-02 03:04 UTC by cct \d/),
    ]);
  });

  test('of a live run with failures names its sources, and holds what failed', async () => {
    const page = join(openTempDir(), 'page.html');
    const tracker = await openTracker({ listings: { '192.0.2.1': 'Malicious' }, faults: { '192.0.2.66': 'html' } });
    const args = ['observe', ...asking(tracker), '--ip', '192.0.2.66', '--ip', '192.0.2.1', '--ip', '192.0.2.3'];
    const { status } = await runMain([...args, '--html', page]);
    expect([status, valuesOf(page)]).toEqual([3, ['192[.]0[.]2[.]66', '192[.]0[.]2[.]1']]);
    expect(readFileSync(page, 'utf8')).toContain('<dd>live answers</dd>');
  });

  test.each([
    ['the input is wrong', ['--snapshot', 'sample'], 2],
    ['there is no snapshot', ['--offline', '--ip', '192.0.2.1'], 4],
    ['it is a dry run', ['--dry-run', '--ip', '192.0.2.1'], 0],
  ])('leaves an old page alone when %s', async (_what, args, status) => {
    const page = writeTempFile('page.html', 'old');
    const run = await runMain(['observe', ...args, '--html', page], { stdin: '[{"type":"ip","value":"192.0.2.1"},{}]' });
    expect([run.status, readFileSync(page, 'utf8')]).toEqual([status, 'old']);
  });

  test('is whole after an interrupt, with what was ready', async () => {
    const page = join(openTempDir(), 'page.html');
    const tracker = await openTracker({ listings: { '192.0.2.1': 'Malicious' }, faults: { '192.0.2.66': 'stalled-headers' } });
    const args = ['observe', ...asking(tracker), '--concurrency', '1', '--html', page, '--ip', '192.0.2.1', '--ip', '192.0.2.66'];
    const run = startMain(args);
    await waitUntil(() => keysAsked(tracker).includes('192.0.2.66'));
    run.stop('SIGINT');
    const { status, stdout } = await run.finished;
    expect([status, readAnswer(stdout).verdicts, valuesOf(page)]).toEqual([
      130,
      ['192.0.2.1'],
      ['192[.]0[.]2[.]1', '192[.]0[.]2[.]66'],
    ]);
  });

  test('refuses stdout, and a place that cannot be written, before any lookup', async () => {
    const dir = openTempDir();
    const out = join(dir, 'out');
    writeFileSync(out, 'old');
    const tracker = await openTracker();
    const write = (...flags: readonly string[]) => runMain(['observe', ...asking(tracker), '--ip', '192.0.2.1', ...flags]);
    expect(await write('--html', '-')).toEqual(complaint('--html: expected a file, not stdout; --format html prints the page'));
    expect(await write('--html', dir, '--output', out)).toEqual(complaint(`cannot write ${dir}: it is a directory`));
    expect([tracker.requests, readdirSync(dir), readFileSync(out, 'utf8')]).toEqual([[], ['out'], 'old']);
  });
});
