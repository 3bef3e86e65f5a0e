import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openTempDir, readRows, runMain } from '../helpers/run-cct.ts';
import { asking, complaint, openTracker, SAMPLE } from './live.ts';

/** A directory with these files, by their paths in it. */
function writeDirectory(files: Readonly<Record<string, string | Buffer>>): string {
  const directory = openTempDir();
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(directory, name, '..'), { recursive: true });
    writeFileSync(join(directory, name), content);
  }
  return directory;
}

async function observe(...args: readonly string[]) {
  const run = await runMain(['observe', ...SAMPLE, '--format', 'ndjson', ...args]);
  return { ...run, rows: readRows(run.stdout), notes: run.stderr.split('\n').slice(0, -1) };
}

const PDF = '%PDF-1.7\n%x';

describe('the files of a directory', () => {
  test('are read in name order, hidden ones are not, each by its content', async () => {
    const directory = writeDirectory({
      'b.json': '[{"type":"ip","value":"192.0.2.3"}]',
      'a/z.csv': 'type,value\nip,192.0.2.2\n',
      'a/b.txt': 'see 192.0.2[.]1\n',
      '.hidden': '198.51.100.1\n',
      '.git/config': '198.51.100.2\n',
      'c.eml': 'From: a@drop.example\nSubject: x\n\nsee 192.0.2.4\n',
    });
    const { status, rows, notes } = await observe(directory, '--ip', '192.0.2.9');
    expect(rows.map((row) => row.split(' ').at(-1))).toEqual(['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4', '192.0.2.9']);
    expect([status, notes]).toEqual([0, ['5 observables: 5 unlisted; 1 passed over (0.0 s)']]);
  });

  test('that cannot be read are notes, the others are read, and the exit status is 2', async () => {
    const directory = writeDirectory({
      'a.txt': '192.0.2.1\n',
      'b.pdf': PDF,
      'c.json': '[{',
      'd.txt': '',
      'z.txt': '192.0.2.2\n',
    });
    symlinkSync('.', join(directory, 'loop'));
    symlinkSync('/proc/self/mem', join(directory, 'mem'));
    symlinkSync('nowhere', join(directory, 'broken'));
    const { status, rows, notes } = await observe(directory);
    expect(rows).toEqual(['unlisted ip 192.0.2.1', 'unlisted ip 192.0.2.2']);
    expect(notes).toEqual([
      `${directory}/b.pdf: a PDF cannot be read directly. Try: pdftotext ${directory}/b.pdf - | cct observe -`,
      `${directory}/broken: left out: a broken link`,
      `${directory}/c.json:1:3: invalid JSON; read it as text with --input-format text`,
      `${directory}/d.txt: the file is empty`,
      `${directory}/loop: left out: a link to a directory above it`,
      `cannot read ${directory}/mem: EIO: i/o error, read`,
      '2 observables: 2 unlisted (0.0 s)',
      'cct: 5 files could not be read',
    ]);
    expect(status).toBe(2);
  });

  test('that are wrong within keep what was read before', async () => {
    const item = '{"type":"ip","value":"192.0.2.1"}';
    const directory = writeDirectory({ 'a.ndjson': `${item}\n{type\n`, 'b.txt': '192.0.2.2\n' });
    const { status, rows, notes } = await observe(directory);
    expect([status, rows]).toEqual([2, ['unlisted ip 192.0.2.1', 'unlisted ip 192.0.2.2']]);
    expect(notes).toContain(
      `${directory}/a.ndjson:2: invalid JSON. Correct the line, or read all strings with --input-format records`,
    );
  });

  test('decide the exit status even where something is listed or failed', async () => {
    const directory = writeDirectory({ 'a.txt': 'http://panel.example/d12/cp.php?m=login\n', 'b.pdf': PDF });
    expect((await observe(directory, '--fail-on-listed')).status).toBe(2);
    const tracker = await openTracker({ faultEverywhere: { kind: 'status', status: 503 } });
    expect((await runMain(['observe', ...asking(tracker), directory])).status).toBe(2);
    expect((await runMain(['observe', ...SAMPLE, '--dry-run', directory])).status).toBe(2);
  });
});

test('what was not read is counted with -q too', async () => {
  const directory = writeDirectory({ 'a.txt': '192.0.2.1\n', 'b.pdf': PDF });
  expect((await observe(directory, '-q')).notes).toEqual(['cct: 1 file could not be read']);
});

test('an empty directory is an empty job', async () => {
  const directory = openTempDir();
  const { status, rows, notes } = await observe(directory);
  expect([status, rows, notes]).toEqual([
    0,
    [],
    [`${directory}: no files found (hidden files are ignored)`, '0 observables (0.0 s)'],
  ]);
});

test('a file that is named ends the run, though it is beside a directory', async () => {
  const directory = writeDirectory({ 'a.txt': '192.0.2.1\n' });
  const pdf = join(writeDirectory({ 'b.pdf': PDF }), 'b.pdf');
  const run = await runMain(['observe', ...SAMPLE, directory, pdf]);
  expect(run).toEqual(complaint(`${pdf}: a PDF cannot be read directly. Try: pdftotext ${pdf} - | cct observe -`));
});
