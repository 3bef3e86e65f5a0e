import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { openTempDir, readAnswer, readRows, runMain, startMain } from '../helpers/run-cct.ts';
import { asking, keysAsked, openTracker, writeTempFile } from './live.ts';

const LISTED = 'http://panel.example/d12/cp.php?m=login';
const NEW = 'http://new.example/x';

/** A home in which a list is installed that holds `LISTED` and its address, as of 31 January 2018. */
function installList(): Record<string, string> {
  const home = openTempDir();
  mkdirSync(join(home, 'cct'));
  const rows = [
    '# cct snapshot 1',
    '# date: 2018-01-31',
    '# origin: a test',
    '# entries: 1',
    '# columns: date covers url ip family',
  ];
  const row = '2018-01-14\turl\tpanel.example/d12/cp.php?m=login\t198.51.100.60\tPony';
  writeFileSync(join(home, 'cct', 'snapshot.tsv'), [...rows, row, ''].join('\n'));
  return { XDG_DATA_HOME: home };
}

const rowSchema = z.object({
  status: z.string(),
  source: z.optional(z.string()),
  matched: z.optional(z.unknown()),
  error: z.optional(z.object({ type: z.string(), code: z.string(), message: z.string() })),
});
const rowsOf = (text: string) =>
  text
    .split('\n')
    .slice(0, -1)
    .map((line) => rowSchema.parse(JSON.parse(line)));

describe('what the live site could not answer', () => {
  test('is looked for in the installed snapshot: a hit is listed with a warning, a miss stays failed', async () => {
    const tracker = await openTracker({ faultEverywhere: { kind: 'status', status: 403 } });
    const args = ['observe', ...asking(tracker), '--format', 'ndjson', '--url', LISTED, '--url', NEW, '--ip', '198.51.100.60'];
    const run = await runMain(args, { env: installList() });
    const forbidden = { code: 'permission denied', type: 'fatal' };
    const warning = { type: 'warning', code: 'service unavailable' };
    expect(rowsOf(run.stdout)).toMatchObject([
      { status: 'listed', source: 'snapshot', matched: { by: 'url' }, error: warning },
      { status: 'failed', error: forbidden },
      { status: 'listed', source: 'snapshot', matched: { by: 'address' }, error: warning },
    ]);
    expect(rowsOf(run.stdout)[0]?.error?.message).toMatch(
      /^Live lookup failed; answered from the snapshot of 2018-01-31\. The tracker /,
    );
    expect(run.status).toBe(3);
    expect(run.stderr).toContain('the snapshot of 2018-01-31 is');
    expect(run.stderr).toMatch(
      /^service unavailable: Live lookup failed; answered from the snapshot .*: http:\/\/panel\.example\S+, 198\.51\.100\.60$/m,
    );
    expect(keysAsked(tracker)).toHaveLength(3);
  });

  test('but the snapshot could is an answer: exit 0, and both stand in the json', async () => {
    const tracker = await openTracker({ faultEverywhere: { kind: 'status', status: 503 } });
    const run = await runMain(['observe', ...asking(tracker), '--url', LISTED], { env: installList() });
    const { verdicts, judgements, errors } = readAnswer(run.stdout);
    expect([run.status, verdicts, judgements]).toEqual([0, [LISTED], [LISTED]]);
    expect(errors).toMatchObject([{ type: 'warning', code: 'service unavailable' }]);
  });

  test('goes to the snapshot at once when the tracker is down', async () => {
    const tracker = await openTracker({ faultEverywhere: 'reset', rootFault: 'reset' });
    const many = Array.from({ length: 200 }, (_, at) => `http://gone.example/${at}\n`).join('');
    const file = writeTempFile('many.txt', `${many}${LISTED}\n`);
    const run = await runMain(['observe', ...asking(tracker), '-q', '--format', 'ndjson', file], { env: installList() });
    expect(rowsOf(run.stdout).filter(({ status }) => status === 'listed')).toMatchObject([{ source: 'snapshot' }]);
    expect([run.status, rowsOf(run.stdout).length]).toEqual([3, 201]);
    expect(tracker.lookups().length).toBeLessThan(20);
  });

  test('with no snapshot installed stays failed, with a hint', async () => {
    const tracker = await openTracker({ faultEverywhere: { kind: 'status', status: 403 } });
    const run = await runMain(['observe', ...asking(tracker), '--format', 'ndjson', '--url', LISTED]);
    expect([run.status, readRows(run.stdout)]).toEqual([4, [`failed url ${LISTED}`]]);
    expect(run.stderr).toContain(
      'no list installed: cct snapshot import FILE, or cct snapshot update when the tracker is reachable',
    );
  });

  test('with a snapshot that is broken stays failed, and that is told', async () => {
    const tracker = await openTracker({ faultEverywhere: { kind: 'status', status: 403 } });
    const env = installList();
    writeFileSync(join(env['XDG_DATA_HOME'] ?? '', 'cct', 'snapshot.tsv'), '# cct snapshot 1\n');
    const run = await runMain(['observe', ...asking(tracker), '--format', 'ndjson', '--url', LISTED, '--url', NEW], { env });
    expect(readRows(run.stdout)).toEqual([`failed url ${LISTED}`, `failed url ${NEW}`]);
    expect(run.stderr.match(/the snapshot cannot be used for the failed lookups: \S+snapshot\.tsv: /g)).toHaveLength(1);
  });

  test('with --source live is not looked for anywhere', async () => {
    const tracker = await openTracker({ faultEverywhere: { kind: 'status', status: 403 } });
    const args = ['observe', ...asking(tracker), '--source', 'live', '--format', 'ndjson', '--url', LISTED];
    const run = await runMain(args, { env: installList() });
    expect([run.status, readRows(run.stdout)]).toEqual([4, [`failed url ${LISTED}`]]);
  });
});

describe('the hint at a list', () => {
  const NONE_INSTALLED =
    'no list installed: cct snapshot import FILE, or cct snapshot update when the tracker is reachable; then use --offline';

  test.each([
    ['a list is installed and did not hold it', ['--url', NEW], true, ''],
    ['none is installed', ['--url', NEW], false, NONE_INSTALLED],
    [
      'one is installed that must not be asked',
      ['--source', 'live', '--url', NEW],
      true,
      'use --offline to query the installed list',
    ],
    ['none is installed, and none may be asked', ['--source', 'live', '--url', NEW], false, NONE_INSTALLED],
  ])('where %s', async (_where, args, isInstalled, hint) => {
    const tracker = await openTracker({ faultEverywhere: { kind: 'status', status: 403 } });
    const run = await runMain(['observe', ...asking(tracker), ...args], isInstalled ? { env: installList() } : {});
    expect(
      run.stderr
        .split('\n')
        .filter((line) => line.includes('--offline'))
        .join(''),
    ).toBe(hint);
  });
});

describe('a stream while the tracker is down for a moment', () => {
  test('is answered again when it is back: one lookup is tried each ten seconds', async () => {
    const tracker = await openTracker({ faultEverywhere: 'reset', rootFault: 'reset' });
    const stdin = new PassThrough();
    let nowMs = Date.UTC(2026, 0, 2);
    const args = [
      'observe',
      ...asking(tracker),
      '--source',
      'live',
      '--format',
      'csv',
      '--input-format',
      'text',
      '--concurrency',
      '1',
    ];
    const run = startMain(args, { stdin, now: () => new Date(nowMs) });
    stdin.write(Array.from({ length: 8 }, (_, at) => `192.0.2.${at}\n`).join(''));
    await run.printed(/192\.0\.2\.7,failed.*Not looked up/);
    tracker.set({ faultEverywhere: undefined, rootFault: undefined });
    nowMs += 9_999;
    stdin.write('192.0.2.8\n');
    await run.printed(/192\.0\.2\.8,failed.*Not looked up/);
    nowMs += 1;
    stdin.end('192.0.2.9\n');
    expect((await run.finished).stdout).toMatch(/192\.0\.2\.9,unlisted/);
  });
});

describe('what the live site answers', () => {
  test('stands, whatever the snapshot says', async () => {
    const tracker = await openTracker();
    const run = await runMain(['observe', ...asking(tracker), '--format', 'ndjson', '--url', LISTED], { env: installList() });
    expect(rowsOf(run.stdout)).toMatchObject([{ status: 'unlisted', source: 'live' }]);
  });

  test('is asked once for two observables with one lookup key', async () => {
    const tracker = await openTracker({ listings: { '192.0.2.1': 'Malicious: Pony' } });
    const args = ['observe', ...asking(tracker), '--format', 'ndjson', '--ip', '192.0.2.1', '--url', 'http://192.0.2.1'];
    expect(readRows((await runMain(args)).stdout)).toEqual(['listed ip 192.0.2.1', 'listed url http://192.0.2.1']);
    expect(keysAsked(tracker)).toEqual(['192.0.2.1']);
  });
});

test('what must not leave the house stays skipped, and so does a domain', async () => {
  const tracker = await openTracker({ faultEverywhere: { kind: 'status', status: 403 } });
  const file = writeTempFile('all.txt', '10.0.0.8\npanel.example\n');
  const run = await runMain(['observe', ...asking(tracker), '--format', 'ndjson', file], { env: installList() });
  expect(readRows(run.stdout)).toEqual(['skipped ip 10.0.0.8', 'skipped domain panel.example']);
  expect(tracker.requests).toEqual([]);
});

test('a snapshot that is named and is not there is an error before anything is asked', async () => {
  const tracker = await openTracker();
  const run = await runMain(['observe', ...asking(tracker), '--source', 'auto', '--snapshot', 'missing.tsv', '--url', NEW]);
  expect([run.status, tracker.requests]).toEqual([2, []]);
});
