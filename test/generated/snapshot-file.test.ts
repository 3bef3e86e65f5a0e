import fc from 'fast-check';
import { isUtf8 } from 'node:buffer';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect } from 'vitest';
import { CctError } from '../../src/core/errors.ts';
import { sampleSnapshotText } from '../../src/tracker/snapshot/sample-snapshot.ts';
import type { Snapshot, SnapshotEntry } from '../../src/tracker/snapshot/snapshot-file.ts';
import { isDay } from '../../src/core/day.ts';
import { parseSnapshot, writeSnapshot } from '../../src/tracker/snapshot/snapshot-file.ts';
import { readSnapshotFile } from '../../src/tracker/snapshot/snapshot-store.ts';
import { testCostly, testProperty } from './cases.ts';
import { mutated, mutatedBytes } from './mutations.ts';
import { anyText, day } from './texts.ts';

const escapes = fc.string({
  unit: fc.constantFrom('\t', '\r', '\n', '\\', 't', 'u', '0', '#', '\u0000', '\u0085', '\ud800', '\udc00', 'ü', ' '),
});
const cell = fc.oneof(anyText, escapes, fc.constantFrom('panel.example/a', '192.0.2.1', 'Pony', ''));
const isNamed = ({ url, ip }: { readonly url: string; readonly ip: string }) => url !== '' || ip !== '';
const covers = fc.constantFrom('url' as const, 'host' as const);
const entry = fc
  .record({ date: fc.oneof(day, fc.constant('')), covers, url: cell, ip: cell, family: cell }, { noNullPrototype: true })
  .filter(isNamed);
const snapshot = fc.record({ date: day, origin: cell, entries: fc.array(entry, { maxLength: 6 }) }, { noNullPrototype: true });

const written = fc.oneof(snapshot.map(writeSnapshot), fc.constant(sampleSnapshotText));
const piece = fc.oneof(
  anyText,
  fc.constantFrom(
    ...['\n', '\t', '\r\n', '#', '# entries: 1\n', '\turl\ta.example\t\t\n', '\\', '\\u', '2018-02-30', '1', '# date: '],
  ),
);

/** Checks that a list can be queried. */
function expectSound(read: Snapshot): void {
  expect(isDay(read.date)).toBe(true);
  const isSound = ({ date, covers }: SnapshotEntry) => (date === '' || isDay(date)) && ['url', 'host'].includes(covers);
  expect(read.entries.filter((read) => !isSound(read) || !isNamed(read))).toEqual([]);
  expect(parseSnapshot(writeSnapshot(read))).toStrictEqual(read);
}

describe('a snapshot file', () => {
  testProperty('reads as the snapshot that was written', [snapshot], (given) => {
    expect(parseSnapshot(writeSnapshot(given))).toStrictEqual(given);
  });

  testProperty('has an entry a line and five columns, for grep and cut', [snapshot], (given) => {
    const rows = writeSnapshot(given).split('\n').slice(5, -1);
    expect(rows.map((row) => row.split('\t').length)).toEqual(given.entries.map(() => 5));
    expect(rows.join('')).not.toMatch(/[^\P{Cc}\t]|\p{Cs}/u);
  });

  testProperty('that was changed is an error or a valid list', [mutated(written, piece)], (text) => {
    try {
      expectSound(parseSnapshot(text));
    } catch (thrown) {
      if (!(thrown instanceof CctError)) throw thrown;
      expect(thrown.code).toBe('input');
    }
  });

  testProperty('that was cut anywhere is an error', [written, fc.nat()], (text, at) => {
    expect(() => parseSnapshot(text.slice(0, at % text.length))).toThrow(CctError);
  });

  let directory = '';
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'cct-generated-'));
    return () => rm(directory, { recursive: true });
  });

  const title = 'on the disk, compressed or not, that was changed is an error or a valid list';
  const files = fc.tuple(written, fc.boolean()).map(([text, isPacked]) => (isPacked ? gzipSync(text) : Buffer.from(text)));
  testCostly(title, { oneOf: 10, why: 'files on the disk' }, [mutatedBytes(files)], async (changed) => {
    const file = join(directory, 'snapshot.tsv');
    await writeFile(file, changed);
    const read = await readSnapshotFile(file).catch((thrown: unknown) => {
      if (thrown instanceof CctError && thrown.code === 'input') return undefined;
      throw thrown;
    });
    if (!read) return;
    expectSound(read);
    const isPacked = changed[0] === 0x1f && changed[1] === 0x8b;
    expect(isPacked || isUtf8(changed)).toBe(true);
  });
});
