import { isUtf8 } from 'node:buffer';
import { CctError } from '../../core/errors.ts';

const LINE_FEED = 0x0a;
// More than any JSON that is read, which may stand on one line; what has no line breaks at all must not fill the memory.
const MAX_LINE_BYTES = 96 * 1024 * 1024;

/**
 * Bytes to text, in blocks: UTF-8 with or without byte order mark, UTF-16 with one. Throws `input`, naming the line, at the first
 * byte that is neither: a guess would silently ask about something else. Throws it too at a line of more than `maxLineBytes` (96 MiB).
 */
export async function* decodeText(
  chunks: AsyncIterable<Buffer>,
  name: string,
  { maxLineBytes = MAX_LINE_BYTES }: { readonly maxLineBytes?: number } = {},
): AsyncGenerator<string> {
  const [head, rest] = await takeHead(chunks);
  if (head.length >= 2 && head[0] === 0xff && head[1] === 0xfe) yield* decodeUtf16(rest, 'utf-16le', name);
  else if (head.length >= 2 && head[0] === 0xfe && head[1] === 0xff) yield* decodeUtf16(rest, 'utf-16be', name);
  else yield* decodeUtf8(rest, name, maxLineBytes);
}

/** The first bytes, and all bytes: a byte order mark may come in pieces. */
async function takeHead(chunks: AsyncIterable<Buffer>): Promise<[Buffer, AsyncIterable<Buffer>]> {
  const iterator = chunks[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  while (head.length < 3) {
    const next = await iterator.next();
    if (next.done === true) break;
    head = Buffer.concat([head, next.value]);
  }
  async function* all(): AsyncGenerator<Buffer> {
    yield head;
    yield* { [Symbol.asyncIterator]: () => iterator };
  }
  return [head, all()];
}

async function* decodeUtf16(
  chunks: AsyncIterable<Buffer>,
  encoding: 'utf-16le' | 'utf-16be',
  name: string,
): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  try {
    for await (const chunk of chunks) yield decoder.decode(chunk, { stream: true });
    yield decoder.decode();
  } catch (thrown) {
    if (thrown instanceof TypeError) throw new CctError('input', `${name}: not valid UTF-16 text`, { cause: thrown });
    throw thrown;
  }
}

/** Decodes whole lines, so that a bad byte can be placed: a line feed never is part of another UTF-8 character. */
async function* decodeUtf8(chunks: AsyncIterable<Buffer>, name: string, maxLineBytes: number): AsyncGenerator<string> {
  let held: Buffer[] = [];
  let linesBefore = 0;
  const decodeHeld = (): string => {
    const bytes = Buffer.concat(held);
    held = [];
    if (!isUtf8(bytes))
      throw new CctError(
        'input',
        `${name}:${linesBefore + firstBadLine(bytes)}: not UTF-8 text (UTF-16 needs a byte order mark)`,
      );
    const text = bytes.toString('utf8');
    const isStart = linesBefore === 0;
    linesBefore += countLineFeeds(bytes);
    return isStart ? text.replace(/^\uFEFF/, '') : text;
  };
  let heldBytes = 0;
  for await (const chunk of chunks) {
    const end = chunk.lastIndexOf(LINE_FEED) + 1;
    held.push(chunk.subarray(0, end));
    if (end > 0) yield decodeHeld();
    held.push(chunk.subarray(end));
    heldBytes = (end > 0 ? 0 : heldBytes) + chunk.length - end;
    if (heldBytes <= maxLineBytes) continue;
    throw new CctError('input', `${name}:${linesBefore + 1}: the line is longer than ${maxLineBytes} bytes`);
  }
  yield decodeHeld();
}

function firstBadLine(bytes: Buffer): number {
  let line = 1;
  for (let start = 0; start < bytes.length; line += 1) {
    const feed = bytes.indexOf(LINE_FEED, start);
    const end = feed === -1 ? bytes.length : feed + 1;
    if (!isUtf8(bytes.subarray(start, end))) return line;
    start = end;
  }
  return line;
}

function countLineFeeds(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(LINE_FEED); at !== -1; at = bytes.indexOf(LINE_FEED, at + 1)) count += 1;
  return count;
}
