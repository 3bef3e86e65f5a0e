import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { CctError, toCctError } from '../../core/errors.ts';
import { readUntilAborted } from '../../files/abortable.ts';
import { toFileReason } from '../../files/file-reasons.ts';
import type { LeftOut } from '../../files/walk.ts';
import { walkDirectory } from '../../files/walk.ts';
import type { MaybeTerminal } from '../io.ts';
import type { ReadingReport } from './collector.ts';
import type { Batch, ReadOptions } from './read-source.ts';
import { readSource } from './read-source.ts';

export interface SourceReaderOptions extends ReadOptions {
  readonly openStdin: () => MaybeTerminal<Readable>;
  readonly signal: AbortSignal;
  readonly report: ReadingReport;
  /** Called with the number of bytes read, before decompression. */
  readonly onBytes: (bytes: number) => void;
}

/** Reads files, directories and stdin, one after another. */
export class SourceReader {
  /** The number of files in directories that could not be read. */
  unread = 0;
  private stream: Readable | undefined;
  private readonly options: SourceReaderOptions;

  constructor(options: SourceReaderOptions) {
    this.options = options;
  }

  /** Reads a file, or stdin for `-`. Throws `input` with file and place. */
  read(path: string, changed: Partial<SourceReaderOptions> = {}): AsyncGenerator<Batch> {
    const isStdin = path === '-';
    this.stream = isStdin ? this.options.openStdin() : createReadStream(path);
    return readNamed(this.stream, isStdin ? 'stdin' : path, { ...this.options, ...changed, mayBeEmpty: isStdin });
  }

  /** Reads the files of a directory. Notes those that cannot be read. */
  async *readDirectory(path: string): AsyncGenerator<Batch> {
    const { report } = this.options;
    let isEmpty = true;
    for await (const found of walkDirectory(path)) {
      isEmpty = false;
      try {
        if ('path' in found) yield* this.read(found.path);
        else this.leaveOut(found);
      } catch (thrown) {
        const { code, message } = toCctError(thrown);
        if (code !== 'input') throw thrown;
        this.unread += 1;
        report.note(message);
      }
    }
    if (isEmpty) report.note(`${path}: no files found (hidden files are ignored)`);
  }

  /** Closes a stream that is still open: a pipe would keep the process alive. */
  close(): void {
    this.stream?.destroy();
  }

  private leaveOut({ leftOut, reason, isUnreadable }: LeftOut): void {
    if (isUnreadable) this.unread += 1;
    this.options.report.note(`${leftOut}: left out: ${reason}`);
  }
}

interface NamedOptions extends SourceReaderOptions {
  readonly mayBeEmpty: boolean;
}

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
    // After an error, an open pipe would keep the process alive.
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
