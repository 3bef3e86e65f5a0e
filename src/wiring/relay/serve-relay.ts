import { once } from 'node:events';
import type { Resolved, ServeConfig } from '../../config.ts';
import { createAddressRanges } from '../../core/observables/address-ranges.ts';
import { CctError } from '../../core/errors.ts';
import type { RefusedRequest } from '../../relay/http/refusals.ts';
import { startServer } from '../../relay/http/server.ts';
import type { RelayLog } from '../../relay/telemetry/log.ts';
import { createLog } from '../../relay/telemetry/log.ts';
import { nameFlag, toListenAddress } from './open-authentication.ts';
import type { OpenedRelay } from './open-relay.ts';
import { openRelay } from './open-relay.ts';
import type { Setup } from '../setup.ts';

// A shutdown gives open requests 10 seconds. The last second is for sending the answers that are ready.
const FINISH_WITHIN_MS = 9_000;
const CUT_OFF_AFTER_MS = 9_500;

export interface ServeRelayOptions {
  /** The first lines of the log. */
  readonly startNotes: readonly string[];
  /** Receives the log line by line. */
  readonly write: (text: string) => void;
  /** Whether the log is for people instead of programs. */
  readonly isForPeople: boolean;
  /** Starts the graceful shutdown. */
  readonly signal: AbortSignal;
  /** Called when the graceful shutdown starts. */
  readonly onStopping: () => void;
}

/** Serves HTTP until the signal aborts and open requests have ended. Rejects with `usage`, `input` or `no-snapshot`. */
export async function serveRelay(setup: Setup, serve: Resolved<ServeConfig>, options: ServeRelayOptions): Promise<void> {
  const log = openLog(setup, options);
  for (const text of options.startNotes) log.warning(text);
  const stopping = new AbortController();
  const address = toListenAddress(serve.config.host);
  const relay = await openRelay(setup, serve, { log, address, nameOf: nameFlag, stopping: stopping.signal });
  try {
    await serveUntilStopped(relay, serve.config, { log, stopping, ...options });
  } finally {
    await relay.close();
  }
}

function openLog({ io, config }: Setup, { write, isForPeople }: ServeRelayOptions): RelayLog {
  const isVerbose = config.verbose || config.debug;
  return createLog({ write, now: () => io.now(), isText: isForPeople, isVerbose, isQuiet: config.quiet });
}

interface Serving extends Pick<ServeRelayOptions, 'signal' | 'onStopping'> {
  readonly log: RelayLog;
  readonly stopping: AbortController;
}

async function serveUntilStopped(
  { app, access, refusesForeignPages, metrics }: OpenedRelay,
  config: ServeConfig,
  { log, stopping, signal, onStopping }: Serving,
): Promise<void> {
  const onRefused = (request: RefusedRequest) => {
    metrics?.countRefused(request.status);
    log.refused(request);
  };
  const trustedProxies = createAddressRanges(config.trustedProxies ?? []);
  const server = await startServer(app, { ...config, trustedProxies, refusesForeignPages, onRefused });
  log.note(`listening on ${server.url} · ${access}`);
  if (!signal.aborted) await once(signal, 'abort');
  onStopping();
  log.note('graceful shutdown: no new connections; open requests can finish');
  const end = () => stopping.abort(new CctError('interrupted', 'Interrupted before it was answered'));
  const timer = setTimeout(end, FINISH_WITHIN_MS);
  await server.stop(CUT_OFF_AFTER_MS);
  clearTimeout(timer);
}
