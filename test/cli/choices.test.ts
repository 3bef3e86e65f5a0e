import { describe, expect, test } from 'vitest';
import { readAnswer, readRows, runMain } from '../helpers/run-cct.ts';
import { asking, openTracker, writeTempFile } from './live.ts';

const PANEL = 'http://panel.example/d12/cp.php?m=login';
const OFFLINE = ['observe', '--snapshot', 'sample', '-q'];

describe('--only', () => {
  const given = ['--url', PANEL, '--url', 'http://new.example/', '--ip', 'x', '--ip', '198.51.100.60'];

  test.each([
    [
      ['--only', 'listed'],
      ['listed url', 'listed ip'],
    ],
    [['--only', 'unlisted'], ['unlisted url']],
    [['--only', 'skipped'], ['skipped ip']],
    [['--only', 'failed'], []],
    [
      ['--only', 'skipped', '--only', 'unlisted'],
      ['unlisted url', 'skipped ip'],
    ],
    [
      ['--only', 'listed,skipped'],
      ['listed url', 'skipped ip', 'listed ip'],
    ],
  ])('%j prints only those rows', async (flags, expected) => {
    const run = await runMain([...OFFLINE, ...flags, '--format', 'ndjson', ...given]);
    expect(readRows(run.stdout).map((row) => row.split(' ').slice(0, 2).join(' '))).toEqual(expected);
  });

  test.each([
    ['csv', 3],
    ['table', 3],
  ])('is taken by %s', async (format, lines) => {
    const run = await runMain([...OFFLINE, '--only', 'listed', '--format', format, ...given]);
    expect(run.stdout.trimEnd().split('\n')).toHaveLength(lines);
  });

  test('changes neither the summary nor the exit status: a failure that is not printed is told', async () => {
    const tracker = await openTracker({
      listings: { '192.0.2.1': 'Malicious: Pony' },
      faults: { '192.0.2.2': { kind: 'status', status: 403 } },
    });
    const args = [
      'observe',
      ...asking(tracker),
      '--source',
      'live',
      '--ip',
      '192.0.2.1',
      '--ip',
      '192.0.2.2',
      '--ip',
      '192.0.2.3',
    ];
    const json = await runMain([...args, '--only', 'listed']);
    expect(readAnswer(json.stdout)).toMatchObject({ verdicts: ['192.0.2.1'], errors: [] });
    expect(json.status).toBe(3);
    expect(json.stderr).toContain('3 observables: 1 listed, 1 unlisted, 1 failed');
    expect(json.stderr).toMatch(/permission denied: .*: 192\.0\.2\.2$/m);
    expect(readAnswer((await runMain([...args, '--only', 'failed'])).stdout).errors).toHaveLength(1);
  });
});

describe('--exclude', () => {
  const own = '# ours\npanel.example\n192.0.2.0/24\n';

  test('names what is never asked about, in any source, also with --include-private', async () => {
    const tracker = await openTracker({ listings: { '192.0.2.1': 'Malicious: Pony' } });
    const file = writeTempFile('own.txt', own);
    const given = [
      '--exclude',
      file,
      '--include-private',
      '--format',
      'ndjson',
      '--ip',
      '192.0.2.1',
      '--url',
      PANEL,
      '--ip',
      '198.51.100.60',
    ];
    const live = await runMain(['observe', ...asking(tracker), ...given]);
    expect(readRows(live.stdout)).toEqual(['skipped ip 192.0.2.1', `skipped url ${PANEL}`, 'unlisted ip 198.51.100.60']);
    expect(live.stdout).toContain('"reason":"excluded: matches 192.0.2.0/24"');
    expect(tracker.lookups().map(({ key }) => key)).toEqual(['198.51.100.60']);
    const offline = await runMain([...OFFLINE, ...given]);
    expect(readRows(offline.stdout)).toEqual(['skipped ip 192.0.2.1', `skipped url ${PANEL}`, 'listed ip 198.51.100.60']);
  });

  test('keeps it out of a dry run', async () => {
    const run = await runMain([
      'observe',
      '--dry-run',
      '--exclude',
      writeTempFile('own.txt', own),
      '--url',
      PANEL,
      '--ip',
      '198.51.100.60',
    ]);
    expect(run.stdout).toBe('198.51.100.60\n');
  });

  test('is an error where the file is missing or has a wrong line, and nothing is asked', async () => {
    const tracker = await openTracker();
    const file = writeTempFile('own.txt', '192.0.2.1\nhttp://panel.example/\n');
    const wrong = await runMain(['observe', ...asking(tracker), '--exclude', file, '--ip', '192.0.2.9']);
    const missing = await runMain(['observe', ...asking(tracker), '--exclude', 'nowhere.txt', '--ip', '192.0.2.9']);
    expect([wrong.status, wrong.stderr]).toEqual([
      2,
      `cct: ${file}:2: expected an address, a range such as 192.0.2.0/24, or a domain\n`,
    ]);
    expect([missing.status, missing.stderr]).toEqual([2, 'cct: cannot read nowhere.txt: no such file\n']);
    expect(tracker.requests).toEqual([]);
  });
});

describe('a domain', () => {
  const file = () => writeTempFile('all.txt', 'panel.example\nunknown.example\nport.example\ndrop.example\n');

  test('is answered from a snapshot, by its host', async () => {
    const run = await runMain([...OFFLINE, '--format', 'ndjson', file()]);
    expect(readRows(run.stdout)).toEqual([
      'listed domain panel.example',
      'unlisted domain unknown.example',
      'listed domain port.example',
      'listed domain drop.example',
    ]);
    expect(run.stdout).toContain('"matched":{"by":"host","entry":"panel.example/d12/cp.php?m=login","date":"2018-01-14"}');
  });

  test('is skipped where the live site is asked', async () => {
    const tracker = await openTracker();
    const run = await runMain(['observe', ...asking(tracker), '--format', 'ndjson', file()]);
    expect(readRows(run.stdout).map((row) => row.split(' ')[0])).toEqual(['skipped', 'skipped', 'skipped', 'skipped']);
    expect(tracker.requests).toEqual([]);
  });
});
