import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { exportSettings } from '../../src/config.ts';
import { formatCount } from '../../src/core/amount.ts';
import { EATERS, expectEaten } from '../helpers/eaters.ts';
import { toMarkdownTable, writeReport } from '../helpers/report.ts';
import { hostsPath, listPath } from './real-data.ts';

const FOLDERS = ['suricata', 'misp'];
let home = '';

function runProgram(program: string, args: readonly string[]) {
  const startedMs = performance.now();
  const env = { PATH: process.env['PATH'], HOME: home, XDG_DATA_HOME: home };
  const { status, stdout, stderr } = spawnSync(program, args, { env, encoding: 'utf8', maxBuffer: 2 ** 28 });
  return { status, stdout, stderr, tookMs: performance.now() - startedMs };
}

const cct = (...args: readonly string[]) => runProgram(process.execPath, ['bin/cct.js', ...args]);

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'cct-real-exports-'));
  expect(cct('snapshot', 'import', listPath, hostsPath).status).toBe(0);
});

afterAll(() => rm(home, { recursive: true, force: true }));

/** Exports into a directory of its own, as `export`. */
async function exportTo(format: string, ...flags: readonly string[]) {
  const dir = await mkdtemp(join(tmpdir(), 'cct-real-export-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  const path = join(dir, 'export');
  const run = cct('snapshot', 'export', '--format', format, '--output', path, ...flags);
  expect([run.status, run.stdout]).toEqual([0, '']);
  const files = FOLDERS.includes(format) ? (await readdir(path)).map((name) => join(path, name)) : [path];
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  return { dir, path, files, bytes: sizes.reduce((sum, size) => sum + size, 0), run };
}

describe('the exports of the whole list', () => {
  test('are refused as block lists, since nothing in it is recent', () => {
    const { status, stdout, stderr } = cct('snapshot', 'export', '--format', 'domain');
    expect([status, stdout]).toEqual([4, '']);
    expect(stderr).toMatch(/cct: nothing to export, .*try --since (?:5y|all) --hosts whole\n/);
  });

  test.each(Object.keys(EATERS).flatMap((format) => [[format], [format, '--resolved']]))(
    'are taken by the programs for which they are: %s %s',
    async (format, ...flags) => {
      const { dir } = await exportTo(format, '--all', ...flags);
      expectEaten(format, dir);
    },
  );

  test('as plain lists are found by grepcidr and rg', async () => {
    for (const [format, program, args] of [
      ['ip', 'grepcidr', ['-f']],
      ['domain', 'rg', ['-F', '-N', '-f']],
      ['url', 'rg', ['-F', '-N', '-f']],
    ] as const) {
      const { path } = await exportTo(format, '--all');
      const values = (await readFile(path, 'utf8')).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
      const { stdout } = runProgram(program, [...args, path, path]);
      const found = new Set(stdout.split('\n'));
      expect(values.length).toBeGreaterThan(1_000);
      expect(values.filter((value) => !found.has(value))).toEqual([]);
    }
  });

  test('are written in the time and size of the report', async () => {
    const rows: string[][] = [];
    for (const format of exportSettings.format.choices) {
      const { files, bytes, run } = await exportTo(format, '--all');
      const { tookMs: catMs } = runProgram('cat', files);
      const count = /^([\d,]+ \w+) of/m.exec(run.stderr)?.[1] ?? '';
      rows.push([format, count, formatCount(bytes), `${run.tookMs.toFixed(0)} ms`, `${catMs.toFixed(0)} ms`]);
    }
    const idle = cct('--version').tookMs;
    const head = `All of the tracker's list with the hosts of 2018 to 2022, each with \`--all\`; \`cct --version\` took ${idle.toFixed(0)} ms in the same run.`;
    const table = toMarkdownTable([['format', 'holds', 'bytes', 'cct snapshot export', 'cat of the same bytes'], ...rows]);
    process.stdout.write(`${table}\n`);
    writeReport('exports', `${head}\n\n${table}`, new Date());
    expect(rows).toHaveLength(14);
  });
});
