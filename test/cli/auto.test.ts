import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { like, openTempDir, readAnswer, readRows, runMain, startMain } from '../helpers/run-cct.ts';
import { asking, keysAsked, openTracker, writeTempFile } from './live.ts';

const LISTED = 'http://panel.example/d12/cp.php?m=login';
const NEW = 'http://new.example/x';
const LIST = `# cct snapshot 1
# date: 2018-01-31
# origin: a test
# entries: 1
# columns: date covers url ip family
2018-01-14\turl\tpanel.example/d12/cp.php?m=login\t198.51.100.60\tPony
`;

/** A home with an installed list, by default of `LISTED` and its address. */
function installList(text = LIST): Record<string, string> {
  const home = openTempDir();
  mkdirSync(join(home, 'cct'));
  writeFileSync(join(home, 'cct', 'snapshot.tsv'), text);
  return { XDG_DATA_HOME: home };
}

/** A run of these URLs and flags with a tracker that answers 403. */
async function observeForbidden(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const tracker = await openTracker({ faultEverywhere: { kind: 'status', status: 403 } });
  const run = await runMain(['observe', ...asking(tracker), '--format', 'ndjson', ...args], { env });
  return { ...run, rows: readRows(run.stdout), tracker };
}

const rowSchema = z.object({
  status: z.string(),
  source: z.optional(z.string()),
  matched: z.optional(z.unknown()),
  error: z.optional(z.object({ type: z.string(), code: z.string(), message: z.string() })),
});
const rowsOf = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => rowSchema.parse(JSON.parse(line)));

describe('what the live site could not answer', () => {
  test('is looked up in the installed snapshot: a hit is listed with a warning, a miss stays failed', async () => {
    const args = ['--url', LISTED, '--url', NEW, '--ip', '198.51.100.60'];
    const { status, stdout, stderr, tracker } = await observeForbidden(args, installList());
    const message = like(/^Live lookup failed; answered from the snapshot of 2018-01-31\. The tracker /);
    const warning = { type: 'warning', code: 'service unavailable', message };
    expect(rowsOf(stdout)).toMatchObject([
      { status: 'listed', source: 'snapshot', matched: { by: 'url' }, error: warning },
      { status: 'failed', error: { code: 'permission denied', type: 'fatal' } },
      { status: 'listed', source: 'snapshot', matched: { by: 'address' }, error: warning },
    ]);
    expect(status).toBe(3);
    expect(stderr).toContain('the snapshot of 2018-01-31 is');
    expect(stderr).toMatch(/^service unavailable: Live lookup failed; .*: http:\/\/panel\.example\S+, 198\.51\.100\.60$/m);
    expect(keysAsked(tracker)).toHaveLength(3);
  });

  test('but the snapshot could is an answer: exit 0, and the json has both', async () => {
    const tracker = await openTracker({ faultEverywhere: { kind: 'status', status: 503 } });
    const run = await runMain(['observe', ...asking(tracker), '--url', LISTED], { env: installList() });
    expect(run.status).toBe(0);
    expect(readAnswer(run.stdout)).toMatchObject({
      ...{ verdicts: [LISTED], judgements: [LISTED] },
      errors: [{ type: 'warning', code: 'service unavailable' }],
    });
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

  test('stays failed with a broken snapshot, which is reported once', async () => {
    const { rows, stderr } = await observeForbidden(['--url', LISTED, '--url', NEW], installList('# cct snapshot 1\n'));
    expect(rows).toEqual([`failed url ${LISTED}`, `failed url ${NEW}`]);
    expect(stderr.match(/the snapshot cannot be used: \S+snapshot\.tsv: /g)).toHaveLength(1);
  });

  const advice = 'no list installed: cct snapshot import FILE, or cct snapshot update when the tracker is reachable';
  test.each<[where: string, args: string[], isInstalled: boolean, hint: string]>([
    ['the list does not hold it', ['--url', NEW], true, ''],
    ['no list is installed', ['--url', LISTED], false, `${advice}; then use --offline`],
    ['the list must not be used', ['--source', 'live', '--url', LISTED], true, 'use --offline to query the installed list'],
    ['there is none to use', ['--source', 'live', '--url', LISTED], false, `${advice}; then use --offline`],
  ])('stays failed where %s, with a hint', async (_where, args, isInstalled, hint) => {
    const { status, rows, stderr } = await observeForbidden(args, isInstalled ? installList() : {});
    expect([status, rows]).toEqual([4, [`failed url ${args.at(-1) ?? ''}`]]);
    expect(
      stderr
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
    const flags = ['--source', 'live', '--format', 'csv', '--input-format', 'text', '--concurrency', '1'];
    const run = startMain(['observe', ...asking(tracker), ...flags], { stdin, now: () => new Date(nowMs) });
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

test('what is never sent stays skipped', async () => {
  const file = writeTempFile('all.txt', '10.0.0.8\nhttp://localhost/x\n');
  const { rows, tracker } = await observeForbidden([file], installList());
  expect([rows, tracker.requests]).toEqual([['skipped ip 10.0.0.8', 'skipped url http://localhost/x'], []]);
});

test('a named snapshot that does not exist is an error before any lookup', async () => {
  const tracker = await openTracker();
  const run = await runMain(['observe', ...asking(tracker), '--source', 'auto', '--snapshot', 'missing.tsv', '--url', NEW]);
  expect([run.status, tracker.requests]).toEqual([2, []]);
});
