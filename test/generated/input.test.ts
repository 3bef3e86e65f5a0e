import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import type { ReadOptions } from '../../src/cli/input/read-source.ts';
import { readSource } from '../../src/cli/input/read-source.ts';
import { INPUT_FORMATS } from '../../src/core/input-formats.ts';
import { refang } from '../../src/text/refang.ts';
import { CctError } from '../../src/core/errors.ts';
import type { Observable } from '../../src/core/observables/observable.ts';
import { testProperty } from './cases.ts';
import { mutatedBytes, place } from './mutations.ts';
import { address, ipv6, name, url } from './observables.ts';
import { anyText, anyWellFormed, nearlyDefanged } from './texts.ts';

/** Bytes in pieces that may end within a character; `ends` are shares of the whole. */
async function* toChunks(bytes: Buffer, ends: readonly number[]): AsyncGenerator<Buffer> {
  let start = 0;
  for (const share of [...ends, 1]) {
    const end = Math.max(start, Math.floor(share * bytes.length));
    yield await Promise.resolve(bytes.subarray(start, end));
    start = end;
  }
}

async function read(file: string, bytes: Buffer, options: ReadOptions, ends: readonly number[]): Promise<Observable[]> {
  const report = { note: () => undefined, detail: () => undefined, passOver: () => undefined };
  const all: Observable[] = [];
  for await (const { findings } of readSource({ name: file, chunks: toChunks(bytes, ends) }, options, report))
    all.push(...findings.map(({ type, value, derived }) => (derived === undefined ? { type, value } : { type, value, derived })));
  return all;
}

const auto: ReadOptions = { format: 'auto', columns: [], fields: [], encoding: undefined };
const chunkEnds = fc.oneof(
  fc.constant([]),
  fc.array(place, { maxLength: 4 }).map((ends) => ends.sort((one, other) => one - other)),
);

type Encoding = 'utf8' | 'utf8 with mark' | 'utf16le' | 'utf16be';
const encoding = fc.constantFrom<Encoding>('utf8', 'utf8', 'utf8 with mark', 'utf16le', 'utf16be');

function encode(text: string, how: Encoding): Buffer {
  if (how === 'utf8') return Buffer.from(text);
  if (how === 'utf8 with mark') return Buffer.from(`\uFEFF${text}`);
  const bytes = Buffer.from(`\uFEFF${text}`, 'utf16le');
  return how === 'utf16le' ? bytes : bytes.swap16();
}

const lineBreak = fc.constantFrom('\n', '\r\n');
const layout = fc.record({ how: encoding, ends: chunkEnds, end: lineBreak, isEnded: fc.boolean() });

const text = fc.oneof(anyText, url, address, name).filter((value) => value !== '');
const item = fc.record({ type: text, value: text }, { noNullPrototype: true });
const items = fc.array(item, { minLength: 1, maxLength: 6 });

describe('observables that are written and read are the same, in their order', () => {
  testProperty(
    'as json',
    [items, layout, fc.constantFrom(0, 2), fc.boolean()],
    async (given, { how, ends }, spaces, isWrapped) => {
      const json = JSON.stringify(isWrapped ? { title: 'x', observables: given } : given, null, spaces);
      expect(await read('-', encode(json, how), auto, ends)).toEqual(given);
    },
  );

  testProperty(
    'as ndjson, with blank lines and other keys',
    [items, layout, fc.nat()],
    async (given, { how, ends, end, isEnded }, blankAt) => {
      const lines = given.map((one, at) => JSON.stringify(at % 2 === 0 ? one : { id: at, ...one }));
      lines.splice(1 + (blankAt % lines.length), 0, ' ');
      expect(await read('-', encode(lines.join(end) + (isEnded ? end : ''), how), auto, ends)).toEqual(given);
    },
  );

  // Cells are trimmed and values refanged, a NUL is refused, a lone CR is a line break, and no encoding has lone surrogates.
  const cell = fc
    .oneof(anyWellFormed, url, address, fc.constantFrom('a"b', 'a,b', 'a;b\tc|d', 'a\nb', "'x'"))
    .map((value) => value.replace(/[\0\uFEFF\r]/g, '').trim())
    .filter((value) => value !== '' && refang(value) === value);
  const csvItem = fc.record({ type: cell, value: cell }, { noNullPrototype: true });

  testProperty(
    'as csv, with any delimiter, columns in any order and others beside them',
    [
      fc.array(csvItem, { minLength: 1, maxLength: 5 }),
      layout,
      fc.constantFrom(',', ';', '\t', '|'),
      fc.shuffledSubarray(['type', 'value', 'note'], { minLength: 3 }),
    ],
    async (given, { how, ends, end }, delimiter, columns) => {
      const rows = given.map((one) => ({ ...one, note: 'x' }));
      const csv = stringify(rows, { header: true, columns, delimiter, record_delimiter: end, quoted_match: /['\r\n]/ });
      expect(await read('-', encode(csv, how), auto, ends)).toEqual(given);
    },
  );

  const lone = fc.oneof(
    address.map((value) => ({ type: 'ip', value })),
    url.filter((value) => !/[.,;:!?'"*\\|…([{)\]}&,]$|[,;|'&(){}[\]]/.test(value)).map((value) => ({ type: 'url', value })),
    name.map((value) => ({ type: 'domain', value })),
    ipv6.map((value) => ({ type: 'ipv6', value })),
  );

  testProperty(
    'as text, one a line, with bullets and blank lines',
    [fc.array(lone, { minLength: 1, maxLength: 8 }), layout, fc.constantFrom('', '- ', '* ', '  ')],
    async (given, { how, ends, end, isEnded }, bullet) => {
      const lines = given.flatMap(({ value }, at) => (at % 3 === 2 ? [`${bullet}${value}`, ''] : [`${bullet}${value}`]));
      expect(await read('-', encode(lines.join(end) + (isEnded ? end : ''), how), auto, ends)).toEqual(given);
    },
  );
});

describe('any bytes', () => {
  const sound = fc.oneof(
    fc.tuple(items, encoding).map(([given, how]) => encode(JSON.stringify(given), how)),
    items.map((given) => Buffer.from(given.map((one) => JSON.stringify(one)).join('\n'))),
    items.map((given) => Buffer.from(stringify(given, { header: true, columns: ['type', 'value'] }))),
    fc.array(fc.oneof(nearlyDefanged, url, anyText)).map((lines) => Buffer.from(lines.join('\n'))),
    fc.tuple(anyText, encoding).map(([some, how]) => encode(some, how)),
    fc.uint8Array({ maxLength: 60 }).map((some) => Buffer.from(some)),
    fc.integer({ min: 1, max: 3000 }).map((depth) => Buffer.from(`[{"type":${'['.repeat(depth)}`)),
  );
  const options = fc.record<ReadOptions>({
    format: fc.constantFrom('auto', 'auto', 'auto', ...INPUT_FORMATS),
    columns: fc.constantFrom([], [], ['value'], ['x', '2']),
    fields: fc.constantFrom([], [], ['a.b']),
    encoding: fc.constantFrom(undefined, undefined, 'windows-1252', 'utf-16be'),
  });
  const file = fc.constantFrom('-', 'a.json', 'a.ndjson', 'a.csv', 'a.txt');

  testProperty(
    'give observables, or an error that names the file',
    [file, mutatedBytes(sound), options, chunkEnds],
    async (from, bytes, how, ends) => {
      try {
        const observables = await read(from, bytes, how, ends);
        expect(observables.filter(({ type, value }) => type === '' || value === '')).toEqual([]);
      } catch (thrown) {
        if (!(thrown instanceof CctError)) throw thrown;
        expect([thrown.code, thrown.message.startsWith(`${from}:`)]).toEqual(['input', true]);
      }
    },
  );
});
