import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { writeEntry } from '../../../src/tracker/cache/cache-entry.ts';
import { openEntryReader } from '../../../src/tracker/cache/entry-reader.ts';
import { MAX_STORED_BYTES } from '../../../src/tracker/cache/stored-answer.ts';
import { BYTES, STORED, storeOfSize } from './stored-samples.ts';

function openFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cct-entry-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

describe('the reader', () => {
  test('gives what each file holds, and its size, the longest and a short one in turn', async () => {
    const folder = openFolder();
    const long = storeOfSize(MAX_STORED_BYTES);
    writeFileSync(join(folder, 'long'), writeEntry(long) ?? '');
    writeFileSync(join(folder, 'short'), BYTES);
    const read = openEntryReader();
    const entries = await Promise.all(['long', 'short', 'long'].map((name) => read(join(folder, name))));
    const wholeLong = { ...long, bytes: MAX_STORED_BYTES };
    expect(entries).toEqual([wholeLong, { ...STORED, bytes: BYTES.length }, wholeLong]);
  });

  test('takes none for an entry that is longer than one may be', async () => {
    const file = join(openFolder(), 'entry');
    writeFileSync(file, `${writeEntry(storeOfSize(MAX_STORED_BYTES)) ?? ''}\n`);
    expect(await openEntryReader()(file)).toBeUndefined();
  });

  test('finds none where there is no file, a folder, or a link to an entry', async () => {
    const folder = openFolder();
    writeFileSync(join(folder, 'entry'), BYTES);
    symlinkSync(join(folder, 'entry'), join(folder, 'link'));
    mkdirSync(join(folder, 'folder'));
    const read = openEntryReader();
    for (const name of ['none', 'link', 'folder']) expect([name, await read(join(folder, name))]).toEqual([name, undefined]);
  });

  test('says what else is wrong, and reads on', async () => {
    const folder = openFolder();
    const file = join(folder, 'entry');
    writeFileSync(file, BYTES);
    const read = openEntryReader();
    const wrong = read(join(file, 'below a file'));
    await expect(wrong).rejects.toMatchObject({ code: 'ENOTDIR' });
    expect(await read(file)).toEqual({ ...STORED, bytes: BYTES.length });
  });
});
