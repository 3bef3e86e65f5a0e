import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { Resolved, ServeConfig } from '../../config.ts';
import { CctError } from '../../core/errors.ts';
import type { RelayLog } from '../../relay/telemetry/log.ts';
import { createJsonLog, createTextLog } from '../../relay/telemetry/log.ts';
import type { RefusedRequest } from '../../relay/http/refusals.ts';
import { startServer } from '../../relay/http/server.ts';
import { toDoor } from '../../wiring/open-authentication.ts';
import type { OpenedRelay } from '../../wiring/open-relay.ts';
import { openRelay } from '../../wiring/open-relay.ts';
import type { Session } from '../session.ts';

// Requests under way at a stop have 10 seconds; the last of these is for sending what is ready by then.
const FINISH_WITHIN_MS = 9_000;
const CUT_OFF_AFTER_MS = 9_500;
// The log may have a reader that has stalled.
const END_AFTER_MS = 10_000;

/** `cct serve`: answers over HTTP until it is stopped. Resolves to the exit status. */
export async function runServe(session: Session, serve: Resolved<ServeConfig>): Promise<number> {
  const stderr = createGatheringWriter(session.io.stderr);
  const log = openLog(session, stderr.write);
  const stopping = new AbortController();
  const door = toDoor(serve.config.host);
  const relay = await openRelay(session, serve, { log, door, stopping: stopping.signal });
  try {
    await serveUntilStopped(relay, { session, config: serve.config, log, stopping });
    return 0;
  } finally {
    await relay.close();
    stderr.flush();
  }
}

interface ServeOptions {
  readonly config: ServeConfig;
  readonly log: RelayLog;
  readonly stopping: AbortController;
  readonly session: Session;
}

async function serveUntilStopped({ app, access, isOfOwnMachine, metrics }: OpenedRelay, options: ServeOptions): Promise<void> {
  const { config, log, stopping } = options;
  const { io, signal } = options.session;
  const onRefused = (request: RefusedRequest) => {
    metrics?.countRefused(request.status);
    log.refused(request);
  };
  const server = await startServer(app, { ...config, refusesForeignPages: isOfOwnMachine, onRefused });
  log.note(`listening on ${server.url} · ${access}`);
  if (!signal.aborted) await once(signal, 'abort');
  io.endWithin(END_AFTER_MS);
  log.note('graceful shutdown: no new connections; open requests can finish');
  const end = () => stopping.abort(new CctError('interrupted', 'Interrupted before it was answered'));
  const timer = setTimeout(end, FINISH_WITHIN_MS);
  await server.stop(CUT_OFF_AFTER_MS);
  clearTimeout(timer);
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

function openLog({ io, config }: Session, write: (text: string) => void): RelayLog {
  const createLog = io.stderr.isTTY === true ? createTextLog : createJsonLog;
  return createLog({
    write,
    now: () => io.now(),
    isVerbose: config.verbose || config.debug,
    isQuiet: config.quiet,
  });
}
