import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { gzipSync } from 'node:zlib';
import { openTempDir, runMain } from '../helpers/run-cct.ts';
import { asking, complaint, openTracker, SAMPLE, toJson, writeTempFile } from './live.ts';
import { changesIn, ENTRY, LISTED, OTHER_PAGE, toList, UNLISTED, UNLISTED_ROW } from './state-file.ts';

const HEADER = '{"cct_state":1}';
const urls = (...values: readonly string[]) => values.flatMap((value) => ['--url', value]);

describe('--new-since', () => {
  /** A run over the list with what an earlier one printed. */
  async function since(earlier: string | Buffer, list: string, ...args: readonly string[]) {
    const path = writeTempFile('earlier', earlier);
    return { path, ...(await runMain(['observe', '--snapshot', list, '--new-since', path, '--format', 'ndjson', ...args])) };
  }

  const print = async (format: string, ...values: readonly string[]) =>
    (await runMain(['observe', '--snapshot', toList(ENTRY), '--format', format, '-q', ...urls(...values)])).stdout;

  test('prints all where the file does not exist, which it says, and does not write it', async () => {
    const path = join(openTempDir(), 'none');
    const run = await runMain(['observe', ...SAMPLE, '--ip', '192.0.2.1', '--new-since', path, '--format', 'ndjson']);
    expect([run.status, changesIn(run.stdout), existsSync(path)]).toEqual([0, ['new unlisted 192.0.2.1'], false]);
    expect(run.stderr).toContain(`${path} does not exist: this is the first run, and every row is new\n`);
  });

  test.each(['as it was', 'gzip', 'UTF-16'])('compares with an ndjson output, %s', async (how) => {
    const earlier = await print('ndjson', LISTED, UNLISTED);
    const file = how === 'gzip' ? gzipSync(earlier) : how === 'UTF-16' ? Buffer.from(`\uFEFF${earlier}`, 'utf16le') : earlier;
    const same = await since(file, toList(ENTRY), ...urls(LISTED, UNLISTED));
    expect([same.status, same.stdout]).toEqual([0, '']);
    const other = await since(file, toList('2019-01-01\turl\tb.example/\t\tPony'), ...urls(LISTED, UNLISTED, 'b.example'));
    expect(changesIn(other.stdout)).toEqual([`gone unlisted ${LISTED}`, 'new listed b.example']);
  });

  test('compares with a state, which it leaves alone', async () => {
    const content = `${HEADER}\n${UNLISTED_ROW}\n`;
    const { path, stdout } = await since(content, toList(ENTRY), ...urls(UNLISTED, LISTED));
    expect([changesIn(stdout), readFileSync(path, 'utf8')]).toEqual([[`new listed ${LISTED}`], content]);
  });

  test('compares what is listed with a json output: the rest is unknown, so it is not new', async () => {
    const earlier = await print('json', LISTED, UNLISTED);
    expect((await since(earlier, toList(ENTRY.replace('Pony', 'ZeuS')), ...urls(LISTED, UNLISTED, OTHER_PAGE))).stdout).toBe('');
    const other = await since(earlier, toList('2019-01-01\turl\tb.example/\t\tPony'), ...urls(LISTED, UNLISTED, 'b.example'));
    expect(changesIn(other.stdout)).toEqual([`gone unlisted ${LISTED}`, 'new listed b.example']);
    const compact = JSON.stringify(JSON.parse(earlier));
    expect((await since(`${compact}\n`, toList(ENTRY), ...urls(LISTED))).stdout).toBe('');
    expect(changesIn((await since('{"data":{}}\n', toList(ENTRY), ...urls(LISTED, UNLISTED))).stdout)).toEqual([
      `new listed ${LISTED}`,
    ]);
  });

  test('takes an empty file for an output of no rows', async () => {
    expect(changesIn((await since('', toList(ENTRY), ...urls(UNLISTED))).stdout)).toEqual([`new unlisted ${UNLISTED}`]);
  });

  test.each([
    ['of observables', toJson(['ip', '192.0.2.1']), ': neither ndjson or json output of cct, nor a state file'],
    ['of text', 'panel.example\n', ': neither ndjson or json output of cct, nor a state file'],
    ['that is csv', 'type,value,status\nip,192.0.2.1,listed\n', ': neither ndjson or json output of cct, nor a state file'],
    ['of a newer state', '{"cct_state":2}\n', ': a state of version 2; this cct reads version 1. Use another file'],
    ['that is cut', `${UNLISTED_ROW}\n${UNLISTED_ROW.slice(0, 20)}`, ':2: invalid JSON: the file is damaged or truncated'],
    ['that is cut before a line break', UNLISTED_ROW, ': the file is truncated: its last line has no line break'],
    ['of half an answer', '{\n  "data": {\n', ': neither ndjson or json output of cct, nor a state file'],
  ])('refuses a file %s, and asks nothing', async (_what, content, message) => {
    const tracker = await openTracker();
    const path = writeTempFile('earlier', content);
    const run = await runMain(['observe', ...asking(tracker), '--ip', '192.0.2.1', '--new-since', path]);
    expect([run, tracker.requests]).toEqual([complaint(`${path}${message}`), []]);
  });
});
