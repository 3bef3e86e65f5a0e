import { isAscii, isUtf8 } from 'node:buffer';
import { TextDecoder } from 'node:util';
import { CctError } from '../core/errors.ts';
import { decodeWindows1252 } from '../core/windows-1252.ts';

const LINE_FEED = 0x0a;
const MEBIBYTE = 1024 * 1024;

export interface DecodeOptions {
  /** The file's name or `stdin`, for messages. */
  readonly name: string;
  /** A label of `TextDecoder`. Default: UTF-16 if recognised by byte order mark or zeros, else UTF-8. */
  readonly encoding?: string | undefined;
  /** Called for the first line that is not UTF-8; all such lines are read as windows-1252. Default: an error. */
  readonly onOtherEncoding?: ((line: number) => void) | undefined;
  /** Default 16 MiB. */
  readonly maxLineBytes?: number;
  /** Appended to the error about a longer line. */
  readonly adviceOnLongLine?: string;
}

/**
 * Yields the lines of a text without LF, in batches of the lines that each chunk completes. Throws `input` with the line number for a line
 * that is too long, and for bytes that are invalid in the encoding.
 */
export async function* decodeLines(chunks: AsyncIterable<Buffer>, options: DecodeOptions): AsyncGenerator<string[]> {
  const { name, maxLineBytes = 16 * MEBIBYTE, adviceOnLongLine = '' } = options;
  const toText = createLineDecoder(options);
  let held: Buffer[] = [];
  let heldBytes = 0;
  let number = 1;
  for await (const chunk of toUtf8(chunks, options)) {
    const end = chunk.lastIndexOf(LINE_FEED) + 1;
    if (end > 0) {
      const whole = chunk.subarray(0, end);
      const lines = toLines(held.length === 0 ? whole : Buffer.concat([...held, whole]), number, toText);
      yield lines;
      number += lines.length;
      held = [];
      heldBytes = 0;
    }
    held.push(chunk.subarray(end));
    heldBytes += chunk.length - end;
    if (heldBytes > maxLineBytes)
      throw new CctError('input', `${name}:${number}: the line is longer than ${toSize(maxLineBytes)}${adviceOnLongLine}`);
  }
  if (heldBytes > 0) yield toLines(Buffer.concat(held), number, toText);
}

/** Decodes the beginning of a text for inspection. Invalid bytes become `U+FFFD`. */
export function decodeSample(bytes: Buffer, encoding: string | undefined): string {
  return new TextDecoder(encoding ?? toUtf16(bytes) ?? 'utf-8').decode(bytes, { stream: true });
}

function toSize(bytes: number): string {
  return bytes % MEBIBYTE === 0 ? `${bytes / MEBIBYTE} MiB` : `${bytes} bytes`;
}

/** Decodes one line. */
type LineDecoder = (line: Buffer, number: number) => string;

function createLineDecoder({ name, onOtherEncoding }: DecodeOptions): LineDecoder {
  let isNoted = false;
  return (line, number) => {
    if (isUtf8(line)) return line.toString('utf8');
    if (!onOtherEncoding)
      throw new CctError('input', `${name}:${number}: not UTF-8 text. Use --encoding NAME, for example windows-1252`);
    if (!isNoted) onOtherEncoding(number);
    isNoted = true;
    return decodeWindows1252(line);
  };
}

function toLines(bytes: Buffer, firstNumber: number, toText: LineDecoder): string[] {
  // Latin-1 decodes fastest.
  const encoding = isAscii(bytes) ? 'latin1' : isUtf8(bytes) ? 'utf8' : undefined;
  const lines: string[] = [];
  for (let start = 0; start < bytes.length;) {
    const feed = bytes.indexOf(LINE_FEED, start);
    const end = feed === -1 ? bytes.length : feed;
    // Decode each line separately: a substring would keep the whole text in memory.
    lines.push(encoding ? bytes.toString(encoding, start, end) : toText(bytes.subarray(start, end), firstNumber + lines.length));
    start = end + 1;
  }
  if (firstNumber === 1 && lines[0]?.startsWith('\uFEFF')) lines[0] = lines[0].slice(1);
  return lines;
}

/** Converts text to UTF-8 from `encoding`, by default from UTF-16 if recognised as in `decodeLines`; passes on other bytes unchanged. */
export async function* toUtf8(
  chunks: AsyncIterable<Buffer>,
  { name, encoding }: Pick<DecodeOptions, 'name' | 'encoding'>,
): AsyncGenerator<Buffer> {
  let decoder = encoding === undefined ? undefined : openDecoder(encoding);
  let isFirst = encoding === undefined;
  for await (const chunk of isFirst ? joinHead(chunks) : chunks) {
    if (isFirst) decoder = openUtf16Decoder(chunk);
    isFirst = false;
    yield decoder ? decode(decoder, name, chunk) : chunk;
  }
  if (decoder) yield decode(decoder, name);
}

/** Throws a `RangeError` for an unknown name. */
function openDecoder(encoding: string): TextDecoder | undefined {
  const decoder = new TextDecoder(encoding, { fatal: true });
  return decoder.encoding === 'utf-8' ? undefined : decoder;
}

// Enough to recognise UTF-16 by its zeros.
const SAMPLE_BYTES = 64;

/** Joins the first chunks into one, because a byte order mark may arrive in pieces. */
async function* joinHead(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let head: Buffer | undefined = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const joined: Buffer = head ? Buffer.concat([head, chunk]) : chunk;
    head = head && mayBeUtf16(joined) ? joined : undefined;
    if (!head) yield joined;
  }
  if (head) yield head;
}

/** Whether the beginning is too short to rule out UTF-16. */
function mayBeUtf16(head: Buffer): boolean {
  return (
    (head.length < 3 && !/^[\n\x20-\x7e]{2}/.test(head.toString('latin1'))) || (head.length < SAMPLE_BYTES && head.includes(0))
  );
}

function openUtf16Decoder(head: Buffer): TextDecoder | undefined {
  const encoding = toUtf16(head);
  return encoding && new TextDecoder(encoding, { fatal: true });
}

/** Recognises UTF-16 by the byte order mark, or by the zeros of Latin characters. */
function toUtf16(head: Buffer): 'utf-16le' | 'utf-16be' | undefined {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  const sample = head.subarray(0, Math.min(SAMPLE_BYTES, head.length - (head.length % 2)));
  if (sample.length < 4) return undefined;
  const zeros = [0, 0];
  for (const [at, byte] of sample.entries()) if (byte === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  // Latin text has a zero in nearly every pair.
  const isMost = (count: number) => count > (sample.length / 2) * 0.6;
  if (even === 0 && isMost(odd)) return 'utf-16le';
  return odd === 0 && isMost(even) ? 'utf-16be' : undefined;
}

function decode(decoder: TextDecoder, name: string, chunk?: Buffer): Buffer {
  try {
    return Buffer.from(decoder.decode(chunk, { stream: chunk !== undefined }));
  } catch (thrown) {
    throw new CctError('input', `${name}: not valid ${decoder.encoding.toUpperCase()} text`, { cause: thrown });
  }
}
