import { CORRECT_LINE, CORRECT_ROW } from '../../src/records/way-out.ts';
import { describe, expect, test } from 'vitest';
import { startFakeProxy } from '../helpers/fake-proxy.ts';
import { cctCommand, readRows, spawnCct } from '../helpers/run-cct.ts';
import { asking, complaint, openTracker, toPanelUrls, writeTempFile } from './live.ts';

/** The program at the head of a shell's pipeline; its own status is told on stderr. */
const piped = (pipeline: string): string[] => [
  ...['bash', '-c', `"$@" ${pipeline}; echo "status \${PIPESTATUS[0]}" >&2`, 'bash'],
  ...cctCommand,
];

const SAMPLE = ['observe', '--snapshot', 'sample'];

describe('a reader that goes', () => {
  test.each(['ndjson', 'json', 'csv', 'table'])('ends the program quietly: %s into head -1', async (format) => {
    const big = writeTempFile('big.txt', toPanelUrls(4000));
    const run = await spawnCct([...SAMPLE, '-q', big, '--format', format], { command: piped('| head -1') }).finished;
    expect(run.stdout.split('\n')).toHaveLength(2);
    expect(run.stderr).toMatch(/^status (?:0|141)\n$/);
  });

  test('ends the asking too', async () => {
    const tracker = await openTracker({ latencyMs: 20 });
    const ips = Array.from({ length: 200 }, (_, at) => `198.51.100.${at}\n`).join('');
    const args = ['observe', ...asking(tracker), '-q', '--concurrency', '1', '--format', 'ndjson', writeTempFile('ips.txt', ips)];
    const run = await spawnCct(args, { command: piped('| head -1') }).finished;
    expect([readRows(run.stdout), run.stderr]).toEqual([['unlisted ip 198.51.100.0'], 'status 141\n']);
    expect(tracker.lookups().length).toBeLessThan(200);
  });

  test('before anything is written does not matter', async () => {
    const run = await spawnCct([...SAMPLE, '-q', '--ip', '192.0.2.1'], { command: piped('| true') }).finished;
    expect([run.stdout, /^status (?:0|141)\n$/.test(run.stderr)]).toEqual(['', true]);
  });

  test('of stderr does not matter', async () => {
    const command = ['bash', '-c', '"$@" 2> >(true)', 'bash', ...cctCommand];
    const run = await spawnCct([...SAMPLE, '-v', '--ip', '192.0.2.1'], { command }).finished;
    expect([run.status, run.stdout]).toEqual([0, '{"data":{}}\n']);
  });
});

test('5 MB through a slow reader arrive whole', async () => {
  const big = writeTempFile('big.txt', toPanelUrls(4000));
  // The reader waits until the pipe is long full.
  const command = piped('| { read -r first; sleep 0.3; printf "%s\\n" "$first"; cat; }');
  const run = await spawnCct([...SAMPLE, '-q', big, '--format', 'ndjson'], { command }).finished;
  expect(run.stderr).toBe('status 0\n');
  expect(readRows(run.stdout)).toEqual(Array.from({ length: 4000 }, (_, at) => `listed url http://drop.example/${at}`));
  expect(run.stdout.length).toBeGreaterThan(4_500_000);
});

describe('a stdin that nobody ends', () => {
  test.each<[string, string | Buffer, string]>([
    ['an item is wrong', '{"type":"ip","value":""}\n', `stdin:1: observable.value: expected a non-empty string. ${CORRECT_LINE}`],
    [
      'a byte is no UTF-8',
      Buffer.from('{"type":"ip","value":"\xff"}\n', 'latin1'),
      'stdin:1: not UTF-8 text. Use --encoding NAME, for example windows-1252',
    ],
    [
      'there are NUL bytes',
      'a\0b\n',
      'stdin: binary content (NUL bytes) cannot be read directly. Try: strings -a FILE | cct observe -',
    ],
    [
      'csv is wrong',
      'type,value\nip,\nip,192.0.2.1\nip,192.0.2.2\n',
      `stdin:2: observable.value: expected a non-empty string. ${CORRECT_ROW}`,
    ],
  ])('keeps no program waiting after an error: %s', async (_what, open, message) => {
    const run = await spawnCct(SAMPLE, { stdin: { open } }).finished;
    expect(run).toEqual({ ...complaint(message), signal: null });
  });

  test.each([
    [['observe', '--snapshot', 'sample', '-q', '--ip', '192.0.2.1'], '{"data":{}}\n'],
    [['health', '--snapshot', 'sample'], '{"data":{"status":"ok"}}\n'],
  ])('keeps no program waiting that does not read it: %j', async (args, stdout) => {
    const run = await spawnCct(args, { stdin: { open: '' } }).finished;
    expect(run).toEqual({ status: 0, signal: null, stdout, stderr: '' });
  });
});

test.each([['--help'], ['--version'], ['health', '--snapshot', 'sample']])('a full stdout is an error of %s', async (...args) => {
  const run = await spawnCct(args, { command: ['bash', '-c', '"$@" > /dev/full', 'bash', ...cctCommand] }).finished;
  const message = 'cannot write stdout: ENOSPC: no space left on device, write';
  expect(run).toEqual({ ...complaint(message), signal: null });
});

test('a stderr that is full costs nothing of the answer', async () => {
  const command = ['bash', '-c', '"$@" 2> /dev/full', 'bash', ...cctCommand];
  const run = await spawnCct([...SAMPLE, '--ip', '192.0.2.1'], { command }).finished;
  expect(run).toEqual({ status: 0, signal: null, stdout: '{"data":{}}\n', stderr: '' });
});

describe('a proxy', () => {
  /** What a proxy sees of one lookup, with these variables; PROXY stands for its address. */
  const seenBy = async (env: Readonly<Record<string, string>>, ...flags: readonly string[]) => {
    const tracker = await openTracker();
    const proxy = await startFakeProxy();
    const fill = (text: string) => text.replace('PROXY', proxy.url);
    const filled = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, fill(value)]));
    const args = ['observe', ...asking(tracker), '-q', '--ip', '192.0.2.1', ...flags.map(fill)];
    const run = await spawnCct(args, { env: filled }).finished;
    await proxy.close();
    expect([run.status, run.stdout, run.stderr, tracker.lookups().length]).toEqual([0, '{"data":{}}\n', '', 1]);
    return proxy.requests.map(({ target }) => target.replace(tracker.url, 'TRACKER/'));
  };
  const LOOKUP = ['TRACKER/query.php?url=192.0.2.1'];

  test.each<[Record<string, string>, string[], string[]]>([
    [{}, [], []],
    [{ HTTP_PROXY: 'PROXY' }, [], LOOKUP],
    [{ http_proxy: 'PROXY' }, [], LOOKUP],
    [{ ALL_PROXY: 'PROXY' }, [], LOOKUP],
    [{ HTTPS_PROXY: 'PROXY' }, [], []],
    [{ HTTP_PROXY: 'PROXY', NO_PROXY: '127.0.0.1' }, [], []],
    [{ HTTP_PROXY: 'PROXY', NO_PROXY: '*' }, [], []],
    [{ HTTP_PROXY: 'PROXY', NO_PROXY: 'other.example' }, [], LOOKUP],
    [{ CCT_PROXY: 'PROXY', NO_PROXY: '*' }, [], LOOKUP],
    [{ HTTP_PROXY: 'http://nobody.invalid/' }, ['--proxy', 'PROXY'], LOOKUP],
  ])('with %j and %j sees %j', async (env, flags, seen) => {
    expect(await seenBy(env, ...flags)).toEqual(seen);
  });
});
