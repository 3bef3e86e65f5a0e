import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { toBinaryError, unpack } from '../../src/files/unpack.ts';

async function* inChunks(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}

/** All bytes of an input, in chunks of a size. */
async function unpackAll(bytes: Buffer, size: number, name = 'in.bin'): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const chunk of unpack(inChunks(bytes, size), name)) all.push(chunk);
  return Buffer.concat(all);
}

const SIZES = [1, 2, 3, 7, 511, 1 << 20];
const TEXT = Buffer.from('192.0.2.1\nhttp://panel.example/\n'.repeat(60));

describe('in chunks of any size', () => {
  test.each<[what: string, bytes: Buffer, text: Buffer]>([
    ['text is unchanged', TEXT, TEXT],
    ['gzip is decompressed', gzipSync(TEXT), TEXT],
    ['an empty gzip file is empty', gzipSync(''), Buffer.alloc(0)],
    ['a gzip file of one byte', gzipSync('x'), Buffer.from('x')],
    ['gzip files behind one another are one', Buffer.concat([gzipSync('one\n'), gzipSync('two\n')]), Buffer.from('one\ntwo\n')],
    ['gzip with zeros behind it is padded', Buffer.concat([gzipSync('one\n'), Buffer.alloc(600)]), Buffer.from('one\n')],
    ['UTF-16 is unchanged', Buffer.from('\uFEFF192.0.2.1\n', 'utf16le'), Buffer.from('\uFEFF192.0.2.1\n', 'utf16le')],
    ['nothing', Buffer.alloc(0), Buffer.alloc(0)],
    ...['x', '\n', '\0', 'M', 'MZ', 'BM', 'PK', '%PD', '\x1f', 'ab\n', '\n\n\n'].map((text): [string, Buffer, Buffer] => {
      const bytes = Buffer.from(text, 'latin1');
      return [`${JSON.stringify(text)} is short, and unchanged`, bytes, bytes];
    }),
  ])('%s', async (_what, bytes, text) => {
    for (const size of SIZES) expect((await unpackAll(bytes, size)).toString('latin1')).toBe(text.toString('latin1'));
  });
});

describe('a pipe that trickles is not held back', () => {
  test.each(['a\n', '192.0.2.1\n', '192.0.2.1\r\n198.51', 'x'.repeat(600)])('%j is passed on before more comes', async (text) => {
    async function* endless(): AsyncGenerator<Buffer> {
      yield await Promise.resolve(Buffer.from(text));
      throw new Error('asked for more');
    }
    const first = await unpack(endless(), 'stdin').next();
    expect(first.done === true ? '' : first.value.toString()).toBe(text);
  });

  test('what was compressed and flushed comes before the end', async () => {
    async function* endless(): AsyncGenerator<Buffer> {
      yield await Promise.resolve(gzipSync(TEXT).subarray(0, -8));
      await new Promise(() => undefined);
    }
    const first = await unpack(endless(), 'stdin').next();
    expect(first.done === true ? '' : first.value.toString()).toBe(TEXT.toString());
  });
});

test('a cut gzip file is refused after what could be read, wherever it is cut', async () => {
  const bytes = gzipSync(TEXT);
  for (const length of [2, 5, 10, 18, bytes.length - 8, bytes.length - 1]) {
    const read: Buffer[] = [];
    const reading = async () => {
      for await (const chunk of unpack(inChunks(bytes.subarray(0, length), 7), 'a.gz')) read.push(chunk);
    };
    await expect(reading()).rejects.toMatchObject({
      code: 'input',
      message: 'a.gz: the gzip file is damaged or truncated. Copy it again, or read what is left: gzip -dc a.gz | cct observe -',
    });
    expect(TEXT.subarray(0, Buffer.concat(read).length)).toEqual(Buffer.concat(read));
  }
});

test('a damaged gzip file is refused', async () => {
  const bytes = gzipSync(TEXT);
  bytes.writeUInt32LE(0, bytes.length - 8);
  await expect(unpackAll(bytes, 7, 'a.gz')).rejects.toMatchObject({
    message: 'a.gz: the gzip file is damaged or truncated. Copy it again, or read what is left: gzip -dc a.gz | cct observe -',
  });
  expect(() => gunzipSync(bytes)).toThrow();
});

test('a failure of the source itself is passed on as it is, compressed or not', async () => {
  const failure = new TypeError('the source broke');
  for (const bytes of [TEXT, gzipSync(TEXT).subarray(0, 20)]) {
    async function* broken(): AsyncGenerator<Buffer> {
      yield await Promise.resolve(bytes);
      throw failure;
    }
    const reading = async () => {
      for await (const chunk of unpack(broken(), 'a')) expect(chunk.length).toBeGreaterThan(0);
    };
    await expect(reading()).rejects.toBe(failure);
  }
});

const tar = () => {
  const bytes = Buffer.alloc(1024);
  bytes.write('panel.txt');
  bytes.write('ustar', 257);
  return bytes;
};
const padded = (magic: string | Buffer) => Buffer.concat([Buffer.from(magic), Buffer.alloc(600)]);
const hex = (digits: string) => padded(Buffer.from(digits, 'hex'));
const STRINGS = 'strings -a FILE';
const PACKETS = 'tshark -r FILE -T fields -e ip.dst -e dns.qry.name -e http.request.full_uri';

const KINDS: readonly [title: string, command: string, bytes: Buffer][] = [
  ['a PDF', 'pdftotext FILE -', Buffer.from('%PDF-1.7\n%x')],
  ['a ZIP archive or Office document', 'unzip -p FILE', hex('504b030414')],
  ['a ZIP archive or Office document', 'unzip -p FILE', Buffer.concat([Buffer.from('504b0506', 'hex'), Buffer.alloc(18)])],
  ['zstd', 'zstd -dc FILE', hex('28b52ffd')],
  ['xz', 'xz -dc FILE', hex('fd377a585a00')],
  ['bzip2', 'bzip2 -dc FILE', padded('BZh91AY&SY')],
  ['lz4', 'lz4 -dc FILE', hex('04224d18')],
  ['7z', '7z e -so FILE', hex('377abcaf271c')],
  ['RAR', 'unrar p -inul FILE', hex('526172211a0701')],
  ['a tar archive', 'tar -xOf FILE', tar()],
  ['an old Office document or Outlook message', STRINGS, hex('d0cf11e0a1b11ae1')],
  ['a Windows program', STRINGS, padded('MZ')],
  ['an ELF program', STRINGS, hex('7f454c46')],
  ...['feedface', 'feedfacf', 'cefaedfe', 'cffaedfe', 'cafebabe'].map((magic): [string, string, Buffer] => [
    'a Mach-O program',
    STRINGS,
    hex(magic),
  ]),
  ...['a1b2c3d4', 'd4c3b2a1', 'a1b23c4d', '4d3cb2a1', '0a0d0d0a'].map((magic): [string, string, Buffer] => [
    'a packet capture',
    PACKETS,
    hex(magic),
  ]),
  ['a Windows event log', 'evtx_dump -o jsonl FILE', padded('ElfFile\0')],
  ['an SQLite database', 'sqlite3 FILE .dump', padded('SQLite format 3\0')],
  ...['89504e470d0a1a0a', 'ffd8ffe0', '474946383761', '474946383961', '49492a00', '4d4d002a'].map(
    (magic): [string, string, Buffer] => ['an image', 'tesseract FILE -', hex(magic)],
  ),
  ['an image', 'tesseract FILE -', padded('RIFF\x01\x01\x01\x01WEBPVP8 ')],
  ['an image', 'tesseract FILE -', padded('BM6')],
];

describe('content that is not read is refused with a command:', () => {
  test.each(KINDS)('%s, %s', async (title, command, bytes) => {
    const error = { code: 'input', message: `stdin: ${title} cannot be read directly. Try: ${command} | cct observe -` };
    for (const size of SIZES) {
      await expect(unpackAll(bytes, size, 'stdin')).rejects.toMatchObject(error);
      await expect(unpackAll(gzipSync(bytes), size, 'stdin')).rejects.toThrow(title);
    }
  });

  test.each([
    ['a PDF', 'gzip -dc a.gz > unpacked && pdftotext unpacked -', Buffer.from('%PDF-1.7\n%x')],
    ['a tar archive', 'tar -xOf a.gz', tar()],
    ['a packet capture', PACKETS.replace('FILE', 'a.gz'), hex('d4c3b2a1')],
  ])('%s in gzip, %s', async (title, command, bytes) => {
    const message = `a.gz: ${title} cannot be read directly. Try: ${command} | cct observe -`;
    for (const size of SIZES)
      await expect(unpackAll(gzipSync(bytes), size, 'a.gz')).rejects.toMatchObject({ code: 'input', message });
  });

  test('gzip in gzip', async () => {
    const message = 'a.gz: gzip in gzip cannot be read directly. Try: gzip -dc a.gz | gzip -dc | cct observe -';
    for (const size of SIZES) {
      await expect(unpackAll(gzipSync(gzipSync(TEXT)), size, 'a.gz')).rejects.toMatchObject({ code: 'input', message });
    }
  });
});

test.each([
  'MZ is the name of a format\n',
  'BM is a drug store\n',
  'BZh is no archive\n',
  'Rar! is a cry\n',
  'RIFF and WEBP are words\n',
  'PK\n',
  '%PDF\n',
  'a text with ustar in it\n',
  'GIF is a format\n',
  'II* of a list\n',
])('a text is read, though it begins with %j', async (text) => {
  for (const size of SIZES) expect((await unpackAll(Buffer.from(text), size)).toString()).toBe(text);
});

describe('the command has the name of the file, as a shell needs it:', () => {
  test.each([
    ['a.pdf', 'a.pdf'],
    ['in/a-b_c.1.pdf', 'in/a-b_c.1.pdf'],
    ['my report.pdf', "'my report.pdf'"],
    ["it's.pdf", String.raw`'it'\''s.pdf'`],
    ['a"$HOME`x`.pdf', "'a\"$HOME`x`.pdf'"],
    ['$&.pdf', "'$&.pdf'"],
    ['bücher.pdf', "'bücher.pdf'"],
    ['-x.pdf', './-x.pdf'],
    ['stdin', 'FILE'],
  ])('%s', async (name, shown) => {
    const message = `${name}: a PDF cannot be read directly. Try: pdftotext ${shown} - | cct observe -`;
    await expect(unpackAll(Buffer.from('%PDF-1.7'), 100, name)).rejects.toMatchObject({ message });
  });

  test('where the content is of no known kind, too', () => {
    expect(toBinaryError('my dump').message).toBe(
      "my dump: binary content (NUL bytes) cannot be read directly. Try: strings -a 'my dump' | cct observe -",
    );
  });
});
