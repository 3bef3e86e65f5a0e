import { setImmediate as nextTurn } from 'node:timers/promises';
import { CctError } from '../../core/errors.ts';
import { createDistinct } from '../../core/observables/distinct.ts';
import type { Observable, Seen } from '../../core/observables/observable.ts';
import { toCanonical } from '../../core/observables/observable.ts';
import type { ReadingReport } from './collector.ts';
import type { Examined, ExamineOptions } from './examine.ts';
import { examine } from './examine.ts';
import type { Batch } from './read-source.ts';
import { SeenCounter } from './seen-counter.ts';
import type { SourceReaderOptions } from './source-reader.ts';
import { SourceReader } from './source-reader.ts';

/** The path of a file or directory, `-` for stdin; or observables, refanged. */
export type GivenSource = { readonly path: string } | { readonly values: readonly Observable[] };

export interface InputsOptions extends Omit<SourceReaderOptions, 'counter' | 'onBytes'>, ExamineOptions {
  /** Files and values in the order of the command line; stdin if there are none. */
  readonly given: readonly GivenSource[];
  /** Whether to count occurrences in streams, too. Their counts are complete only at the end. Default false. */
  readonly countsStreams?: boolean;
}

/** All observables of a run, in the order of the command line. */
export interface Inputs {
  /** Whether any input is a stream. */
  readonly isStream: boolean;
  /** The number of distinct observables, before `batches` is called; undefined if any input is a stream. */
  countDistinct(): number | undefined;
  /** How much of the inputs was read. */
  readonly progress: ReadProgress;
  /**
   * All observables, in order, each batch as soon as it is read. Can be read only once. If a stream is invalid, throws `input`, with file and
   * place, after all earlier batches. Throws the signal's reason on abort.
   */
  batches(): AsyncGenerator<Batch>;
  /** Finds the occurrences, so far, in records of an observable that arguments or typed input named first. */
  readonly findSeen: (observable: Observable) => Seen | undefined;
  /** The number of files in directories that could not be read. */
  unread(): number;
  /** Closes a stream that is still open: a pipe would keep the process alive. */
  close(): void;
}

/** Bytes of files and stdin, before decompression. */
export interface ReadProgress {
  readonly readBytes: number;
  /** Undefined if any input is a pipe or a directory. */
  readonly totalBytes: number | undefined;
}

/** Opens all inputs, and reads those that are checked whole. Rejects with `usage` or `input`. */
export async function openInputs(options: InputsOptions): Promise<Inputs> {
  const examined: (Examined & { readonly source: GivenSource })[] = [];
  for (const source of withStdin(options.given)) {
    examined.push({ source, ...('path' in source ? await examine(source.path, options) : ({ kind: 'checked' } as const)) });
  }
  const isWhole = examined.every(({ kind }) => kind === 'checked');
  const counter = isWhole || options.countsStreams === true ? new SeenCounter() : undefined;
  let readBytes = 0;
  const reader = new SourceReader({ ...options, counter, onBytes: (bytes) => (readBytes += bytes) });
  const waiting: Waiting[] = [];
  for (const { source, kind } of examined) {
    if ('values' in source) waiting.push([{ findings: source.values, isPrivate: false, records: [] }]);
    else if (kind === 'directory') waiting.push(() => reader.readDirectory(source.path));
    else if (kind === 'stream') waiting.push(() => reader.read(source.path));
    else if (isWhole || counter === undefined || source.path === '-') waiting.push(await collect(reader.read(source.path)));
    else {
      // Counting requires reading in order: a checked file next to a stream is read again.
      await collect(reader.read(source.path, { report: SILENT, counter: undefined, onBytes: () => undefined }));
      waiting.push(() => reader.read(source.path));
    }
  }
  return {
    isStream: !isWhole,
    countDistinct: () => (isWhole ? countDistinct(waiting.filter((each) => typeof each === 'object').flat()) : undefined),
    progress: {
      get readBytes() {
        return readBytes;
      },
      totalBytes: toTotal(examined.filter(({ source }) => 'path' in source)),
    },
    batches: () => readInOrder(waiting),
    findSeen: (observable) => counter?.find(observable),
    unread: () => reader.unread,
    close: () => reader.close(),
  };
}

/** Batches, or a function that reads them. */
type Waiting = Batch[] | (() => AsyncGenerator<Batch>);

const SILENT: ReadingReport = { note: () => undefined, detail: () => undefined, passOver: () => undefined };

async function* readInOrder(waiting: Waiting[]): AsyncGenerator<Batch> {
  // Release each input early: it may be large.
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    if (typeof next === 'function') yield* next();
    else {
      for (let batch = next.shift(); batch; batch = next.shift()) {
        yield batch;
        // Signals and timers need the event loop, which a run from memory would not reach before its end.
        await nextTurn();
      }
    }
  }
}

function toTotal(inputs: readonly Examined[]): number | undefined {
  let total = 0;
  for (const { bytes } of inputs) {
    if (bytes === undefined) return undefined;
    total += bytes;
  }
  return total;
}

function countDistinct(batches: readonly Batch[]): number {
  const distinct = createDistinct();
  let total = 0;
  for (const { findings } of batches) for (const found of findings) if (distinct.add(toCanonical(found))) total += 1;
  return total;
}

function withStdin(given: readonly GivenSource[]): readonly GivenSource[] {
  const sources = given.length === 0 ? [{ path: '-' }] : given;
  const count = sources.filter((source) => 'path' in source && source.path === '-').length;
  if (count > 1) throw new CctError('usage', 'stdin can be read only once: give - only once');
  return sources;
}

async function collect(batches: AsyncIterable<Batch>): Promise<Batch[]> {
  const all: Batch[] = [];
  for await (const batch of batches) all.push(batch);
  return all;
}
