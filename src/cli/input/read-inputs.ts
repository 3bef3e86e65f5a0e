import { createReadStream, fstat } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { addAbortSignal } from 'node:stream';
import { promisify } from 'node:util';
import { CctError, toCctError } from '../../core/errors.ts';
import type { Observable } from '../../core/observable.ts';
import { toFileReason } from '../../files/file-reasons.ts';
import { refang } from '../../text/refang.ts';
import type { MaybeTerminal } from '../io.ts';
import type { ReadOptions } from './read-source.ts';
import { openSource } from './read-source.ts';

export interface InputsOptions extends ReadOptions {
  /** Paths, and `-` for stdin, in the order given. */
  readonly files: readonly string[];
  /** The values of `--ip` and `--url`, in the order given, not yet refanged. */
  readonly given: readonly Observable[];
  readonly stdin: MaybeTerminal<Readable>;
  readonly signal: AbortSignal;
  /** Called for a source without observables. */
  readonly onNothing: (name: string) => void;
  /** A regular file of at most so many bytes is checked whole before any lookup. Default 64 MiB. */
  readonly maxCheckedBytes?: number;
}

type Batch = readonly Observable[];

/** All observables of a run: files in order, then flags. */
export interface Inputs {
  /** The number of observables, repeated ones included; undefined where a stream is among the inputs. */
  readonly total: number | undefined;
  /** The batches of checked files and flags that `batches` has not yielded yet. */
  checked(): Iterable<Batch>;
  /**
   * All of it, in order, each batch as soon as it is read; to be read once. Throws `input`, naming file and place, where a stream is
   * wrong, after all batches before that, and the signal's reason when that aborts.
   */
  batches(): AsyncGenerator<Batch>;
  /** Closes a stream that is still open: a pipe would keep the program from ending. */
  close(): void;
}

const MAX_CHECKED_BYTES = 64 * 1024 * 1024;

/** Opens all inputs, and reads those that are checked whole. Rejects with `usage` or `input`, naming what is wrong. */
export async function openInputs(options: InputsOptions): Promise<Inputs> {
  let stream: Readable | undefined;
  const read = (path: string) => {
    stream = path === '-' ? options.stdin : createReadStream(path);
    return readNamed(stream, path === '-' ? 'stdin' : path, options);
  };
  // `checked` is undefined for a stream.
  const sources: { readonly path: string; readonly checked: Batch[] | undefined }[] = [];
  for (const path of toPaths(options)) {
    sources.push({ path, checked: (await isStreamed(path, options)) ? undefined : await collect(read(path)) });
  }
  sources.push({ path: 'flags', checked: [options.given.map(({ type, value }) => ({ type, value: refang(value) }))] });
  const lengths = sources.map(({ checked }) => checked?.reduce((sum, batch) => sum + batch.length, 0) ?? NaN);
  const total = lengths.reduce((sum, length) => sum + length, 0);
  return {
    total: Number.isNaN(total) ? undefined : total,
    *checked() {
      for (const { checked = [] } of sources) yield* checked;
    },
    async *batches() {
      // Removed at once: the whole input may be large.
      for (let source = sources.shift(); source; source = sources.shift()) {
        if (!source.checked) yield* read(source.path);
        else for (let batch = source.checked.shift(); batch; batch = source.checked.shift()) yield batch;
      }
    },
    close: () => void stream?.destroy(),
  };
}

function toPaths({ files, given, stdin }: InputsOptions): readonly string[] {
  const paths = files.length === 0 && given.length === 0 ? ['-'] : files;
  if (paths.indexOf('-') !== paths.lastIndexOf('-')) throw new CctError('usage', 'stdin can be read only once: give - once');
  if (!paths.includes('-') || stdin.isTTY !== true) return paths;
  throw new CctError(
    'usage',
    'no input. Usage: cct observe FILE, cct observe --ip 192.0.2.1, or pipe observables in. More: cct observe --help',
  );
}

/** Whether an input may be endless, or is too long to be checked first. One that cannot be examined fails when it is read. */
async function isStreamed(path: string, { stdin, maxCheckedBytes = MAX_CHECKED_BYTES }: InputsOptions): Promise<boolean> {
  const fd = 'fd' in stdin && typeof stdin.fd === 'number' ? stdin.fd : undefined;
  if (path === '-' && fd === undefined) return true;
  try {
    const found = await (path === '-' && fd !== undefined ? promisify(fstat)(fd) : stat(path));
    return !found.isDirectory() && (!found.isFile() || found.size > maxCheckedBytes);
  } catch {
    return false;
  }
}

async function collect(batches: AsyncIterable<Batch>): Promise<Batch[]> {
  const all: Batch[] = [];
  for await (const batch of batches) all.push(batch);
  return all;
}

async function* readNamed(stream: Readable, name: string, options: InputsOptions): AsyncGenerator<Batch> {
  let isNothing = true;
  try {
    const { isEmpty, batches } = await openSource({ name, chunks: readChunks(stream, name, options.signal) }, options);
    if (isEmpty && stream !== options.stdin) throw new CctError('input', `${name}: the file is empty`);
    for await (const batch of batches) {
      isNothing &&= batch.length === 0;
      yield batch;
    }
  } finally {
    // After an error there may be more to come: an open pipe would keep the program from ending.
    stream.destroy();
  }
  if (isNothing) options.onNothing(name);
}

async function* readChunks(stream: Readable, name: string, signal: AbortSignal): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of addAbortSignal(signal, stream)) yield chunk as Buffer;
  } catch (thrown) {
    if (signal.aborted) throw toCctError(signal.reason);
    throw new CctError('input', `cannot read ${name}: ${toFileReason(thrown)}`, { cause: thrown });
  }
}
