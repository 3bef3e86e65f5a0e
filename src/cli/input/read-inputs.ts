import { createReadStream, fstat } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { CctError, toCctError } from '../../core/errors.ts';
import type { Observable } from '../../core/observable.ts';
import { toFileReason } from '../../files/file-reasons.ts';
import type { MaybeTerminal } from '../io.ts';
import type { ReadOptions } from './read-source.ts';
import { openSource } from './read-source.ts';
import { refang } from '../../text/refang.ts';

export interface InputsOptions extends ReadOptions {
  /** Paths, and `-` for stdin, in the order given. */
  readonly files: readonly string[];
  /** What `--ip` and `--url` gave, in the order given, not yet refanged. */
  readonly given: readonly Observable[];
  readonly stdin: MaybeTerminal<Readable>;
  readonly signal: AbortSignal;
  /** Told of a source that held nothing to ask about. */
  readonly onNothing: (name: string) => void;
  /** A regular file of at most so many bytes is checked whole before anything is asked. Default 64 MiB. */
  readonly maxCheckedBytes?: number;
}

type Batch = readonly Observable[];

/** Everything that is to be asked about: files in order, then flags. */
export interface Inputs {
  /** How many observables there are, repeated ones included; undefined where a stream is among the inputs. */
  readonly total: number | undefined;
  /** What was read and checked and was not given by `batches` yet. */
  checked(): Iterable<Batch>;
  /**
   * All of it, in order, each batch as soon as it is there; to be read once. Throws `input`, naming file and place, where a stream is
   * wrong, after all batches before that, and the signal's reason when that aborts.
   */
  batches(): AsyncGenerator<Batch>;
  /** Lets go of a stream that is still open: one that nobody ends would keep the program from ending. */
  close(): void;
}

/** One input: what it holds, or undefined where it is a stream. */
interface Source {
  readonly name: string;
  readonly checked: Batch[] | undefined;
}

const MAX_CHECKED_BYTES = 64 * 1024 * 1024;

/** Opens all inputs, and reads those that are checked whole. Rejects with `usage` or `input`, naming what is wrong. */
export async function openInputs(wishes: InputsOptions): Promise<Inputs> {
  const closing = new AbortController();
  const options = { ...wishes, signal: AbortSignal.any([wishes.signal, closing.signal]) };
  const sources: Source[] = [];
  for (const name of toNames(options)) {
    const isStream = await isStreamed(name, options);
    sources.push({ name, checked: isStream ? undefined : await collect(readNamed(name, options)) });
  }
  sources.push({ name: 'flags', checked: [wishes.given.map(({ type, value }) => ({ type, value: refang(value) }))] });
  const lengths = sources.map(({ checked }) => checked?.reduce((sum, batch) => sum + batch.length, 0) ?? NaN);
  const total = lengths.reduce((sum, length) => sum + length, 0);
  return {
    total: Number.isNaN(total) ? undefined : total,
    *checked() {
      for (const { checked = [] } of sources) yield* checked;
    },
    async *batches() {
      // Let go of at once: the whole input may be large.
      for (let source = sources.shift(); source; source = sources.shift()) {
        if (!source.checked) yield* readNamed(source.name, options);
        else for (let batch = source.checked.shift(); batch; batch = source.checked.shift()) yield batch;
      }
    },
    close: () => closing.abort(new CctError('interrupted', 'The input is not needed any more')),
  };
}

function toNames({ files, given, stdin }: InputsOptions): readonly string[] {
  const names = files.length === 0 && given.length === 0 ? ['-'] : files;
  if (names.indexOf('-') !== names.lastIndexOf('-')) throw new CctError('usage', 'stdin can be read only once: give - once');
  if (!names.includes('-') || stdin.isTTY !== true) return names;
  throw new CctError(
    'usage',
    'no input. Usage: cct observe FILE, cct observe --ip 192.0.2.1, or pipe observables in. More: cct observe --help',
  );
}

/** Whether an input may be endless, or is too long to be checked first. What cannot be looked at is told when it is read. */
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

async function* readNamed(path: string, options: InputsOptions): AsyncGenerator<Batch> {
  const isStdin = path === '-';
  const name = isStdin ? 'stdin' : path;
  const stream = isStdin ? options.stdin : createReadStream(path);
  let isNothing = true;
  try {
    const { isEmpty, batches } = await openSource({ name, chunks: guardChunks(stream, name, options.signal) }, options);
    if (isEmpty && !isStdin) throw new CctError('input', `${name}: the file is empty`);
    for await (const batch of batches) {
      isNothing &&= batch.length === 0;
      yield batch;
    }
  } finally {
    // After an error there may be more to come: a pipe that stays open would keep the program from ending.
    stream.destroy();
  }
  if (isNothing) options.onNothing(name);
}

async function* guardChunks(stream: Readable, name: string, signal: AbortSignal): AsyncGenerator<Buffer> {
  const stop = () => stream.destroy(toCctError(signal.reason));
  signal.addEventListener('abort', stop, { once: true });
  try {
    if (signal.aborted) throw toCctError(signal.reason);
    for await (const chunk of stream) yield chunk as Buffer;
  } catch (thrown) {
    if (thrown instanceof CctError) throw thrown;
    throw new CctError('input', `cannot read ${name}: ${toFileReason(thrown)}`, { cause: thrown });
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
