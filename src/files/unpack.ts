import { Readable } from 'node:stream';
import { CctError, systemCodeOf } from '../core/errors.ts';
import { toShellWord } from '../core/shell-word.ts';

/** A kind of content that is not text, and the command that converts it to text. */
interface Binary {
  readonly title: string;
  /** `FILE` stands for the file's name. */
  readonly command: string;
  /** Whether the command decompresses gzip itself. */
  readonly readsGzip?: boolean;
  readonly isOf: (head: Buffer) => boolean;
}

const startsWith = (magic: string, encoding: 'hex' | 'latin1' = 'hex') => {
  const bytes = Buffer.from(magic, encoding);
  return (head: Buffer) => head.subarray(0, bytes.length).equals(bytes);
};
const hasAt = (at: number, text: string) => (head: Buffer) => head.toString('latin1', at, at + text.length) === text;
const isAnyOf =
  (...tests: readonly ((head: Buffer) => boolean)[]) =>
  (head: Buffer) =>
    tests.some((test) => test(head));

const STRINGS = 'strings -a FILE';
const PACKETS = 'tshark -r FILE -T fields -e ip.dst -e dns.qry.name -e http.request.full_uri';

// Magic bytes that contain a line feed.
const PCAPNG = '0a0d0d0a';
const PNG = '89504e470d0a1a0a';

const BINARIES: readonly Binary[] = [
  { title: 'a PDF', command: 'pdftotext FILE -', isOf: startsWith('%PDF-', 'latin1') },
  {
    title: 'a ZIP archive or Office document',
    command: 'unzip -p FILE',
    isOf: isAnyOf(startsWith('504b0304'), startsWith('504b0506')),
  },
  { title: 'zstd', command: 'zstd -dc FILE', isOf: startsWith('28b52ffd') },
  { title: 'xz', command: 'xz -dc FILE', isOf: startsWith('fd377a585a00') },
  { title: 'bzip2', command: 'bzip2 -dc FILE', isOf: (head) => /^BZh[1-9]1AY&SY/.test(head.toString('latin1', 0, 10)) },
  { title: 'lz4', command: 'lz4 -dc FILE', isOf: startsWith('04224d18') },
  { title: '7z', command: '7z e -so FILE', isOf: startsWith('377abcaf271c') },
  { title: 'RAR', command: 'unrar p -inul FILE', isOf: startsWith('526172211a07') },
  { title: 'a tar archive', command: 'tar -xOf FILE', readsGzip: true, isOf: hasAt(257, 'ustar') },
  { title: 'an old Office document or Outlook message', command: STRINGS, isOf: startsWith('d0cf11e0a1b11ae1') },
  { title: 'a Windows program', command: STRINGS, isOf: (head) => hasAt(0, 'MZ')(head) && head.includes(0) },
  { title: 'an ELF program', command: STRINGS, isOf: startsWith('7f454c46') },
  {
    title: 'a Mach-O program',
    command: STRINGS,
    isOf: isAnyOf(...['feedface', 'feedfacf', 'cefaedfe', 'cffaedfe', 'cafebabe'].map((magic) => startsWith(magic))),
  },
  {
    title: 'a packet capture',
    command: PACKETS,
    readsGzip: true,
    isOf: isAnyOf(...['a1b2c3d4', 'd4c3b2a1', 'a1b23c4d', '4d3cb2a1', PCAPNG].map((magic) => startsWith(magic))),
  },
  { title: 'a Windows event log', command: 'evtx_dump -o jsonl FILE', isOf: startsWith('ElfFile\0', 'latin1') },
  { title: 'an SQLite database', command: 'sqlite3 FILE .dump', isOf: startsWith('SQLite format 3\0', 'latin1') },
  {
    title: 'an image',
    command: 'tesseract FILE -',
    isOf: isAnyOf(
      ...[PNG, 'ffd8ff', '474946383761', '474946383961', '49492a00', '4d4d002a'].map((magic) => startsWith(magic)),
      hasAt(8, 'WEBP'),
      (head) => hasAt(0, 'BM')(head) && head.includes(0),
    ),
  },
];

/** The number of bytes that determine the kind of content. */
const HEAD_BYTES = 512;
const LINE_FEED = 0x0a;

/** Whether bytes begin like a gzip file. */
export const isGzip = startsWith('1f8b');

/**
 * Yields the chunks of an input, decompressing gzip. Rejects with `input` for other compressions and for content that is not text, suggesting
 * a command, and for a truncated gzip file.
 */
export async function* unpack(chunks: AsyncIterable<Buffer>, name: string): AsyncGenerator<Buffer> {
  const { head, all } = await takeHead(chunks);
  if (!isGzip(head)) {
    refuseBinary(head, name, false);
    yield* all;
    return;
  }
  const unpacked = await takeHead(gunzip(all, name));
  refuseBinary(unpacked.head, name, true);
  if (isGzip(unpacked.head)) throw toRefusal(name, { title: 'gzip in gzip', command: 'gzip -dc FILE | gzip -dc' });
  yield* unpacked.all;
}

/** The error for an unknown kind of input with NUL bytes. */
export function toBinaryError(name: string): CctError {
  return toRefusal(name, { title: 'binary content (NUL bytes)', command: STRINGS });
}

function refuseBinary(head: Buffer, name: string, isCompressed: boolean): void {
  const binary = BINARIES.find(({ isOf }) => isOf(head));
  if (!binary) return;
  const { title, command, readsGzip = false } = binary;
  throw toRefusal(name, { title, command: isCompressed && !readsGzip ? decompressFirst(command) : command });
}

/** The command for a gzip file, through a file: some programs cannot read a pipe. */
const decompressFirst = (command: string) => `gzip -dc FILE > unpacked && ${command.replace('FILE', 'unpacked')}`;

function toRefusal(name: string, { title, command }: Pick<Binary, 'title' | 'command'>): CctError {
  return new CctError(
    'input',
    `${name}: ${title} cannot be read directly. Try: ${command.replace('FILE', () => toFile(name))} | cct observe -`,
  );
}

function toFile(name: string): string {
  if (name === 'stdin') return 'FILE';
  // A leading dash would make it an option.
  return toShellWord(name.startsWith('-') ? `./${name}` : name);
}

async function* gunzip(chunks: AsyncIterable<Buffer>, name: string): AsyncGenerator<Buffer> {
  // Loaded only here: most input is not compressed.
  const { createGunzip } = await import('node:zlib');
  const source = Readable.from(chunks);
  const decompressed = source.pipe(createGunzip());
  source.on('error', (error) => decompressed.destroy(error));
  try {
    for await (const chunk of decompressed) yield chunk as Buffer;
  } catch (thrown) {
    if (systemCodeOf(thrown)?.startsWith('Z_') !== true) throw thrown;
    throw new CctError(
      'input',
      `${name}: the gzip file is damaged or truncated. Copy it again, or read what is left: gzip -dc ${toFile(name)} | cct observe -`,
      { cause: thrown },
    );
  } finally {
    source.destroy();
  }
}

/** Whether the first bytes suffice. A whole line does, so that a slow pipe is not delayed. */
function isDecisive(head: Buffer): boolean {
  if (isGzip(head) || head.length >= HEAD_BYTES) return true;
  const isMagic = head.length > 0 && [PCAPNG, PNG].some((magic) => magic.startsWith(head.toString('hex', 0, 8)));
  // The magic of a tar archive follows the first file name.
  return head.includes(LINE_FEED) && !isMagic;
}

/** Reads the first bytes of an input; `all` still yields everything. */
async function takeHead(chunks: AsyncIterable<Buffer>): Promise<{ head: Buffer; all: AsyncIterable<Buffer> }> {
  const iterator = chunks[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  while (!isDecisive(head)) {
    const next = await iterator.next();
    if (next.done === true) break;
    head = Buffer.concat([head, next.value]);
  }
  async function* all(): AsyncGenerator<Buffer> {
    if (head.length > 0) yield head;
    yield* { [Symbol.asyncIterator]: () => iterator };
  }
  return { head, all: all() };
}
