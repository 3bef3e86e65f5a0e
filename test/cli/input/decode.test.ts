import { describe, expect, test } from 'vitest';
import { decodeLines } from '../../../src/cli/input/decode.ts';

async function* inChunks(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}

/** The lines of these bytes, in chunks of a size. What is read before an error goes into `lines`. */
async function decode(bytes: Buffer, size: number, lines: string[] = [], maxLineBytes?: number): Promise<string[]> {
  const options = maxLineBytes === undefined ? {} : { maxLineBytes };
  for await (const block of decodeLines(inChunks(bytes, size), 'list.txt', options)) lines.push(...block);
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
    const error = { code: 'input', message: `list.txt:${line}: not UTF-8 text (UTF-16 needs a byte order mark)` };
    for (const size of SIZES) await expect(decode(bytes, size)).rejects.toMatchObject(error);
  });

  test('does not keep the lines before it from being read', async () => {
    const lines: string[] = [];
    await expect(decode(Buffer.concat([Buffer.from('one\ntwo\n'), Buffer.from([0xff, 0x0a])]), 4, lines)).rejects.toThrow(':3:');
    expect(lines).toEqual(['one', 'two']);
  });
});

test.each([
  ['half a character at its end', utf16le('ab').subarray(0, -1)],
  ['half a surrogate pair', utf16be('a\uD83E b')],
])('UTF-16 with %s is refused', async (_what, bytes) => {
  await expect(decode(bytes, 1000)).rejects.toMatchObject({ code: 'input', message: 'list.txt: not valid UTF-16 text' });
});

describe('a line that is too long', () => {
  test.each([3, 5, 100])('ends the reading, and is named, in chunks of %d bytes', async (size) => {
    const lines: string[] = [];
    await expect(decode(Buffer.from('12345678\n\n123456789'), size, lines, 8)).rejects.toThrow(
      'list.txt:3: the line is longer than 8 bytes',
    );
    expect(lines).toEqual(['12345678', '']);
  });

  test('is not one of 8 bytes, however many lines there are', async () => {
    expect(await decode(Buffer.from('12345678\n'.repeat(20)), 4, [], 8)).toHaveLength(20);
  });
});

test('a failure of the source itself is passed on as it is', async () => {
  const failure = new TypeError('the source broke');
  async function* broken(): AsyncGenerator<Buffer> {
    yield await Promise.resolve(Buffer.from('abc\n'));
    throw failure;
  }
  await expect(async () => {
    for await (const lines of decodeLines(broken(), 'list.txt')) expect(lines).toEqual(['abc']);
  }).rejects.toBe(failure);
});
