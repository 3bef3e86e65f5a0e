import { CORRECT_LINE, CORRECT_ROW } from '../../src/records/way-out.ts';
import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cctCommand, openTempDir, readAnswer, readRows, runMain, spawnCct } from '../helpers/run-cct.ts';
import { asking, keysAsked, openTracker, writeTempFile } from './live.ts';

const SAMPLE = ['observe', '--snapshot', 'sample', '-q'];
const item = (value: string, type = 'url') => `${JSON.stringify({ type, value })}\n`;

describe('rows of a stream that goes on', () => {
  test.each([
    ['text', 'ndjson', 'seen: hxxp://drop[.]example/1\n', 'and http://new.example/2 too\n'],
    ['ndjson', 'ndjson', item('http://drop.example/1'), item('http://new.example/2')],
    ['csv', 'ndjson', 'type,value\nurl,http://drop.example/1\n', 'url,http://new.example/2\n'],
    ['text', 'csv', 'http://drop.example/1\n', 'http://new.example/2\n'],
  ])('are printed at once, from %s to %s', async (input, format, first, second) => {
    const run = spawnCct([...SAMPLE, '--input-format', input, '--format', format], { stdin: { open: first } });
    await run.printed(/drop\.example\/1.*listed|listed.*drop\.example\/1/);
    run.write(second);
    await run.printed(/new\.example\/2.*unlisted|unlisted.*new\.example\/2/);
    run.end();
    expect(await run.finished).toMatchObject({ status: 0 });
  });

  test('are printed at once where the tracker is asked, and an answer does not wait for more input', async () => {
    const tracker = await openTracker({ listings: { '192.0.2.1': 'Malicious: Pony' }, latencyMs: 10 });
    const args = ['observe', '-q', ...asking(tracker), '--input-format', 'text', '--format', 'ndjson'];
    const run = spawnCct(args, { stdin: { open: '192.0.2.1\n192.0.2.2\n' } });
    await run.printed(/"192\.0\.2\.2"/);
    run.write('192.0.2.1 again, then 192.0.2.3\n');
    await run.printed(/"192\.0\.2\.3"/);
    run.end();
    const { status, stdout } = await run.finished;
    expect([status, readRows(stdout)]).toEqual([0, ['listed ip 192.0.2.1', 'unlisted ip 192.0.2.2', 'unlisted ip 192.0.2.3']]);
    expect(keysAsked(tracker)).toEqual(['192.0.2.1', '192.0.2.2', '192.0.2.3']);
  });

  test('end with SIGINT: what was read is answered, and the status tells of it', async () => {
    const run = spawnCct(['observe', '--snapshot', 'sample', '--format', 'ndjson', '--input-format', 'text'], {
      stdin: { open: 'http://drop.example/1\n' },
    });
    await run.printed(/drop\.example/);
    run.kill('SIGINT');
    const { status, stderr } = await run.finished;
    expect(status).toBe(130);
    expect(stderr).toContain('interrupted: the rest of the input was not read\n1 observable: 1 listed');
  });

  test('make one answer when they end, where the format is json', async () => {
    const run = spawnCct(SAMPLE, { stdin: { open: item('http://drop.example/1') } });
    run.write(item('http://drop.example/2'));
    run.end();
    expect(readAnswer((await run.finished).stdout).verdicts).toEqual(['http://drop.example/1', 'http://drop.example/2']);
  });
});

describe('a stream with a bad line', () => {
  const bad = `${item('http://drop.example/1')}${item('http://new.example/2')}{"type":1}\n${item('http://drop.example/4')}`;

  test('stops there: rows before it are out, the line is named, exit 2', async () => {
    const run = await spawnCct([...SAMPLE, '--format', 'ndjson'], { stdin: bad }).finished;
    expect(readRows(run.stdout)).toEqual(['listed url http://drop.example/1', 'unlisted url http://new.example/2']);
    expect([run.status, run.stderr]).toEqual([
      2,
      `cct: stdin:3: observable.type: expected a non-empty string. ${CORRECT_LINE}\n`,
    ]);
  });

  test.each(['json', 'table', 'csv'])('gives %s of what was before it', async (format) => {
    const run = await spawnCct([...SAMPLE, '--format', format], { stdin: bad }).finished;
    expect([run.status, run.stdout.includes('http://drop.example/1'), run.stdout.includes('/4')]).toEqual([2, true, false]);
  });

  test('asks nothing that comes after it, and loses no answer to what came before', async () => {
    const tracker = await openTracker({ latencyMs: 30 });
    const run = await spawnCct(['observe', '-q', ...asking(tracker), '--format', 'ndjson'], { stdin: bad }).finished;
    const rows = ['unlisted url http://drop.example/1', 'unlisted url http://new.example/2'];
    expect([run.status, readRows(run.stdout)]).toEqual([2, rows]);
    expect(keysAsked(tracker)).toEqual(['drop.example/1', 'new.example/2']);
  });

  test('writes no --output file, since it would not be whole', async () => {
    const file = join(openTempDir(), 'out.ndjson');
    const run = await spawnCct([...SAMPLE, '--format', 'ndjson', '--output', file], { stdin: bad }).finished;
    expect([run.status, existsSync(file), run.stdout]).toEqual([2, false, '']);
  });

  test.each([
    [
      'csv',
      'type,value\nurl,http://drop.example/1\nurl\n',
      `stdin:3: observable.value: expected a non-empty string. ${CORRECT_ROW}`,
    ],
    [
      'ndjson',
      `${item('http://drop.example/1')}{"type":"url"}\n`,
      `stdin:2: observable.value: expected a non-empty string. ${CORRECT_LINE}`,
    ],
  ])('of %s is named too', async (input, text, message) => {
    const run = spawnCct([...SAMPLE, '--input-format', input, '--format', 'ndjson'], { stdin: { open: text } });
    run.end();
    expect(await run.finished).toMatchObject({ status: 2, stderr: `cct: ${message}\n` });
  });
});

describe('a regular file', () => {
  const bad = `${item('http://drop.example/1')}nonsense\n`;

  test('is checked whole before anything is asked, also as stdin', async () => {
    const file = writeTempFile('bad.ndjson', bad);
    const tracker = await openTracker();
    const asked = ['observe', '-q', ...asking(tracker), '--format', 'ndjson'];
    const named = await spawnCct([...asked, file]).finished;
    const command = ['bash', '-c', `exec "$@" < '${file}'`, 'bash', ...cctCommand];
    const redirected = await spawnCct(asked, { command }).finished;
    expect([named.status, named.stdout, redirected.status, redirected.stdout]).toEqual([2, '', 2, '']);
    expect(tracker.requests).toEqual([]);
  });

  test('before a stream is checked first, and keeps its place', async () => {
    const first = writeTempFile('first.txt', 'http://drop.example/1\n');
    const directory = openTempDir();
    const last = join(directory, 'last.ndjson');
    writeFileSync(last, bad);
    const args = [...SAMPLE, '--format', 'ndjson', first, '-', last];
    const stdin = item('http://drop.example/2');
    const broken = await spawnCct(args, { stdin }).finished;
    expect([broken.status, broken.stdout]).toEqual([2, '']);
    writeFileSync(last, item('http://drop.example/3'));
    const run = await spawnCct([...args, '--url', 'http://drop.example/4'], { stdin }).finished;
    expect(readRows(run.stdout)).toEqual(['1', '2', '3', '4'].map((path) => `listed url http://drop.example/${path}`));
  });
});

test('a named pipe is read as a stream, and one that holds nothing is an error', async () => {
  const pipe = join(openTempDir(), 'pipe.ndjson');
  execFileSync('mkfifo', [pipe]);
  const fed = (text: string) => ['bash', '-c', `printf '%s' '${text}' > '${pipe}' & exec "$@"`, 'bash', ...cctCommand];
  const run = await spawnCct([...SAMPLE, '--format', 'ndjson', pipe], { command: fed(`${item('http://drop.example/1')}{}`) })
    .finished;
  expect([run.status, readRows(run.stdout)]).toEqual([2, ['listed url http://drop.example/1']]);
  const empty = await spawnCct([...SAMPLE, pipe], { command: fed('') }).finished;
  expect([empty.status, empty.stderr]).toEqual([2, `cct: ${pipe}: the file is empty\n`]);
});

describe('more than 1,000 lookups of a stream at the public site', () => {
  // No name is resolved: the proxy that is named refuses connections.
  const args = ['observe', '-q', '--proxy', 'http://127.0.0.1:9/', '--retries', '0', '--source', 'live', '--format', 'ndjson'];
  const items = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, at) => item(`http://panel.example/${from + at}`)).join('');

  test('are refused before the first is asked where they come in one go, and their number is named', async () => {
    const run = await runMain(args, { stdin: items(0, 1234) });
    expect([run.status, run.stdout]).toEqual([2, '']);
    expect(run.stderr).toContain('cct: 1,234 lookups would overload the site');
  });

  test('end it before the one too many where they come little by little', async () => {
    const run = spawnCct(args, { stdin: { open: items(0, 3) } });
    await run.printed(/panel\.example\/2"/);
    run.write(items(3, 1500));
    const { status, stdout, stderr } = await run.finished;
    expect([status, readRows(stdout).length]).toEqual([2, 1000]);
    expect(stderr).toContain('more than 1,000 lookups would overload the site');
  });

  test('lose nothing of what came before a bad line', async () => {
    const run = await runMain(args, { stdin: `${items(0, 2)}nonsense\n` });
    expect([run.status, readRows(run.stdout).length]).toEqual([2, 2]);
    expect(run.stderr).toContain('stdin:3: invalid JSON');
  });
});

test('code that is loaded on demand is found in each form of the program: broken JSON is named with its place', async () => {
  const file = writeTempFile('broken.json', '[{"type":"ip",]');
  const { status, stdout, stderr } = await spawnCct(['observe', '--snapshot', 'sample', file]).finished;
  expect([status, stdout, stderr]).toEqual([
    2,
    '',
    `cct: ${file}:1:15: invalid JSON; read it as text with --input-format text\n`,
  ]);
});
