import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { CctError } from '../core/errors.ts';

/** Writes text at the pace of its reader. */
export interface Writer {
  /** Resolves to false when the pipe is closed; rejects with `output` for any other error. */
  write(text: string): Promise<boolean>;
}

/** A writer that holds back text for a slow reader. */
export interface BufferedWriter extends Writer {
  /** Resolves as `write` does, after all earlier text has left the process. */
  flush(): Promise<boolean>;
}

/** Creates a writer to a standard stream. `onClosed` is called if the stream fails, so that the run can stop. */
export function createWriter(stream: Writable, name: string, onClosed: () => void): BufferedWriter {
  let failure: NodeJS.ErrnoException | undefined;
  // Without a listener a closed pipe is an uncaught exception.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    failure ??= error;
    onClosed();
  });
  const isOpen = (): boolean => {
    if (failure === undefined) return true;
    if (failure.code === 'EPIPE' || failure.code === 'ERR_STREAM_DESTROYED') return false;
    throw new CctError('output', `cannot write ${name}: ${failure.message}`, { cause: failure });
  };
  return {
    async write(text) {
      if (!isOpen()) return false;
      if (text !== '' && !stream.write(text)) {
        await once(stream, 'drain').catch(() => undefined);
      }
      return isOpen();
    },
    async flush() {
      if (!isOpen()) return false;
      // The callback also runs on an error.
      await new Promise<void>((resolve) => stream.write('', () => resolve()));
      // The stream reports an error of this write after the callback.
      await new Promise((resolve) => setImmediate(resolve));
      return isOpen();
    },
  };
}
