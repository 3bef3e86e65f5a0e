import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createProgram } from '../../src/cli/program/program.ts';
import { exportSettings } from '../../src/config.ts';
import { exportFormats } from '../../src/exports/formats.ts';
import { openTempDir, readRows, runMain } from '../helpers/run-cct.ts';
import { openHome } from './snapshot-home.ts';

const runExport = (...args: readonly string[]) => runMain(['snapshot', 'export', '--snapshot', 'sample', ...args]);
const values = ({ stdout }: { readonly stdout: string }) => stdout.split('\n').filter((line) => !/^(?:[#;]|$)/.test(line));
const FOLDERS = ['suricata', 'misp'];
const TEXTS = exportSettings.format.choices.filter((format) => !FOLDERS.includes(format));
const BLOCKING = ['ip', 'domain', 'url', 'rpz', 'unbound', 'dnsmasq', 'hosts', 'nftables'];

describe('the formats of an export', () => {
  test('are those of the room', () => {
    expect([...exportSettings.format.choices].sort()).toEqual(Object.keys(exportFormats).sort());
    const blocking = Object.entries(exportFormats).flatMap(([name, { isBlocking }]) => (isBlocking ? [name] : []));
    expect(blocking.sort()).toEqual(BLOCKING.toSorted());
  });

  test('are offered by the shell, not those of answers', async () => {
    const program = await createProgram({ version: '', onHelp: () => undefined, helpColumns: 80, onInvocation: () => undefined });
    const command = program.commands
      .find((each) => each.name() === 'snapshot')
      ?.commands.find((each) => each.name() === 'export');
    expect(command?.options.find(({ long }) => long === '--format')?.argChoices).toEqual(exportSettings.format.choices);
  });

  test.each(TEXTS)('%s gives the same bytes on stdout and in a file, in each run', async (format) => {
    const file = join(openTempDir(), 'list');
    const [first, second] = [
      await runExport('--format', format, '--all'),
      await runExport('--format', format, '--all', '--output', file),
    ];
    expect([first.status, second.status, second.stdout]).toEqual([0, 0, '']);
    expect(readFileSync(file, 'utf8')).toBe(first.stdout);
    expect(first.stdout).toMatch(/example|192\.0\.2\.50/);
  });

  test.each(FOLDERS)('%s needs a directory, and replaces its own', async (format) => {
    expect(await runExport('--format', format)).toEqual({
      status: 2,
      stdout: '',
      stderr: `cct: --format ${format} writes a directory: add --output DIRECTORY\n`,
    });
    const directory = join(openTempDir(), 'out');
    const runs = [
      await runExport('--format', format, '--output', directory),
      await runExport('--format', format, '--output', directory),
    ];
    expect(runs.map(({ status, stdout }) => [status, stdout])).toEqual([
      [0, ''],
      [0, ''],
    ]);
    expect(readdirSync(directory)).toHaveLength(4);
    writeFileSync(join(directory, 'mine'), '');
    expect(await runExport('--format', format, '--output', directory)).toMatchObject({ status: 2, stdout: '' });
  });

  test('are named where none is given, or an unknown one', async () => {
    const list = exportSettings.format.choices.join(', ');
    expect(await runExport()).toEqual({ status: 2, stdout: '', stderr: `cct: --format is missing: expected one of ${list}\n` });
    expect(await runExport('--format', 'json')).toMatchObject({
      status: 2,
      stderr: `cct: --format: expected one of ${list}, got "json"\n`,
    });
  });

  test('do not come from the environment', async () => {
    const env = { CCT_FORMAT: 'table', CCT_SINCE: 'nonsense', CCT_HOSTS: 'any', CCT_ALL: '1' };
    expect((await runMain(['snapshot', 'export', '--snapshot', 'sample'], { env })).status).toBe(2);
    const run = await runMain(['snapshot', 'export', '--snapshot', 'sample', '--format', 'domain', '--since', 'all'], { env });
    expect(values(run)).toEqual(['drop.example']);
  });
});

describe('an export', () => {
  test('that would block nothing writes nothing, counts what other choices give, and ends with 4', async () => {
    const file = join(openTempDir(), 'block.txt');
    writeFileSync(file, 'yesterday\n');
    for (const format of ['domain', 'ip']) {
      const { status, stdout, stderr } = await runExport('--format', format, '--output', file, '-q');
      expect([status, stdout, readFileSync(file, 'utf8')]).toEqual([4, '', 'yesterday\n']);
      expect(stderr).toMatch(/^cct: nothing to export, .*--since 1y.*--since 5y.*--since all.*; try --since all --hosts \w+\n$/);
    }
    expect(await runExport('--format', 'rpz')).toMatchObject({ status: 4, stdout: '' });
  });

  test.each(BLOCKING)('as %s is cautious unless told otherwise', async (format) => {
    expect((await runExport('--format', format)).status).toBe(4);
    const all = await runExport('--format', format, '--all');
    expect([all.status, all.stdout]).toEqual([0, expect.stringMatching(/options: --since all --hosts any\n/)]);
    expect((await runExport('--format', format, '--since', 'all', '--hosts', 'any')).stdout).toBe(all.stdout);
    expect((await runExport('--format', format, '--all', '--since', '5y')).status).toBe(4);
  });

  test.each(['zeek', 'csv', 'ecs', 'stix'])('as %s has the whole list, with and without --all', async (format) => {
    const [plain, all] = [await runExport('--format', format), await runExport('--format', format, '--all')];
    expect([plain.status, plain.stdout]).toEqual([0, all.stdout]);
  });

  test.each(['zeek', 'csv', 'ecs', 'stix'])('as %s may be empty', async (format) => {
    expect(await runExport('--format', format, '--since', '2026-01-01')).toMatchObject({ status: 0 });
  });

  test('takes dates, ages and families, the latter in any case', async () => {
    expect(values(await runExport('--format', 'domain', '--hosts', 'any', '--since', '2017-12-10'))).toEqual([
      'panel.example',
      'shop.example',
    ]);
    expect(values(await runExport('--format', 'domain', '--all', '--family', 'PONY', '--family', 'keitaro'))).toEqual([
      'drop.example',
      'panel.example',
      'undated.example',
    ]);
    expect(await runExport('--format', 'domain', '--family', 'Pny')).toEqual({
      status: 2,
      stdout: '',
      stderr: 'cct: --family: no entry of the list has the family "Pny"\n',
    });
    expect(await runExport('--format', 'domain', '--since', '2030-01-01')).toMatchObject({ status: 2 });
  });

  test('leaves out what is excluded or on a warninglist, and says so in its header', async () => {
    const dir = openTempDir();
    writeFileSync(join(dir, 'own.txt'), 'panel.example\n');
    writeFileSync(
      join(dir, 'list.json'),
      JSON.stringify({ name: 'my hosts', type: 'hostname', list: ['shop.example', 'drop.example'] }),
    );
    const flags = ['--exclude', join(dir, 'own.txt'), '--warninglist', join(dir, 'list.json')];
    const { status, stdout } = await runExport('--format', 'rpz', '--all', ...flags);
    expect(status).toBe(0);
    expect(stdout).toContain('; left out: 1 entry: excluded by --exclude\n');
    expect(stdout).toContain('; left out: 2 entries: on the warninglist my hosts\n');
    expect(stdout).not.toMatch(/^(?:panel|shop|drop)\.example/m);
    expect((await runExport('--format', 'csv', ...flags)).stderr).toContain('left out: 2 entries: on the warninglist my hosts\n');
  });

  test('says which flags have no effect', async () => {
    expect((await runExport('--format', 'domain', '--all', '--resolved')).stderr).toMatch(
      /^--resolved has no effect with --format domain\n/,
    );
    expect((await runExport('--format', 'ip', '--all', '--max-shared', '3')).stderr).toMatch(
      /^--max-shared has no effect without/,
    );
  });

  test('needs a list, and a file that can be written', async () => {
    expect(await runMain(['snapshot', 'export', '--format', 'domain'])).toMatchObject({ status: 4, stdout: '' });
    const missing = join(openTempDir(), 'no', 'list');
    expect(await runExport('--format', 'domain', '--all', '--output', missing)).toMatchObject({ status: 2, stdout: '' });
    expect(existsSync(missing)).toBe(false);
  });

  test('is of the installed list', async () => {
    const home = openHome();
    home.put(
      '# cct snapshot 1\n# date: 2025-12-31\n# origin: mine\n# entries: 1\n# columns: date covers url ip family\n2025-12-30\turl\tmine.example\t\t\n',
    );
    const { status, stdout } = await home.run('snapshot', 'export', '--format', 'domain');
    expect([status, values({ stdout })]).toEqual([0, ['mine.example']]);
  });
});

describe('what an export writes', () => {
  const ASKED = ['--snapshot', 'sample', '--format', 'ndjson', '--only', 'listed'];

  test.each([
    ['stix', 'json', 8],
    ['ecs', 'ndjson', 8],
    ['url', 'txt', 8],
    ['domain', 'txt', 7],
    ['ip', 'txt', 1],
    ['zeek', 'log', 15],
    ['rpz', 'zone', 7],
    ['hosts', 'txt', 7],
  ])('as %s is read, and all of it is listed', async (format, ending, count) => {
    const file = join(openTempDir(), `list.${ending}`);
    await runExport('--format', format, '--all', '--output', file);
    const { status, stdout } = await runMain(['observe', file, ...ASKED]);
    expect(status).toBe(0);
    expect(readRows(stdout).length).toBeGreaterThanOrEqual(count);
  });

  test('as a feed of MISP is read', async () => {
    const directory = join(openTempDir(), 'feed');
    await runExport('--format', 'misp', '--output', directory);
    const event = readdirSync(directory).find((name) => /^[0-9a-f-]{36}\.json$/.test(name)) ?? '';
    expect(readRows((await runMain(['observe', join(directory, event), ...ASKED])).stdout)).toHaveLength(8);
  });

  test('as csv is read, a row an observable, or by its keys', async () => {
    const file = join(openTempDir(), 'list.csv');
    await runExport('--format', 'csv', '--output', file);
    const byKey = await runMain(['observe', file, '--column', 'url_key', ...ASKED]);
    const whole = await runMain(['observe', file, ...ASKED]);
    expect([readRows(byKey.stdout).length, readRows(whole.stdout).length]).toEqual([8, 8]);
  });
});
