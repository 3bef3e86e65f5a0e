import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { CctError } from '../core/errors.ts';

/** Writes text, waiting where the reader is slower. */
export interface Writer {
  /** Resolves to false when the reader has gone (a closed pipe), which ends the program quietly; rejects with `output` otherwise. */
  write(text: string): Promise<boolean>;
}

/** A writer to a standard stream. `onClosed` is called once, when the reader goes, so that the work for it can stop. */
export function createWriter(stream: Writable, name: string, onClosed: () => void): Writer {
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
  };
}
