import { setTimeout as delay } from 'node:timers/promises';
import { toAmount } from '../../core/amount.ts';
import { CctError } from '../../core/errors.ts';
import type { Finding } from '../../core/observables/observable.ts';
import { decodeLines, decodeSample, toUtf8 } from '../../files/decode-lines.ts';
import { toBinaryError, unpack } from '../../files/unpack.ts';
import type { FormatOptions, Head, LineFormat } from '../../records/format.ts';
import type { InputFormat } from '../../core/input-formats.ts';
import type { Reader } from '../../records/formats.ts';
import { chooseReader } from '../../records/formats.ts';
import { createCollector } from './collector.ts';
import type { Collector, ReadingReport } from './collector.ts';
import type { InputRecord } from './record-queue.ts';
import type { SeenCounter } from './seen-counter.ts';

export interface InputSource {
  /** The file's name or `stdin`, for messages. */
  readonly name: string;
  readonly chunks: AsyncIterable<Buffer>;
}

export interface ReadOptions extends FormatOptions {
  readonly format: InputFormat | 'auto';
  /** A label of `TextDecoder`; undefined detects the encoding. */
  readonly encoding: string | undefined;
  /** Whether to keep the records themselves. Input without records is then an error. Default false. */
  readonly keepsRecords?: boolean;
  /** Counts findings with a place. Default: they are not counted. */
  readonly counter?: SeenCounter | undefined;
}

/** Findings that were read together. */
export interface Batch {
  readonly findings: readonly Finding[];
  /** Whether they come from records or mail, whose values may be private. */
  readonly isPrivate: boolean;
  /** With `keepsRecords`, the complete records. Some of their findings may be in other batches. */
  readonly records: readonly InputRecord[];
}

const MAX_DOCUMENT_BYTES = 64 * 1024 * 1024;
const SPLIT_LINE = ': break it, for example with fold -s';

/**
 * Reads a source in the named format, or detects its format by content. Returns whether it contains anything but white space. If it cannot
 * be read, throws `input`, with file and place, after all batches before that place.
 */
export async function* readSource(
  { name, chunks }: InputSource,
  options: ReadOptions,
  report: ReadingReport,
): AsyncGenerator<Batch, boolean> {
  const { bytes, all } = await takeHead(unpack(chunks, name));
  const head = toHead(name, decodeSample(bytes, options.encoding));
  if (!head) return false;
  if (head.text.includes('\0')) throw toBinaryError(name);
  const reader = await chooseReader(head, options, options.format);
  yield* read(reader, { name, chunks: all, head: head.text }, options, report);
  return true;
}

async function* read(
  reader: Reader,
  { name, chunks, head }: InputSource & { readonly head: string },
  options: ReadOptions,
  report: ReadingReport,
): AsyncGenerator<Batch> {
  const { keepsRecords = false } = options;
  if (keepsRecords && (reader.input !== 'lines' || reader.format.isTyped === true)) {
    const title = reader.input === 'document' ? 'one document' : reader.title;
    throw new CctError(
      'input',
      `${name}: --join is for logs, csv and text, with one record per line; this is ${title}. Leave --join out`,
    );
  }
  const collected = createCollector(name, report, options);
  const { reading } = collected;
  const onOtherEncoding = (line: number) =>
    report.note(`${name}:${line}: not UTF-8; such lines are read as windows-1252. Use --encoding NAME for another encoding`);
  const decoding = {
    name,
    encoding: options.encoding,
    // Breaking a line would break its JSON.
    adviceOnLongLine: reader.input !== 'bytes' && reader.isUtf8 ? '' : SPLIT_LINE,
    onOtherEncoding: reader.input !== 'bytes' && reader.isUtf8 ? undefined : onOtherEncoding,
  };
  let described: { readonly title: string; readonly unit: string; readonly isPrivate: boolean };
  if (reader.input === 'lines') {
    described = { title: reader.title, unit: reader.format.unit, isPrivate: reader.format.isPrivate };
    yield* readLines(reader.format, decodeLines(chunks, decoding), { collected, options });
  } else if (reader.input === 'document') {
    described = await reader.read(
      await collect(
        decodeLines(limitDocument(chunks, name, reader.isUtf8 ? head : ''), { ...decoding, maxLineBytes: MAX_DOCUMENT_BYTES }),
      ),
      reading,
    );
  } else {
    described = reader;
    // The parts of a mail name their own encodings. UTF-16 is the exception: no mail is sent in it.
    const encoding = options.encoding?.startsWith('utf-16') === true ? options.encoding : undefined;
    await reader.read(toUtf8(chunks, { name, encoding }), reading);
  }
  yield { findings: collected.takeFindings(), isPrivate: described.isPrivate, records: [] };
  report.detail(`${name}: ${described.title}, ${toAmount(collected.count(), described.unit)}`);
}

/** Reads all lines. If the format throws, first yields the findings before that. */
async function* readLines(
  format: LineFormat,
  blocks: AsyncIterable<readonly string[]>,
  { collected, options }: { readonly collected: Collector; readonly options: ReadOptions },
): AsyncGenerator<Batch> {
  const take = (isEnd: boolean): Batch => ({
    findings: collected.takeFindings(),
    isPrivate: format.isPrivate,
    records: collected.records?.take({ isEnd }) ?? [],
  });
  const lineReader = format.open(collected.reading, options);
  let number = 1;
  try {
    for await (const lines of blocks) {
      collected.records?.push(lines);
      lineReader.read(lines, number);
      number += lines.length;
      yield take(false);
    }
    lineReader.end?.();
  } catch (thrown) {
    yield take(false);
    throw thrown;
  }
  yield take(true);
}

/** Passes on the chunks. Above 64 MiB, throws `input` with advice, based on `head`, on how to split the document. */
async function* limitDocument(chunks: AsyncIterable<Buffer>, name: string, head: string): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > MAX_DOCUMENT_BYTES) {
      // Most runs do not need this.
      const { toSplitAdvice } = await import('../../records/way-out.ts');
      throw new CctError('input', `${name}: documents may have at most 64 MiB: ${await toSplitAdvice(head)}`);
    }
    yield chunk;
  }
}

async function collect(blocks: AsyncIterable<readonly string[]>): Promise<string> {
  const pieces: string[] = [];
  for await (const lines of blocks) pieces.push(lines.join('\n'));
  return pieces.join('\n');
}

const HEAD_BYTES = 64 * 1024;
// A line of JSON cannot be recognised before its end.
const MAX_HEAD_LINE_BYTES = 16 * 1024 * 1024;
// Longer than a program takes between two writes, shorter than a person notices.
const PAUSE_MS = 50;
const LINE_FEED = 0x0a;
const BRACE = 0x7b;

/**
 * Takes the bytes that determine the format: 64 KiB, or the bytes that arrived before a pipe paused after its first non-blank line, or the
 * whole first line of JSON. `all` still yields everything.
 */
async function takeHead(chunks: AsyncGenerator<Buffer>): Promise<{ bytes: Buffer; all: AsyncIterable<Buffer> }> {
  const taken: Buffer[] = [];
  let size = 0;
  const firstLine = new FirstLine();
  // The next chunk of a pipe that paused.
  let pending: Promise<IteratorResult<Buffer, void>> | undefined;
  while (size < (firstLine.isOpenJson ? MAX_HEAD_LINE_BYTES : HEAD_BYTES)) {
    pending = chunks.next();
    const arrived = await (firstLine.end === undefined ? pending : orPause(pending));
    if (arrived === undefined) break;
    pending = undefined;
    if (arrived.done === true) break;
    firstLine.add(arrived.value, size);
    taken.push(arrived.value);
    size += arrived.value.length;
  }
  async function* all(): AsyncGenerator<Buffer> {
    yield* taken;
    const arrived = await pending;
    if (arrived && arrived.done !== true) yield arrived.value;
    yield* chunks;
  }
  return { bytes: Buffer.concat(taken).subarray(0, Math.max(HEAD_BYTES, firstLine.end ?? 0)), all: all() };
}

/** Resolves to undefined if a pipe delivers nothing for `PAUSE_MS`. */
async function orPause<Value>(next: Promise<Value>): Promise<Value | undefined> {
  const timer = new AbortController();
  try {
    return await Promise.race([next, delay(PAUSE_MS, undefined, { signal: timer.signal })]);
  } finally {
    timer.abort();
  }
}

// The bytes of blank lines, including byte order marks and the zeros of UTF-16.
const BLANKS = new Set([0x00, 0x09, LINE_FEED, 0x0d, 0x20, 0xef, 0xbb, 0xbf, 0xfe, 0xff]);

/** Finds the first non-blank line in bytes that arrive in pieces. */
class FirstLine {
  private first: number | undefined;
  /** The start of the next line, once known. */
  end: number | undefined;

  add(bytes: Buffer, offset: number): void {
    if (this.end !== undefined) return;
    const start = this.first === undefined ? bytes.findIndex((byte) => !BLANKS.has(byte)) : 0;
    if (start === -1) return;
    this.first ??= bytes[start];
    const feed = bytes.indexOf(LINE_FEED, start);
    if (feed !== -1) this.end = offset + feed + 1;
  }

  get isOpenJson(): boolean {
    return this.first === BRACE && this.end === undefined;
  }
}

function toHead(name: string, sample: string): Head | undefined {
  const text = sample.replace(/^\uFEFF/, '').trimStart();
  if (text === '') return undefined;
  const lines = text.split(/\r?\n/);
  // The last line may be incomplete.
  if (lines.length > 1) lines.pop();
  return { name, text, lines };
}
