import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { CctError, toCctError } from '../../core/errors.ts';
import type { Observable } from '../../core/observable.ts';
import type { MaybeTerminal } from '../io.ts';
import type { Reading, ReadOptions } from './read-source.ts';
import { readSource } from './read-source.ts';
import { refang } from './refang.ts';

export interface InputsOptions extends ReadOptions {
  /** Paths, and `-` for stdin, in the order given. */
  readonly files: readonly string[];
  /** What `--ip` and `--url` gave, in the order given, not yet refanged. */
  readonly given: readonly Observable[];
  readonly stdin: MaybeTerminal<Readable>;
  readonly signal: AbortSignal;
  /** Told of a source that held nothing to ask about. */
  readonly onNothing: (name: string) => void;
}

/** Everything that is to be asked about: files in order, then flags. All of it is checked before any of it is returned. */
export async function readInputs(options: InputsOptions): Promise<Observable[]> {
  const { files, given, stdin } = options;
  const names = files.length === 0 && given.length === 0 ? ['-'] : files;
  if (names.indexOf('-') !== names.lastIndexOf('-')) throw new CctError('usage', 'stdin can be read only once: name - once');
  if (names.includes('-') && stdin.isTTY === true) {
    throw new CctError(
      'usage',
      'nothing to read. Usage: cct observe FILE, or cct observe --ip 192.0.2.1, or pipe observables in. More: cct observe --help',
    );
  }
  const observables: Observable[] = [];
  for (const name of names) {
    const reading = await readNamed(name, options);
    if (reading.isEmpty && name !== '-') throw new CctError('input', `${name}: the file is empty`);
    if (reading.observables.length === 0) options.onNothing(name === '-' ? 'stdin' : name);
    for (const observable of reading.observables) observables.push(observable);
  }
  for (const { type, value } of given) observables.push({ type, value: refang(value) });
  return observables;
}

async function readNamed(path: string, options: InputsOptions): Promise<Reading> {
  const [name, stream] = path === '-' ? (['stdin', options.stdin] as const) : ([path, createReadStream(path)] as const);
  try {
    return await readSource({ name, chunks: guardChunks(stream, name, options.signal) }, options);
  } finally {
    // After an error there may be more to come: a pipe that stays open would keep the program from ending.
    stream.destroy();
  }
}

const READABLE_REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EISDIR: 'it is a directory, not a file',
  EACCES: 'permission denied',
};

async function* guardChunks(stream: Readable, name: string, signal: AbortSignal): AsyncGenerator<Buffer> {
  const stop = () => stream.destroy(toCctError(signal.reason));
  signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const chunk of stream) yield Buffer.from(chunk as Uint8Array);
  } catch (thrown) {
    if (thrown instanceof CctError) throw thrown;
    const { code, message } = thrown as NodeJS.ErrnoException;
    throw new CctError('input', `${name} cannot be read: ${READABLE_REASONS[code ?? ''] ?? message}`, { cause: thrown });
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
