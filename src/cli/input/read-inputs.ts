import { createReadStream, fstat } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { CctError, toCctError } from '../../core/errors.ts';
import { createDistinct } from '../../core/distinct.ts';
import type { Observable, Seen } from '../../core/observable.ts';
import { toCanonical } from '../../core/observable.ts';
import { readUntilAborted } from '../../files/abortable.ts';
import { toFileReason } from '../../files/file-reasons.ts';
import { isGzip } from '../../files/unpack.ts';
import type { LeftOut } from '../../files/walk.ts';
import { walkDirectory } from '../../files/walk.ts';
import type { MaybeTerminal } from '../io.ts';
import type { ReadingReport } from './collector.ts';
import type { Batch, ReadOptions } from './read-source.ts';
import { readSource } from './read-source.ts';
import { SeenCounter } from './seen-counter.ts';

/** The path of a file or directory, `-` for stdin; or observables, refanged. */
export type GivenSource = { readonly path: string } | { readonly values: readonly Observable[] };

export interface InputsOptions extends Omit<ReadOptions, 'counter'> {
  /** Files and values in the order of the command line; stdin where there are none. */
  readonly given: readonly GivenSource[];
  /** Called only where stdin is read: opening it takes time. */
  readonly openStdin: () => MaybeTerminal<Readable>;
  readonly signal: AbortSignal;
  readonly report: ReadingReport;
  /** A regular file of at most so many bytes is checked whole before any lookup. Default 64 MiB. */
  readonly maxCheckedBytes?: number;
  /** Count where each observable stands in streams too: the counts are complete at their end. Default false. */
  readonly countsStreams?: boolean;
}

/** All observables of a run, in the order of the command line. */
export interface Inputs {
  /** Whether a stream is among the inputs. */
  readonly isStream: boolean;
  /** How many distinct observables there are, before `batches` is called; undefined where a stream is among the inputs. */
  countDistinct(): number | undefined;
  /** How much of the streams was read. */
  readonly progress: ReadProgress;
  /**
   * All of it, in order, each batch as soon as it is read; to be read once. Throws `input`, naming file and place, where a stream is
   * wrong, after all batches before that, and the signal's reason when that aborts.
   */
  batches(): AsyncGenerator<Batch>;
  /** Where records named an observable that arguments or typed input named first, as far as they are read and counted. */
  readonly findSeen: (observable: Observable) => Seen | undefined;
  /** How many files of directories could not be read. */
  unread(): number;
  /** Closes a stream that is still open: a pipe would keep the program from ending. */
  close(): void;
}

/** Bytes of streams, compressed as they are. */
export interface ReadProgress {
  readonly readBytes: number;
  /** Undefined where a pipe or a directory is among the inputs. */
  readonly totalBytes: number | undefined;
}

const MAX_CHECKED_BYTES = 64 * 1024 * 1024;

type Kind = 'checked' | 'stream' | 'directory';

interface Examined {
  readonly kind: Kind;
  /** Undefined for what is no regular file. */
  readonly bytes?: number;
}

/** Opens all inputs, and reads those that are checked whole. Rejects with `usage` or `input`, naming what is wrong. */
export async function openInputs(options: InputsOptions): Promise<Inputs> {
  const { openStdin, report, countsStreams = false } = options;
  let stream: Readable | undefined;
  let unread = 0;
  const onBytes = (bytes: number) => {
    progress.readBytes += bytes;
  };
  const read = (path: string, changed: Partial<NamedOptions> = { counter }) => {
    const isStdin = path === '-';
    stream = isStdin ? openStdin() : createReadStream(path);
    return readNamed(stream, isStdin ? 'stdin' : path, { ...options, ...changed, onBytes, mayBeEmpty: isStdin });
  };
  const leaveOut = ({ leftOut, reason, isUnreadable }: LeftOut) => {
    if (isUnreadable) unread += 1;
    report.note(`${leftOut}: left out: ${reason}`);
  };
  const readAll = async function* (path: string): AsyncGenerator<Batch> {
    let isEmpty = true;
    for await (const found of walkDirectory(path)) {
      isEmpty = false;
      try {
        if ('path' in found) yield* read(found.path);
        else leaveOut(found);
      } catch (thrown) {
        const { code, message } = toCctError(thrown);
        if (code !== 'input') throw thrown;
        unread += 1;
        report.note(message);
      }
    }
    if (isEmpty) report.note(`${path}: no files found, hidden ones left out`);
  };
  const given = withStdin(options);
  const kinds = new Map<GivenSource, Examined>();
  for (const source of given) kinds.set(source, 'path' in source ? await examine(source.path, options) : { kind: 'checked' });
  const streams = [...kinds.values()].filter(({ kind }) => kind !== 'checked');
  const progress = {
    readBytes: 0,
    totalBytes: streams.reduce<number | undefined>(
      (sum, { bytes }) => (sum === undefined || bytes === undefined ? undefined : sum + bytes),
      0,
    ),
  };
  const isWhole = streams.length === 0;
  const counter = isWhole || countsStreams ? new SeenCounter() : undefined;
  const sources: { readonly path: string; readonly kind: Kind; readonly checked: Batch[] }[] = [];
  for (const source of given) {
    if ('values' in source) {
      sources.push({ path: '', kind: 'checked', checked: [{ findings: source.values, isPrivate: false, records: [] }] });
      continue;
    }
    const { path } = source;
    const { kind = 'checked' } = kinds.get(source) ?? {};
    // What is counted must be read in order: a file that is checked beside a stream is read again.
    const isReadAgain = kind === 'checked' && counter !== undefined && !isWhole && path !== '-';
    const checked = kind === 'checked' ? await collect(isReadAgain ? read(path, { report: SILENT }) : read(path)) : [];
    sources.push(isReadAgain ? { path, kind: 'stream', checked: [] } : { path, kind, checked });
  }
  const readInOrder = async function* (): AsyncGenerator<Batch> {
    // Removed at once: the whole input may be large.
    for (let source = sources.shift(); source; source = sources.shift()) {
      const { path, kind, checked } = source;
      if (kind === 'stream') yield* read(path);
      else if (kind === 'directory') yield* readAll(path);
      else for (let batch = checked.shift(); batch; batch = checked.shift()) yield batch;
    }
  };
  return {
    isStream: !isWhole,
    countDistinct: () => (isWhole ? countDistinct(sources.flatMap(({ checked }) => checked)) : undefined),
    progress,
    batches: readInOrder,
    findSeen: (observable) => counter?.find(observable),
    unread: () => unread,
    close: () => void stream?.destroy(),
  };
}

function countDistinct(batches: readonly Batch[]): number {
  const distinct = createDistinct();
  let total = 0;
  for (const { findings } of batches) for (const found of findings) if (distinct.add(toCanonical(found))) total += 1;
  return total;
}

function withStdin({ given }: InputsOptions): readonly GivenSource[] {
  const sources = given.length === 0 ? [{ path: '-' }] : given;
  const count = sources.filter((source) => 'path' in source && source.path === '-').length;
  if (count > 1) throw new CctError('usage', 'stdin can be read only once: name - once');
  return sources;
}

/** An input that may be endless, or is too long to be checked first, is a stream. One that cannot be examined fails when it is read. */
async function examine(path: string, { openStdin, maxCheckedBytes = MAX_CHECKED_BYTES }: InputsOptions): Promise<Examined> {
  const fd = path === '-' ? descriptorOf(openStdin()) : undefined;
  if (path === '-' && fd === undefined) return { kind: 'stream' };
  try {
    const found = await (fd === undefined ? stat(path) : promisify(fstat)(fd));
    if (found.isDirectory()) return { kind: path === '-' ? 'checked' : 'directory' };
    const isShort = found.isFile() && found.size <= maxCheckedBytes;
    const kind = isShort && !(path !== '-' && (await isGzipFile(path))) ? 'checked' : 'stream';
    return found.isFile() ? { kind, bytes: found.size } : { kind };
  } catch {
    return { kind: 'checked' };
  }
}

function descriptorOf(stream: Readable): number | undefined {
  return 'fd' in stream && typeof stream.fd === 'number' ? stream.fd : undefined;
}

/** A compressed file may be far longer than it seems. */
async function isGzipFile(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return isGzip(buffer.subarray(0, bytesRead));
  } finally {
    await file.close();
  }
}

async function collect(batches: AsyncIterable<Batch>): Promise<Batch[]> {
  const all: Batch[] = [];
  for await (const batch of batches) all.push(batch);
  return all;
}

interface NamedOptions extends InputsOptions, Pick<ReadOptions, 'counter'> {
  readonly onBytes: (bytes: number) => void;
  readonly mayBeEmpty: boolean;
}

const SILENT: ReadingReport = { note: () => undefined, detail: () => undefined, passOver: () => undefined };

async function* readNamed(stream: Readable, name: string, options: NamedOptions): AsyncGenerator<Batch> {
  let isNothing = true;
  let passedOver = 0;
  const { report } = options;
  const counting: ReadingReport = {
    ...report,
    passOver(reason, detail) {
      passedOver += 1;
      report.passOver(reason, detail);
    },
  };
  try {
    const batches = readSource({ name, chunks: readChunks(stream, name, options) }, options, counting);
    for (;;) {
      const next = await batches.next();
      if (next.done === true) {
        if (!next.value && !options.mayBeEmpty) throw new CctError('input', `${name}: the file is empty`);
        break;
      }
      isNothing &&= next.value.findings.length === 0;
      yield next.value;
    }
  } finally {
    // After an error there may be more to come: an open pipe would keep the program from ending.
    stream.destroy();
  }
  if (isNothing) report.note(`${name}: no observables found${passedOver > 0 ? '; list what was passed over with -v' : ''}`);
}

async function* readChunks(stream: Readable, name: string, { signal, onBytes }: NamedOptions): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of readUntilAborted(stream, signal)) {
      onBytes(chunk.length);
      yield chunk;
    }
  } catch (thrown) {
    if (signal.aborted) throw toCctError(signal.reason);
    throw new CctError('input', `cannot read ${name}: ${toFileReason(thrown)}`, { cause: thrown });
  }
}
