import type { Writable } from 'node:stream';
import type { Resolved, ServeConfig } from '../../config.ts';
import { serveRelay } from '../../wiring/serve-relay.ts';
import type { Session } from '../session.ts';

// The log may have a reader that has stalled.
const END_AFTER_MS = 10_000;

/** `cct serve`: answers over HTTP until it is stopped. Resolves to the exit status. */
export async function runServe(session: Session, serve: Resolved<ServeConfig>): Promise<number> {
  const { io, signal } = session;
  const stderr = createGatheringWriter(io.stderr);
  try {
    await serveRelay(session, serve, {
      write: stderr.write,
      isForPeople: io.stderr.isTTY === true,
      signal,
      onStopping: () => io.endWithin(END_AFTER_MS),
    });
    return 0;
  } finally {
    stderr.flush();
  }
}

/** Writes the lines of one turn of the event loop at once: each write of its own costs as much as answering from memory. */
function createGatheringWriter(stream: Writable): { readonly write: (text: string) => void; readonly flush: () => void } {
  let gathered = '';
  const flush = () => {
    if (gathered !== '') stream.write(gathered);
    gathered = '';
  };
  return {
    write(text: string) {
      if (gathered === '') setImmediate(flush);
      gathered += text;
    },
    flush,
  };
}
