import { describe, expect, test } from 'vitest';
import { decodeText } from '../../../src/cli/input/decode.ts';

async function* inChunks(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}

async function decode(bytes: Buffer, size = bytes.length + 1): Promise<string> {
  let text = '';
  for await (const block of decodeText(inChunks(bytes, size), 'list.txt')) text += block;
  return text;
}

/** The same text decoded whole, and from pieces of 1, 2, 3 and 5 bytes. */
function decodeAllWays(bytes: Buffer): Promise<string[]> {
  return Promise.all([bytes.length + 1, 1, 2, 3, 5].map((size) => decode(bytes, size)));
}

const TEXT = 'bücher.example\r\n例え.example/🦠\n';
const five = (text: string): string[] => [text, text, text, text, text];

const utf16le = (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le');
const utf16be = (text: string) => utf16le(text).swap16();

describe('a line that is too long', () => {
  const read = async (text: string, size: number) => {
    const blocks: string[] = [];
    const decoding = decodeText(inChunks(Buffer.from(text), size), 'stdin', { maxLineBytes: 8 });
    try {
      for await (const block of decoding) blocks.push(block);
    } catch (thrown) {
      return [blocks.join(''), thrown instanceof Error ? thrown.message : 'no error'];
    }
    return blocks.join('');
  };

  test.each([3, 5, 100])('ends the reading, and is named, in pieces of %d bytes', async (size) => {
    const [before, message] = await read('12345678\n\n123456789', size);
    expect(message).toBe('stdin:3: the line is longer than 8 bytes');
    expect('12345678\n\n'.startsWith(before ?? '-')).toBe(true);
  });

  test('is not one of so many bytes, however many lines there are', async () => {
    expect(await read('12345678\n'.repeat(20), 4)).toBe('12345678\n'.repeat(20));
  });
});

describe('what is read', () => {
  test('is UTF-8, in whatever pieces it comes', async () => {
    expect(await decodeAllWays(Buffer.from(TEXT))).toEqual(five(TEXT));
  });

  test('is UTF-8 with a byte order mark, which is no part of the text', async () => {
    expect(await decodeAllWays(Buffer.from(`\uFEFF${TEXT}`))).toEqual(five(TEXT));
  });

  test('is UTF-16 of the little end with a byte order mark', async () => {
    expect(await decodeAllWays(utf16le(TEXT))).toEqual(five(TEXT));
  });

  test('is UTF-16 of the big end with a byte order mark', async () => {
    expect(await decodeAllWays(utf16be(TEXT))).toEqual(five(TEXT));
  });

  test('may be nothing', async () => {
    expect(await decode(Buffer.alloc(0))).toBe('');
  });

  test('may be a byte order mark alone', async () => {
    expect(await Promise.all([Buffer.from('\uFEFF'), utf16le(''), utf16be('')].map((bytes) => decode(bytes)))).toEqual([
      '',
      '',
      '',
    ]);
  });

  test('keeps a byte order mark that is not at the start', async () => {
    expect(await decodeAllWays(Buffer.from('a\n\uFEFFb'))).toEqual(five('a\n\uFEFFb'));
  });

  test('keeps NUL bytes, for others to judge', async () => {
    expect(await decode(Buffer.from('a\0b'))).toBe('a\0b');
  });

  test('need not end in a line break', async () => {
    expect(await decodeAllWays(Buffer.from('a\nb'))).toEqual(five('a\nb'));
  });
});

describe('a byte that is not UTF-8', () => {
  const complaint = (line: number) => ({
    code: 'input',
    message: `list.txt:${line}: not UTF-8 text (UTF-16 needs a byte order mark)`,
  });

  test('is named by its line', async () => {
    const bytes = Buffer.concat([Buffer.from('one\ntwo\nthr'), Buffer.from([0xff]), Buffer.from('ee\nfour\n')]);
    await expect(decode(bytes)).rejects.toMatchObject(complaint(3));
  });

  test('is named by its line when the lines before came in other pieces', async () => {
    const bytes = Buffer.concat([Buffer.from('one\ntwo\nthr'), Buffer.from([0xff]), Buffer.from('ee\nfour\n')]);
    await expect(decode(bytes, 2)).rejects.toMatchObject(complaint(3));
    await expect(decode(bytes, 9)).rejects.toMatchObject(complaint(3));
  });

  test('may be the end of a character that was cut off', async () => {
    await expect(decode(Buffer.from('one\n🦠').subarray(0, -1), 3)).rejects.toMatchObject(complaint(2));
  });

  test('may be Latin-1', async () => {
    await expect(decode(Buffer.from('bücher.example\n', 'latin1'))).rejects.toMatchObject(complaint(1));
  });

  test('may be one half of a surrogate pair, written as if it were a character', async () => {
    await expect(decode(Buffer.from([0xed, 0xa0, 0x80, 0x0a]))).rejects.toMatchObject(complaint(1));
  });

  test('does not keep the lines before it from being read', async () => {
    const blocks: string[] = [];
    const bytes = Buffer.concat([Buffer.from('one\ntwo\n'), Buffer.from([0xff, 0x0a])]);
    const reading = async () => {
      for await (const block of decodeText(inChunks(bytes, 4), 'list.txt')) blocks.push(block);
    };
    await expect(reading()).rejects.toMatchObject(complaint(3));
    expect(blocks).toEqual(['one\n', 'two\n']);
  });
});

describe('UTF-16 that is broken', () => {
  const complaint = { code: 'input', message: 'list.txt: not valid UTF-16 text' };

  test('by half a character at its end is refused', async () => {
    await expect(decode(utf16le('ab').subarray(0, -1))).rejects.toMatchObject(complaint);
  });

  test('by half a surrogate pair is refused', async () => {
    await expect(decode(utf16be('a\uD83E b'))).rejects.toMatchObject(complaint);
  });
});

test('a failure of the source itself is passed on as it is', async () => {
  const failure = new TypeError('the source broke');
  async function* broken(): AsyncGenerator<Buffer> {
    yield await Promise.resolve(Buffer.from('abc\n'));
    throw failure;
  }
  const reading = async () => {
    for await (const block of decodeText(broken(), 'list.txt')) expect(block).toBe('abc\n');
  };
  await expect(reading()).rejects.toBe(failure);
});
