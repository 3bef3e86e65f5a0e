import { describe, expect, test } from 'vitest';
import { toSummary } from '../../src/cli/output/report.ts';
import { createTally } from '../../src/core/ledger.ts';
import { FIXED_NOW, readAnswer, runMain } from '../helpers/run-cct.ts';
import { asking, openTracker } from './live.ts';

const HINT =
  'no list installed: cct snapshot import FILE, or cct snapshot update when the tracker is reachable; then use --offline\n';
const PROBLEM = `cct: permission denied: `;

/** What is said on stderr about one address that is listed and one that is refused. */
async function said(flags: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
  const tracker = await openTracker({
    listings: { '192.0.2.1': 'Malicious' },
    faults: { '192.0.2.66': { kind: 'status', status: 403 } },
  });
  const run = await runMain(['observe', ...asking(tracker), '--ip', '192.0.2.1', '--ip', '192.0.2.66', ...flags], { env });
  expect(run.status).toBe(3);
  return run.stderr;
}

describe('the summary', () => {
  test('counts each fate', () => {
    const tally = { ...createTally(), listed: 12, unlisted: 320, skipped: 5, failed: 3 };
    expect(toSummary(tally, 4_140)).toBe('340 observables: 12 listed, 320 unlisted, 5 skipped, 3 failed (4.1 s)');
  });

  test('tells the time that the run took', async () => {
    let elapsedMs = -2500;
    const now = () => new Date(FIXED_NOW.getTime() + (elapsedMs += 2500));
    const run = await runMain(['observe', '--snapshot', 'sample', '--ip', '10.0.0.8'], { now });
    expect(run.stderr).toMatch(/ \([1-9]\d*\.\d s\)\n$/);
  });
});

describe('values given as flags of which none could be looked up', () => {
  const reason = 'cct: nothing was looked up: 999.1.1.1: invalid: not an IPv4 address';

  test.each([[[]], [['-q']], [['-q', '--only', 'listed']]])('are named with the reason, with %j', async (flags) => {
    const run = await runMain(['observe', '--snapshot', 'sample', '--ip', '999.1.1.1', ...flags]);
    expect([run.status, run.stdout, run.stderr.split('\n')[0]]).toEqual([0, '{"data":{}}\n', reason]);
  });

  test('are not all named where they are many', async () => {
    const many = Array.from({ length: 7 }, (_, at) => ['--ip', `999.1.1.${at}`]).flat();
    const run = await runMain(['observe', '--snapshot', 'sample', '-q', ...many]);
    expect(run.stderr).toMatch(/: 999\.1\.1\.0: .*; 999\.1\.1\.4: [^;]*; 2 more skipped\n$/);
  });

  test('are not, where another was looked up', async () => {
    const run = await runMain(['observe', '--snapshot', 'sample', '-q', '--ip', '999.1.1.1', '--ip', '192.0.2.1']);
    expect(run.stderr).toBe('');
  });

  test('are not confused with those of a file', async () => {
    const run = await runMain(['observe', '--snapshot', 'sample', '-q', '--input-format', 'ndjson'], {
      stdin: '{"type":"ip","value":"999.1.1.1"}\n',
    });
    expect(run.stderr).toBe('');
  });
});

describe('on stderr', () => {
  test('there are the problems, the summary, and a hint when live failed', async () => {
    const stderr = await said([]);
    expect(stderr).toMatch(new RegExp(`^${PROBLEM}.*: 192\\.0\\.2\\.66\n2 observables: .* \\(0\\.0 s\\)\n${HINT}$`));
  });

  test.each<[string[], Record<string, string>]>([
    [['-q'], {}],
    [['--quiet'], {}],
    [[], { CCT_QUIET: '1' }],
  ])('there are the problems alone with %j and %j', async (flags, env) => {
    expect(await said(flags, env)).toMatch(new RegExp(`^${PROBLEM}.*: 192\\.0\\.2\\.66\n$`));
  });

  test('there is no hint when nothing failed', async () => {
    const tracker = await openTracker();
    const run = await runMain(['observe', ...asking(tracker), '--ip', '192.0.2.1']);
    expect(run.stderr).toBe('1 observable: 1 unlisted (0.0 s)\n');
  });

  test('there is more with -v: connections, replies and how long they took', async () => {
    const stderr = await said(['-v']);
    expect(stderr).toMatch(/^connection: connect: 127\.0\.0\.1 \(\d+\.\d ms\)$/m);
    expect(stderr).toMatch(/^reply: .*403.*$/m);
  });

  test('there is the chain of causes with --debug', async () => {
    const tracker = await openTracker();
    await tracker.close();
    const run = await runMain(['observe', ...asking(tracker), '--debug', '--ip', '192.0.2.1']);
    expect([run.status, run.stderr.includes('FetchError: request to http://127.0.0.1:')]).toEqual([4, true]);
  });
});

describe('health', () => {
  test('is ok when the page and a lookup answer', async () => {
    const tracker = await openTracker();
    expect(await runMain(['health', ...asking(tracker)])).toEqual({
      status: 0,
      stdout: '{"data":{"status":"ok"}}\n',
      stderr: '',
    });
    expect(tracker.requests.map(({ path }) => path)).toEqual(['/', '/query.php?url=192.0.2.1']);
  });

  test('is bad when the page does not answer', async () => {
    const tracker = await openTracker({ rootFault: { kind: 'status', status: 503 } });
    const run = await runMain(['health', ...asking(tracker)]);
    const { errors } = readAnswer(run.stdout);
    expect([run.status, errors.map(({ type, code }) => [type, code])]).toEqual([4, [['fatal', 'service unavailable']]]);
    expect(run.stderr).toBe(`cct: service unavailable: ${errors[0]?.message ?? ''}\n`);
  });

  test('is bad when the page answers and the lookup does not', async () => {
    const tracker = await openTracker({ faultEverywhere: 'html' });
    const run = await runMain(['health', ...asking(tracker)]);
    expect([run.status, run.stdout.includes('"code":"key error"')]).toEqual([4, true]);
  });

  test('tells with -v how it went: the connection, the challenge, the replies', async () => {
    const tracker = await openTracker({ challenge: 'on' });
    const { stdout, stderr } = await runMain(['health', ...asking(tracker), '-v']);
    expect(stdout).toBe('{"data":{"status":"ok"}}\n');
    expect([/^connection: /m, /^challenge: /m, /^reply: .*200/m].map((line) => line.test(stderr))).toEqual([true, true, true]);
  });

  test('ends at its deadline', async () => {
    const tracker = await openTracker({ rootFault: 'stalled-headers' });
    const run = await runMain(['health', ...asking(tracker), '--deadline', '50ms']);
    expect([run.status, run.stderr]).toEqual([4, 'cct: service unavailable: No answer within the deadline of 50 ms\n']);
  });
});
