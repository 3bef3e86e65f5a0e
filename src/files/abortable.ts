import type { Readable } from 'node:stream';
import { addAbortSignal } from 'node:stream';
import { untilAborted } from '../core/lookups/call.ts';

/** Yields the chunks of a stream. Rejects with the signal's reason on abort, even while a pipe is being opened or idle. */
export async function* readUntilAborted(stream: Readable, signal: AbortSignal | undefined): AsyncGenerator<Buffer, void> {
  if (!signal) {
    yield* stream as AsyncIterable<Buffer>;
    return;
  }
  const chunks = addAbortSignal(signal, stream)[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  for (;;) {
    const next = await untilAborted(chunks.next(), signal);
    if (next.done === true) return;
    yield next.value;
  }
}
