import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { cctCommand, like, spawnCct } from '../helpers/run-cct.ts';
import { asking, openTracker, writeTempFile } from './live.ts';

const SUMMARY = /^1 observable: 1 unlisted \(\d+\.\d s\)\n$/;
const TO_FILE = '> "$HOME/stdout"';
const TERMINAL = { TERM: 'xterm', COLUMNS: '80' };

/** Runs in a terminal of its own, of which only stderr is left to the program unless `redirect` says otherwise. */
async function onTerminal(args: readonly string[], env: Readonly<Record<string, string>>, redirect = TO_FILE, columns = 80) {
  const quoted = [...cctCommand, ...args].map((word) => `'${word}'`).join(' ');
  // A terminal that nobody looks at has no columns, where nothing can move.
  const run = await spawnCct([`stty cols ${columns} rows 24; ${quoted} ${redirect}`, '/dev/null'], {
    command: ['script', '-qec'],
    env,
  }).finished;
  return { status: run.status, seen: run.stdout };
}

/** One lookup, asked of a tracker. */
async function observing(): Promise<string[]> {
  const tracker = await openTracker({ latencyMs: 50 });
  return ['observe', ...asking(tracker), '--ip', '192.0.2.1'];
}

// What moves a cursor or hides it, and what colours.
const MOVES = '\u001B[?25l';
const COLOURS = /\u001B\[\d*m/;

describe('progress', () => {
  test('moves on a terminal, and is gone before the summary', async () => {
    const { status, seen } = await onTerminal(await observing(), TERMINAL);
    expect([status, seen.includes(MOVES), seen.includes('0/1 · 0 listed · 0 failed')]).toEqual([0, true, true]);
    expect(seen).toMatch(/\u001B\[\?25h1 observable: .* s\)\r\n(?:\u001B\[\?25h)?$/);
  });

  test.each<[boolean, Record<string, string>, string[]]>([
    [true, {}, []],
    [false, { NO_COLOR: '1' }, []],
    [false, {}, ['--no-color']],
  ])('has colour %s with %j and %j', async (isColoured, env, flags) => {
    const { seen } = await onTerminal([...(await observing()), ...flags], { ...TERMINAL, ...env }, '');
    expect([seen.includes(MOVES), COLOURS.test(seen)]).toEqual([true, isColoured]);
  });

  test.each<[what: string, env: Record<string, string>, flags: string[], columns: number]>([
    ['on a dumb terminal', { TERM: 'dumb' }, [], 80],
    ['in the log of a CI', { ...TERMINAL, CI: 'true' }, [], 80],
    ['with -v', TERMINAL, ['-v'], 80],
    ['on a terminal without columns', TERMINAL, [], 0],
  ])('does not move %s', async (_what, env, flags, columns) => {
    const { status, seen } = await onTerminal([...(await observing()), ...flags], env, TO_FILE, columns);
    expect([status, seen.includes(MOVES), seen.includes('0/1')]).toEqual([0, false, false]);
    expect(seen).toMatch(/1 observable: .* s\)(?:\u001B\[\d*m)?\r\n$/);
  });

  test('prints nothing at all with -q', async () => {
    expect(await onTerminal([...(await observing()), '-q'], TERMINAL)).toEqual({ status: 0, seen: '' });
  });

  test('is no part of a stderr that is redirected, also when colour is forced', async () => {
    const run = await spawnCct(await observing(), { env: { ...TERMINAL, FORCE_COLOR: '1' } }).finished;
    expect(run).toEqual({ status: 0, signal: null, stdout: '{"data":{}}\n', stderr: like(SUMMARY) });
  });

  test('does not tear rows that go to the same terminal', async () => {
    const { seen } = await onTerminal([...(await observing()), '--format', 'ndjson'], TERMINAL, '');
    expect(seen.split('\r\n').map((line) => line.slice(0, 14))).toEqual(['{"observable":', '1 observable: ', '']);
  });

  test('counts each distinct observable once, and the bytes of a stream', async () => {
    const tracker = await openTracker({ latencyMs: 50 });
    const twice = await onTerminal(['observe', ...asking(tracker), '--ip', '192.0.2.1,192.0.2.1,192.0.2.2'], TERMINAL);
    expect([twice.status, twice.seen.includes('0/2 · ')]).toEqual([0, true]);
    const compressed = gzipSync('192.0.2.1\n');
    const packed = writeTempFile('ips.txt.gz', compressed);
    const stream = await onTerminal(['observe', ...asking(tracker), packed], TERMINAL);
    expect([stream.status, stream.seen.includes(`/${compressed.length} bytes · `)]).toEqual([0, true]);
  });

  test('shows beside observables from a file as stdin', async () => {
    const tracker = await openTracker();
    const ips = writeTempFile('ips.txt', '192.0.2.1\n');
    const { status, seen } = await onTerminal(['observe', ...asking(tracker)], TERMINAL, `> "$HOME/stdout" < ${ips}`);
    expect([status, seen.includes('0/1 · 0 listed · 0 failed')]).toEqual([0, true]);
  });
});

describe('progress of an update', () => {
  const updating = async () => {
    const entries = [{ date: '30-12-2025', url: 'a.example', ip: '', family: '' }];
    // The line moves every 80 ms, so that the rows of a page can be seen only while the next one is awaited.
    const tracker = await openTracker({ entries, listFaults: { 'index.php': { kind: 'slow', delayMs: 300 } }, listFaultFrom: 1 });
    return ['snapshot', 'update', ...asking(tracker)];
  };

  test('shows rows and their rate, and is gone before the notes', async () => {
    const { status, seen } = await onTerminal(await updating(), TERMINAL);
    expect([status, seen.includes(MOVES)]).toEqual([0, true]);
    expect(seen).toMatch(/1 rows · \d+ rows\/s/);
    expect(seen).toMatch(/\u001B\[\?25h1 entry installed; .*\r\n(?:\u001B\[\?25h)?$/);
  });

  test.each<[string, Record<string, string>, string[]]>([
    ['a dumb terminal', { TERM: 'dumb' }, []],
    ['-q', TERMINAL, ['-q']],
    ['-v', TERMINAL, ['-v']],
  ])('does not move with %s', async (_what, env, flags) => {
    const { status, seen } = await onTerminal([...(await updating()), ...flags], env);
    expect([status, seen.includes(MOVES), seen.includes('rows/s')]).toEqual([0, false, false]);
  });
});

test('a terminal as stdin gets short help and exit 2', async () => {
  const { status, seen } = await onTerminal(['observe'], { TERM: 'dumb' }, '');
  expect({ status, seen }).toEqual({
    status: 2,
    seen: like(/^cct: no input: name a value or a file, or pipe text in\r\nUsage: cct observe .*More: cct observe --help\r\n$/s),
  });
});

describe('a table on a terminal', () => {
  const url = 'http://panel.example/d12/cp.php?m=login';
  const showing = ['observe', '--snapshot', 'sample', '-q', '--format', 'table', '--url', url];
  const show = async (columns: number, env = {}) => (await onTerminal(showing, { TERM: 'xterm', ...env }, '', columns)).seen;

  test.each([40, 60, 80, 120, 220])('of %i columns has no longer line', async (columns) => {
    const lines = (await show(columns, { NO_COLOR: '1' })).split('\r\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
    expect(lines.join('').replaceAll(' ', '')).toContain('url:panel.example/d12/cp.php?m=login');
    expect(lines.length > 3).toBe(columns < 220);
  });

  test('that says 0 columns is as one of 80, and one of 10,000 is as it says', async () => {
    expect(await show(0)).toBe(await show(80));
    expect((await show(10_000)).split('\r\n')).toHaveLength(3);
  });

  test('links what is listed to the tracker, where the terminal does', async () => {
    const link = '\u001B]8;;https://cybercrime-tracker.net/index.php?search=panel.example%2Fd12%2Fcp.php%3Fm%3Dlogin\u001B\\';
    expect((await show(120, { FORCE_HYPERLINK: '1' })).split(link)).toHaveLength(2);
    expect(await show(120)).not.toContain(']8;;');
  });
});

test('a table on a terminal is coloured, and in a pipe is not', async () => {
  const args = ['observe', '--snapshot', 'sample', '-q', '--format', 'table', '--ip', '198.51.100.60'];
  const terminal = await onTerminal(args, TERMINAL, '');
  const pipe = await onTerminal(args, TERMINAL, '| cat');
  expect([terminal.seen.includes('\u001B[31mlisted\u001B[39m'), COLOURS.test(pipe.seen)]).toEqual([true, false]);
  expect(pipe.seen).toMatch(/^STATUS .*\r\nlisted .*\r\n$/);
});
