import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { isMissingFile, readTextFile } from '../../src/files/read-text.ts';
import { openTempDir } from '../helpers/run-cct.ts';

function writeTemp(bytes: string | Uint8Array): string {
  const file = join(openTempDir(), 'given');
  writeFileSync(file, bytes);
  return file;
}

const compressed = gzipSync('text');

test.each<[string, string | Uint8Array]>([
  ['plain', 'text'],
  ['with a byte order mark', '\uFEFFtext'],
  ['compressed, whatever its name', compressed],
])('text is read %s', async (_how, bytes) => {
  expect(await readTextFile(writeTemp(bytes))).toBe('text');
});

test.each<[string, () => string, string]>([
  ['is missing', () => join(openTempDir(), 'none'), 'no such file'],
  ['is a directory', openTempDir, 'it is a directory'],
  ['is below a file', () => join(writeTemp(''), 'given'), 'a part of the path is not a directory'],
  // Root may read any file, but not this one from its beginning.
  ['cannot be read', () => '/proc/self/mem', 'EIO: i/o error, read'],
  ['is not UTF-8', () => writeTemp(Buffer.from([0x23, 0x20, 0xff, 0xfe])), 'it is not UTF-8 text'],
  ['is compressed and truncated', () => writeTemp(compressed.subarray(0, -5)), 'it is not a complete gzip file'],
  [
    'only begins like gzip',
    () => writeTemp(Buffer.from([0x1f, 0x8b, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10])),
    'it is not a complete gzip file',
  ],
])('a file that %s is an error that names it', async (_what, toFile, reason) => {
  const file = toFile();
  const thrown: unknown = await readTextFile(file).catch((error: unknown) => error);
  expect(thrown).toMatchObject({ code: 'input', message: `cannot read ${file}: ${reason}` });
  expect(isMissingFile(thrown)).toBe(reason === 'no such file');
});

test.each([
  ['plain', 'x'.repeat(1000)],
  ['compressed', gzipSync('x'.repeat(1000))],
])('a file that is too large is an error: %s', async (_how, bytes) => {
  const file = writeTemp(bytes);
  expect(await readTextFile(file, { maxBytes: 1000 })).toHaveLength(1000);
  await expect(readTextFile(file, { maxBytes: 999 })).rejects.toMatchObject({
    code: 'input',
    message: `cannot read ${file}: it is larger than 999 bytes`,
  });
});

test('a small compressed file of millions of lines is an error', async () => {
  const file = writeTemp(gzipSync('\n'.repeat(2_000_001)));
  await expect(readTextFile(file)).rejects.toMatchObject({
    code: 'input',
    message: `cannot read ${file}: it has more than 2,000,000 lines`,
  });
  expect(await readTextFile(writeTemp(gzipSync('\n'.repeat(2_000_000))))).toHaveLength(2_000_000);
});
