import { describe, expect, test } from 'vitest';
import { toSummary } from '../../src/cli/output/report.ts';
import { createTally } from '../../src/core/ledger/ledger.ts';
import { FIXED_NOW, readAnswer, runMain } from '../helpers/run-cct.ts';
import { asking, complaint, openTracker } from './live.ts';

const HINT =
  'no list installed: cct snapshot import FILE, or cct snapshot update when the tracker is reachable; then use --offline';
const OFFLINE = ['observe', '--snapshot', 'sample'];

/** What is printed on stderr about one listed address and one that fails. */
async function stderrOf(flags: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
  const faults = { '192.0.2.66': { kind: 'status', status: 403 } } as const;
  const tracker = await openTracker({ listings: { '192.0.2.1': 'Malicious' }, faults });
  const run = await runMain(['observe', ...asking(tracker), '--ip', '192.0.2.1', '--ip', '192.0.2.66', ...flags], { env });
  expect(run.status).toBe(3);
  return run.stderr;
}

describe('the summary', () => {
  test('counts each fate', () => {
    const tally = { ...createTally(), listed: 12, unlisted: 320, related: 2, skipped: 5, failed: 3 };
    expect(toSummary(tally, { passedOver: 0, tookMs: 4_140 })).toBe(
      '340 observables: 12 listed, 320 unlisted (2 on listed hosts), 5 skipped, 3 failed (4.1 s)',
    );
    expect(toSummary(createTally(), { passedOver: 1400, tookMs: 0 })).toBe('0 observables; 1,400 passed over (0.0 s)');
  });

  test('has the time that the run took', async () => {
    let elapsedMs = -2500;
    const now = () => new Date(FIXED_NOW.getTime() + (elapsedMs += 2500));
    expect((await runMain([...OFFLINE, '--ip', '10.0.0.8'], { now })).stderr).toMatch(/ \([1-9]\d*\.\d s\)\n$/);
  });
});

describe('values given as flags of which none could be looked up', () => {
  const reason = 'cct: nothing was looked up: 999.1.1.1 (invalid: not an IPv4 address)';

  test.each([[[]], [['-q']], [['-q', '--only', 'listed']]])('are named with the reason, with %j', async (flags) => {
    const run = await runMain([...OFFLINE, '--ip', '999.1.1.1', ...flags]);
    expect([run.status, run.stdout, run.stderr.split('\n')[0]]).toEqual([0, '{"data":{}}\n', reason]);
  });

  test('are named up to five', async () => {
    const many = Array.from({ length: 7 }, (_, at) => ['--ip', `999.1.1.${at}`]).flat();
    const { stderr } = await runMain([...OFFLINE, '-q', ...many]);
    expect(stderr).toMatch(/: 999\.1\.1\.0 \(.*; 999\.1\.1\.4 \([^;]*\); 2 more skipped\n$/);
  });

  test.each<[what: string, args: string[], stdin?: string]>([
    ['another was looked up', ['--ip', '999.1.1.1', '--ip', '192.0.2.1']],
    ['they came from a file', ['--input-format', 'ndjson'], '{"type":"ip","value":"999.1.1.1"}\n'],
  ])('are not named where %s', async (_what, args, stdin) => {
    expect((await runMain([...OFFLINE, '-q', ...args], stdin === undefined ? {} : { stdin })).stderr).toBe('');
  });
});

describe('on stderr', () => {
  const problem = 'cct: permission denied: .*: 192\\.0\\.2\\.66\n';

  test('there are the problems, the summary, and a hint when live failed', async () => {
    expect(await stderrOf([])).toMatch(new RegExp(`^${problem}2 observables: .* \\(0\\.0 s\\)\n${HINT}\n$`));
  });

  test.each<[string[], Record<string, string>]>([
    [['-q'], {}],
    [['--quiet'], {}],
    [[], { CCT_QUIET: '1' }],
  ])('there are the problems alone with %j and %j', async (flags, env) => {
    expect(await stderrOf(flags, env)).toMatch(new RegExp(`^${problem}$`));
  });

  test('there is no hint when nothing failed', async () => {
    const tracker = await openTracker();
    const run = await runMain(['observe', ...asking(tracker), '--ip', '192.0.2.1']);
    expect(run.stderr).toBe('1 observable: 1 unlisted (0.0 s)\n');
  });

  test('there are connections and replies with their times with -v', async () => {
    const stderr = await stderrOf(['-v']);
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
  test('is ok when the page and a lookup answer, also through a challenge, which -v shows', async () => {
    const tracker = await openTracker();
    const good = { status: 0, stdout: '{"data":{"status":"ok"}}\n' };
    expect(await runMain(['health', ...asking(tracker)])).toEqual({ ...good, stderr: '' });
    expect(tracker.requests.map(({ path }) => path)).toEqual(['/', '/query.php?url=192.0.2.1']);
    tracker.set({ challenge: 'on' });
    const verbose = await runMain(['health', ...asking(tracker), '-v']);
    expect(verbose).toMatchObject(good);
    for (const line of [/^connection: /m, /^challenge: /m, /^reply: .*200/m]) expect(verbose.stderr).toMatch(line);
  });

  test('is bad when the page does not answer', async () => {
    const tracker = await openTracker({ rootFault: { kind: 'status', status: 503 } });
    const run = await runMain(['health', ...asking(tracker)]);
    const { errors } = readAnswer(run.stdout);
    expect(errors).toMatchObject([{ type: 'fatal', code: 'service unavailable' }]);
    expect({ ...run, stdout: '' }).toEqual(complaint(`service unavailable: ${errors[0]?.message ?? ''}`, 4));
  });

  test('is bad when the page answers and the lookup does not', async () => {
    const tracker = await openTracker({ faultEverywhere: 'html' });
    const run = await runMain(['health', ...asking(tracker)]);
    expect([run.status, run.stdout.includes('"code":"key error"')]).toEqual([4, true]);
  });

  test('ends at its deadline', async () => {
    const tracker = await openTracker({ rootFault: 'stalled-headers' });
    const run = await runMain(['health', ...asking(tracker), '--deadline', '50ms']);
    expect([run.status, run.stderr]).toEqual([4, 'cct: service unavailable: No answer within the deadline of 50 ms\n']);
  });
});
