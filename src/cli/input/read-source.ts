import { setTimeout as delay } from 'node:timers/promises';
import { toAmount } from '../../core/amount.ts';
import { CctError } from '../../core/errors.ts';
import type { Finding } from '../../core/observable.ts';
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
  /** For messages: the file's name, or `stdin`. */
  readonly name: string;
  readonly chunks: AsyncIterable<Buffer>;
}

export interface ReadOptions extends FormatOptions {
  readonly format: InputFormat | 'auto';
  /** What `TextDecoder` takes; undefined detects it. */
  readonly encoding: string | undefined;
  /** Keep the records themselves. Input that has none then is an error. Default false. */
  readonly keepsRecords?: boolean;
  /** Counts what has a place; default: it is not counted. */
  readonly counter?: SeenCounter | undefined;
}

/** Findings that were read together. */
export interface Batch {
  readonly findings: readonly Finding[];
  /** Whether they come from records or mail, whose values may be private. */
  readonly isPrivate: boolean;
  /** The records that are read, with `keepsRecords`; not all of their findings may be in `findings` of the same batch. */
  readonly records: readonly InputRecord[];
}

const MAX_DOCUMENT_BYTES = 64 * 1024 * 1024;
const SPLIT_LINE = ': break it, for example with fold -s';

/**
 * Reads one source by its content, or as the format that was named; returns whether it holds anything but white space. Throws `input`,
 * naming file and place, if the source cannot be read, but only after all batches before that place.
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
      `${name}: --join is for logs, csv and text, one record a line; this is ${title}. Leave --join out`,
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
    // The parts of a message name their own encodings, except UTF-16, in which no message is sent.
    const encoding = options.encoding?.startsWith('utf-16') === true ? options.encoding : undefined;
    await reader.read(toUtf8(chunks, { name, encoding }), reading);
  }
  yield { findings: collected.takeFindings(), isPrivate: described.isPrivate, records: [] };
  report.detail(`${name}: ${described.title}, ${toAmount(collected.count(), described.unit)}`);
}

/** All of it; if the format throws, after a batch of what came before. */
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

/** The same chunks. Throws `input` above 64 MiB, with the way to split the document that its head suggests. */
async function* limitDocument(chunks: AsyncIterable<Buffer>, name: string, head: string): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > MAX_DOCUMENT_BYTES) {
      // Most runs do not need it.
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
// A line of JSON cannot be judged before its end.
const MAX_HEAD_LINE_BYTES = 16 * 1024 * 1024;
// Longer than a program takes between two writes, shorter than a person notices.
const PAUSE_MS = 50;
const LINE_FEED = 0x0a;
const BRACE = 0x7b;

/**
 * The bytes that decide, and all of them: 64 KiB, or what had arrived when a pipe paused after its first line that is not blank, or the whole
 * first line of JSON.
 */
async function takeHead(chunks: AsyncGenerator<Buffer>): Promise<{ bytes: Buffer; all: AsyncIterable<Buffer> }> {
  const taken: Buffer[] = [];
  let size = 0;
  const firstLine = new FirstLine();
  // Of a pipe that paused.
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

/** Undefined if a pipe delivers nothing for a moment. */
async function orPause<Value>(next: Promise<Value>): Promise<Value | undefined> {
  const timer = new AbortController();
  try {
    return await Promise.race([next, delay(PAUSE_MS, undefined, { signal: timer.signal })]);
  } finally {
    timer.abort();
  }
}

// What blank lines are made of, byte order marks and the zeros of UTF-16 included.
const BLANKS = new Set([0x00, 0x09, LINE_FEED, 0x0d, 0x20, 0xef, 0xbb, 0xbf, 0xfe, 0xff]);

/** The first line that is not blank, of bytes that come in pieces. */
class FirstLine {
  private first: number | undefined;
  /** Where the next line begins, once that is known. */
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
  // The last one may be cut.
  if (lines.length > 1) lines.pop();
  return { name, text, lines };
}
