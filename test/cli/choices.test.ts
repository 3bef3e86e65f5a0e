import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { readAnswer, readRows, runMain, startMain } from '../helpers/run-cct.ts';
import { asking, complaint, keysAsked, openTracker, writeTempFile } from './live.ts';

const PANEL = 'http://panel.example/d12/cp.php?m=login';
const OFFLINE = ['observe', '--snapshot', 'sample', '-q'];

describe('--only', () => {
  const given = ['--url', PANEL, '--url', 'http://new.example/', '--ip', 'x', '--ip', '198.51.100.60'];

  test.each([
    ['--only listed', 'listed listed'],
    ['--only unlisted', 'unlisted'],
    ['--only skipped', 'skipped'],
    ['--only failed', ''],
    ['--only skipped --only unlisted', 'unlisted skipped'],
    ['--only listed,skipped', 'listed skipped listed'],
  ])('%s prints only: %s', async (flags, expected) => {
    const run = await runMain([...OFFLINE, ...flags.split(' '), '--format', 'ndjson', ...given]);
    expect(
      readRows(run.stdout)
        .map((row) => row.split(' ')[0])
        .join(' '),
    ).toBe(expected);
  });

  test.each(['csv', 'table'])('holds for %s', async (format) => {
    const run = await runMain([...OFFLINE, '--only', 'listed', '--format', format, ...given]);
    expect(run.stdout.trimEnd().split('\n')).toHaveLength(3);
  });

  test('changes neither the summary nor the exit status, and reports a failure that is not printed', async () => {
    const faults = { '192.0.2.2': { kind: 'status', status: 403 } } as const;
    const tracker = await openTracker({ listings: { '192.0.2.1': 'Malicious: Pony' }, faults });
    const args = ['observe', ...asking(tracker), '--ip', '192.0.2.1', '--ip', '192.0.2.2', '--ip', '192.0.2.3'];
    const json = await runMain([...args, '--only', 'listed']);
    expect(readAnswer(json.stdout)).toMatchObject({ verdicts: ['192.0.2.1'], errors: [] });
    expect(json.status).toBe(3);
    expect(json.stderr).toContain('3 observables: 1 listed, 1 unlisted, 1 failed');
    expect(json.stderr).toMatch(/permission denied: .*: 192\.0\.2\.2$/m);
    expect(readAnswer((await runMain([...args, '--only', 'failed'])).stdout).errors).toHaveLength(1);
  });
});

describe('--sort status', () => {
  const values = ['http://new.example/', PANEL, '10.0.0.8', '192.0.2.9', '198.51.100.60'];
  const file = () => writeTempFile('values.txt', values.map((value) => `${value}\n`).join(''));
  const SORTED = [`listed url ${PANEL}`, 'listed ip 198.51.100.60', 'failed ip 192.0.2.9'];

  test('puts what is listed first, then what failed; rows of a status stay in input order', async () => {
    const listings = { 'panel.example/d12/cp.php?m=login': 'Malicious: Pony', '198.51.100.60': 'Malicious' };
    const tracker = await openTracker({ listings, faults: { '192.0.2.9': { kind: 'status', status: 403 } } });
    const sorted = ['observe', ...asking(tracker), '--sort', 'status', file()];
    const rows = readRows((await runMain([...sorted, '--format', 'ndjson'])).stdout);
    expect(rows).toEqual([...SORTED, 'unlisted url http://new.example/', 'skipped ip 10.0.0.8']);
    const table = (await runMain([...sorted, '--format', 'table'])).stdout.split('\n').map((line) => line.split(/ +/)[0]);
    expect(table).toEqual(['STATUS', 'listed', 'listed', 'failed', 'unlisted', 'skipped', '']);
  });

  test('of an input that breaks sorts what was read before', async () => {
    const broken = new PassThrough();
    broken.end('{"type":"ip","value":"192.0.2.1"}\n{"type":"ip","value":"198.51.100.60"}\nno JSON\n');
    const run = await startMain([...OFFLINE, '--sort', 'status', '--format', 'ndjson', '-'], { stdin: broken }).finished;
    expect([run.status, readRows(run.stdout)]).toEqual([2, ['listed ip 198.51.100.60', 'unlisted ip 192.0.2.1']]);
  });
});

describe('--exclude', () => {
  const own = '# ours\npanel.example\n192.0.2.0/24\n';
  const toArgs = (file: string) => ['--exclude', file, '--ip', '192.0.2.1', '--url', PANEL, '--ip', '198.51.100.60'];

  test('names what is never looked up, in any source, also with --include-private', async () => {
    const tracker = await openTracker({ listings: { '192.0.2.1': 'Malicious: Pony' } });
    const args = ['--include-private', '--format', 'ndjson', ...toArgs(writeTempFile('own.txt', own))];
    const live = await runMain(['observe', ...asking(tracker), ...args]);
    const skipped = ['skipped ip 192.0.2.1', `skipped url ${PANEL}`];
    expect(readRows(live.stdout)).toEqual([...skipped, 'unlisted ip 198.51.100.60']);
    expect(live.stdout).toContain('"reason":"excluded: matches 192.0.2.0/24"');
    expect(keysAsked(tracker)).toEqual(['198.51.100.60']);
    expect(readRows((await runMain([...OFFLINE, ...args])).stdout)).toEqual([...skipped, 'listed ip 198.51.100.60']);
  });

  test('holds for a dry run', async () => {
    const run = await runMain(['observe', '--dry-run', ...toArgs(writeTempFile('own.txt', own))]);
    expect(run.stdout).toBe('198.51.100.60\n');
  });

  test('is an error where the file is missing or has a wrong line, before any lookup', async () => {
    const tracker = await openTracker();
    const file = writeTempFile('own.txt', '192.0.2.1\nhttp://panel.example/\n');
    const exclude = (name: string) => runMain(['observe', ...asking(tracker), ...toArgs(name)]);
    expect(await exclude(file)).toEqual(complaint(`${file}:2: expected an address, a range such as 192.0.2.0/24, or a domain`));
    expect(await exclude('nowhere.txt')).toEqual(complaint('cannot read nowhere.txt: no such file'));
    expect(tracker.requests).toEqual([]);
  });
});

describe('a domain', () => {
  const file = () => writeTempFile('all.txt', 'panel.example\nunknown.example\nport.example\n');

  test('is answered from a snapshot, by its host', async () => {
    const run = await runMain([...OFFLINE, '--format', 'ndjson', file()]);
    const rows = ['listed domain panel.example', 'unlisted domain unknown.example', 'listed domain port.example'];
    expect(readRows(run.stdout)).toEqual(rows);
    expect(run.stdout).toContain(
      '"matched":{"by":"host","entry":"panel.example/d12/cp.php?m=login","date":"2018-01-14","from":"snapshot"}',
    );
  });

  test('is skipped by the live site', async () => {
    const tracker = await openTracker();
    const run = await runMain(['observe', ...asking(tracker), '--format', 'ndjson', file()]);
    expect(readRows(run.stdout).map((row) => row.split(' ')[0])).toEqual(['skipped', 'skipped', 'skipped']);
    expect(tracker.requests).toEqual([]);
  });
});
