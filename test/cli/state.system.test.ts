import { readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cctCommand, spawnCct } from '../helpers/run-cct.ts';
import { toPanelUrls, writeTempFile } from './live.ts';
import { openState } from './state-file.ts';

const observe = ['observe', '--snapshot', 'sample', '-q', '--format', 'ndjson'];

describe('--state', () => {
  test('of runs at the same time is that of the last, never a part of another', async () => {
    const { path, text } = openState();
    const inputs = [1, 2, 3].map((at) => Array.from({ length: 3_000 }, (_, row) => `http://${at}.example/${row}\n`).join(''));
    const runs = inputs.map((stdin) => spawnCct([...observe, '--state', path], { stdin }));
    expect((await Promise.all(runs.map(({ finished }) => finished))).map(({ status, stderr }) => [status, stderr])).toEqual(
      inputs.map(() => [0, '']),
    );
    const [header, ...rows] = text().trimEnd().split('\n');
    expect([header, readdirSync(dirname(path))]).toEqual(['{"cct_state":1}', ['state.ndjson']]);
    // A run that began when another had ended also has what that one wrote.
    const rowsOf = [1, 2, 3].map((at) => rows.filter((row) => row.includes(`http://${at}.example/`)).length);
    expect(rowsOf.filter((count) => count > 0 && count !== 3_000)).toEqual([]);
    expect([rowsOf.includes(3_000), new Set(rows).size]).toEqual([true, rows.length]);
  });

  test('is not written where the reader of the output has gone', async () => {
    const { path } = openState();
    const input = writeTempFile('many.txt', toPanelUrls(2_000));
    const command = ['bash', '-c', '"$@" | head -n 1 > /dev/null; exit ${PIPESTATUS[0]}', 'bash', ...cctCommand];
    const { status } = await spawnCct([...observe, input, '--state', path], { command }).finished;
    expect([status, readdirSync(dirname(path))]).toEqual([141, []]);
  });

  test.each(['ndjson', 'json', 'csv'])('is not written where %s on stdout meets a full disk', async (format) => {
    const { path } = openState();
    const command = ['bash', '-c', 'exec "$@" > /dev/full', 'bash', ...cctCommand];
    const { status, stderr } = await spawnCct([...observe, '--ip', '192.0.2.1', '--format', format, '--state', path], { command })
      .finished;
    expect([status, stderr, readdirSync(dirname(path))]).toEqual([
      2,
      expect.stringMatching(/^cct: cannot write stdout: .*ENOSPC/),
      [],
    ]);
  });

  test('is replaced with all that was known before', async () => {
    const { path } = openState();
    for (const at of [1, 2]) {
      const stdin = `http://${at}.example/\n`;
      expect(await spawnCct([...observe, '--state', path], { stdin }).finished).toMatchObject({ status: 0, stderr: '' });
    }
    expect(readFileSync(path, 'utf8').match(/http:\/\/\d\.example/g)).toEqual(['http://1.example', 'http://2.example']);
  });
});
