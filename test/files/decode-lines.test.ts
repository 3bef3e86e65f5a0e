import { describe, expect, test } from 'vitest';
import type { DecodeOptions } from '../../src/files/decode-lines.ts';
import { decodeLines } from '../../src/files/decode-lines.ts';

async function* inChunks(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}

/** The lines of these bytes, in chunks of a size. What is read before an error goes into `lines`. */
async function decode(
  bytes: Buffer,
  size: number,
  lines: string[] = [],
  options: Partial<DecodeOptions> = {},
): Promise<string[]> {
  for await (const block of decodeLines(inChunks(bytes, size), { name: 'list.txt', ...options })) lines.push(...block);
  return lines;
}

const SIZES = [1, 2, 3, 5, 1000];
const TEXT = 'bücher.example\r\n例え.example/🦠\n';
const LINES = ['bücher.example\r', '例え.example/🦠'];
const utf16le = (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le');
const utf16be = (text: string) => utf16le(text).swap16();

describe('what is read', () => {
  test.each<[what: string, bytes: Buffer, lines: string[]]>([
    ['UTF-8', Buffer.from(TEXT), LINES],
    ['UTF-8 with a byte order mark', Buffer.from(`\uFEFF${TEXT}`), LINES],
    ['UTF-16LE with a byte order mark', utf16le(TEXT), LINES],
    ['UTF-16BE with a byte order mark', utf16be(TEXT), LINES],
    ['nothing', Buffer.alloc(0), []],
    ['a byte order mark of UTF-8 alone', Buffer.from('\uFEFF'), ['']],
    ['a byte order mark of UTF-16 alone', utf16le(''), []],
    ['a byte order mark that is not at the start', Buffer.from('a\n\uFEFFb'), ['a', '\uFEFFb']],
    ['NUL bytes', Buffer.from('a\0b'), ['a\0b']],
    ['a last line without its break', Buffer.from('a\n\nb'), ['a', '', 'b']],
    ['a line of ten thousand characters', Buffer.from('x'.repeat(10_000)), ['x'.repeat(10_000)]],
  ])('may be %s, in chunks of any size', async (_what, bytes, lines) => {
    for (const size of SIZES) expect(await decode(bytes, size)).toEqual(lines);
  });
});

describe('a byte that is not UTF-8', () => {
  test.each<[what: string, bytes: Buffer, line: number]>([
    ['within a line', Buffer.concat([Buffer.from('one\ntwo\nthr'), Buffer.from([0xff]), Buffer.from('ee\nfour\n')]), 3],
    ['at the end of a cut character', Buffer.from('one\n🦠').subarray(0, -1), 2],
    ['of Latin-1', Buffer.from('bücher.example\n', 'latin1'), 1],
    ['of half a surrogate pair', Buffer.from([0xed, 0xa0, 0x80, 0x0a]), 1],
  ])('%s is named by its line', async (_what, bytes, line) => {
    const error = { code: 'input', message: `list.txt:${line}: not UTF-8 text. Use --encoding NAME, for example windows-1252` };
    for (const size of SIZES) await expect(decode(bytes, size)).rejects.toMatchObject(error);
  });

  test('does not keep the lines before it from being read', async () => {
    const lines: string[] = [];
    await expect(decode(Buffer.concat([Buffer.from('one\ntwo\n'), Buffer.from([0xff, 0x0a])]), 4, lines)).rejects.toThrow(':3:');
    expect(lines).toEqual(['one', 'two']);
  });
});

test.each([
  ['half a character at its end', 'UTF-16LE', utf16le('ab').subarray(0, -1)],
  ['half a surrogate pair', 'UTF-16BE', utf16be('a\uD83E b')],
])('UTF-16 with %s is refused as %s', async (_what, encoding, bytes) => {
  await expect(decode(bytes, 1000)).rejects.toMatchObject({ code: 'input', message: `list.txt: not valid ${encoding} text` });
});

describe('UTF-16 without a byte order mark', () => {
  const ASCII = '192.0.2.1\r\nb\u00fccher.example\n';
  const ASCII_LINES = ['192.0.2.1\r', 'b\u00fccher.example'];

  test.each<[what: string, text: string, lines: string[]]>([
    ['of a short line', 'ab', ['ab']],
    ['of Latin text', ASCII, ASCII_LINES],
    ['of more than the bytes that decide', ASCII.repeat(20), Array.from({ length: 20 }, () => ASCII_LINES).flat()],
    ['of mostly Latin text', `${ASCII}\u4f8b\u3048.example\n`, [...ASCII_LINES, '\u4f8b\u3048.example']],
  ])('is told by its zeros, in both orders: %s', async (_what, text, lines) => {
    const bytes = Buffer.from(text, 'utf16le');
    for (const size of SIZES) {
      expect(await decode(bytes, size)).toEqual(lines);
      expect(await decode(Buffer.from(bytes).swap16(), size)).toEqual(lines);
    }
  });

  test.each<[what: string, bytes: Buffer]>([
    ['zeros at even and at odd places', Buffer.from('a\0b\0\0c\0d')],
    ['fewer zeros than a quarter', Buffer.from('a\0bcdefghijklm')],
    ['one character', Buffer.from('a\0')],
  ])('is not told by %s', async (_what, bytes) => {
    for (const size of SIZES) expect(await decode(bytes, size)).toEqual([bytes.toString()]);
  });
});

describe('where another encoding is allowed', () => {
  const MIXED = Buffer.concat([
    Buffer.from('bücher\n\n'),
    Buffer.from([0x93, 0xfc, 0x99, 0x0a]),
    Buffer.from('例え\n'),
    Buffer.from([0xe9]),
  ]);

  test('a line that is not UTF-8 is windows-1252, the others are not, and the first one is named once', async () => {
    for (const size of SIZES) {
      const named: number[] = [];
      const lines = await decode(MIXED, size, [], { onOtherEncoding: (line) => named.push(line) });
      expect([lines, named]).toEqual([['bücher', '', '“ü™', '例え', 'é'], [3]]);
    }
  });

  test('UTF-8 is never named', async () => {
    const named: number[] = [];
    await decode(Buffer.from(TEXT), 1, [], { onOtherEncoding: (line) => named.push(line) });
    expect(named).toEqual([]);
  });
});

describe('a named encoding', () => {
  test.each<[encoding: string, bytes: Buffer, lines: string[]]>([
    ['windows-1252', Buffer.from([0x80, 0x0a, 0xe9]), ['€', 'é']],
    ['latin1', Buffer.from([0xfc, 0x0a]), ['ü']],
    ['windows-1251', Buffer.from([0xef, 0xf0, 0x0a]), ['пр']],
    ['shift_jis', Buffer.from([0x97, 0xe1, 0x82, 0xa6, 0x0a, 0x61]), ['例え', 'a']],
    ['utf-16be', Buffer.from('例え\n', 'utf16le').swap16(), ['例え']],
    ['UTF-8', Buffer.from('a\0b\0c\0'), ['a\0b\0c\0']],
  ])('%s is taken, whatever the content seems to be', async (encoding, bytes, lines) => {
    for (const size of SIZES) expect(await decode(bytes, size, [], { encoding })).toEqual(lines);
  });

  test('refuses what it cannot decode', async () => {
    const error = { code: 'input', message: 'list.txt: not valid EUC-JP text' };
    await expect(decode(Buffer.from([0x61, 0xff, 0x0a]), 1, [], { encoding: 'euc-jp' })).rejects.toMatchObject(error);
    const utf8 = { code: 'input', message: 'list.txt:1: not UTF-8 text. Use --encoding NAME, for example windows-1252' };
    await expect(decode(Buffer.from([0x61, 0xff, 0x0a]), 1, [], { encoding: 'utf8' })).rejects.toMatchObject(utf8);
  });
});

describe('a line that is too long', () => {
  test.each([16 * 1024 * 1024, 16 * 1024 * 1024 + 1])('is one of more than 16 MiB: %d bytes', async (length) => {
    const block = Buffer.alloc(1024 * 1024, 'x');
    async function* chunks(): AsyncGenerator<Buffer> {
      yield await Promise.resolve(Buffer.from('one\n'));
      for (let left = length; left > 0; left -= block.length) yield block.subarray(0, left);
    }
    const read = async () => {
      let last = '';
      for await (const lines of decodeLines(chunks(), { name: 'list.txt' })) last = lines.at(-1) ?? '';
      return last.length;
    };
    if (length === 16 * 1024 * 1024) expect(await read()).toBe(length);
    else await expect(read()).rejects.toMatchObject({ message: 'list.txt:2: the line is longer than 16 MiB' });
  });

  test.each([3, 5, 100])('ends the reading, and is named, in chunks of %d bytes', async (size) => {
    const lines: string[] = [];
    await expect(decode(Buffer.from('12345678\n\n123456789'), size, lines, { maxLineBytes: 8 })).rejects.toThrow(
      'list.txt:3: the line is longer than 8 bytes',
    );
    expect(lines).toEqual(['12345678', '']);
  });

  test('is not one of 8 bytes, however many lines there are', async () => {
    expect(await decode(Buffer.from('12345678\n'.repeat(20)), 4, [], { maxLineBytes: 8 })).toHaveLength(20);
  });
});

test('a failure of the source itself is passed on as it is', async () => {
  const failure = new TypeError('the source broke');
  async function* broken(): AsyncGenerator<Buffer> {
    yield await Promise.resolve(Buffer.from('abc\n'));
    throw failure;
  }
  await expect(async () => {
    for await (const lines of decodeLines(broken(), { name: 'list.txt' })) expect(lines).toEqual(['abc']);
  }).rejects.toBe(failure);
});
