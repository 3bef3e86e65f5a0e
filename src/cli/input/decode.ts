import { isUtf8 } from 'node:buffer';
import { TextDecoder } from 'node:util';
import { CctError } from '../../core/errors.ts';

const LINE_FEED = 0x0a;
// More than any JSON that is read, which may stand on one line; input without line breaks must not fill the memory.
const MAX_LINE_BYTES = 96 * 1024 * 1024;

/**
 * The lines of a text without their LF, as many at a time as each chunk completes: UTF-8, or UTF-16 with a byte order mark. Throws `input`,
 * naming the line, for other bytes and for a line of more than `maxLineBytes` (96 MiB).
 */
export async function* decodeLines(
  chunks: AsyncIterable<Buffer>,
  name: string,
  { maxLineBytes = MAX_LINE_BYTES }: { readonly maxLineBytes?: number } = {},
): AsyncGenerator<string[]> {
  let held: Buffer[] = [];
  let heldBytes = 0;
  let number = 1;
  for await (const chunk of toUtf8(chunks, name)) {
    const end = chunk.lastIndexOf(LINE_FEED) + 1;
    if (end > 0) {
      const lines = toLines(Buffer.concat([...held, chunk.subarray(0, end)]), name, number);
      yield lines;
      number += lines.length;
      held = [];
      heldBytes = 0;
    }
    held.push(chunk.subarray(end));
    heldBytes += chunk.length - end;
    if (heldBytes <= maxLineBytes) continue;
    throw new CctError('input', `${name}:${number}: the line is longer than ${maxLineBytes} bytes`);
  }
  if (heldBytes > 0) yield toLines(Buffer.concat(held), name, number);
}

function toLines(bytes: Buffer, name: string, firstNumber: number): string[] {
  const isText = isUtf8(bytes);
  const lines: string[] = [];
  for (let start = 0; start < bytes.length;) {
    const feed = bytes.indexOf(LINE_FEED, start);
    const end = feed === -1 ? bytes.length : feed;
    if (!isText && !isUtf8(bytes.subarray(start, end))) {
      throw new CctError('input', `${name}:${firstNumber + lines.length}: not UTF-8 text (UTF-16 needs a byte order mark)`);
    }
    // Each by itself: a part of a text keeps the whole in memory.
    lines.push(bytes.toString('utf8', start, end));
    start = end + 1;
  }
  if (firstNumber === 1 && lines[0]?.startsWith('\uFEFF')) lines[0] = lines[0].slice(1);
  return lines;
}

/** UTF-16 with a byte order mark as UTF-8, other bytes as they are. */
async function* toUtf8(chunks: AsyncIterable<Buffer>, name: string): AsyncGenerator<Buffer> {
  let decoder: TextDecoder | undefined;
  let isFirst = true;
  for await (const chunk of joinHead(chunks)) {
    if (isFirst) decoder = openUtf16Decoder(chunk);
    isFirst = false;
    yield decoder ? decodeUtf16(decoder, name, chunk) : chunk;
  }
  if (decoder) yield decodeUtf16(decoder, name);
}

/** The same bytes, the first three in one chunk: a byte order mark may come in pieces. */
async function* joinHead(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let head: Buffer | undefined = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const joined: Buffer = head ? Buffer.concat([head, chunk]) : chunk;
    head = head && joined.length < 3 ? joined : undefined;
    if (!head) yield joined;
  }
  if (head) yield head;
}

function openUtf16Decoder(head: Buffer): TextDecoder | undefined {
  if (head[0] === 0xff && head[1] === 0xfe) return new TextDecoder('utf-16le', { fatal: true });
  return head[0] === 0xfe && head[1] === 0xff ? new TextDecoder('utf-16be', { fatal: true }) : undefined;
}

function decodeUtf16(decoder: TextDecoder, name: string, chunk?: Buffer): Buffer {
  try {
    return Buffer.from(decoder.decode(chunk, { stream: chunk !== undefined }));
  } catch (thrown) {
    throw new CctError('input', `${name}: not valid UTF-16 text`, { cause: thrown });
  }
}
