import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { Resolved, ServeConfig } from '../../config.ts';
import { CctError } from '../../core/errors.ts';
import type { PlanRules } from '../../core/plan.ts';
import type { RelayApp } from '../../relay/app.ts';
import { createApp } from '../../relay/app.ts';
import type { AuthenticatorOptions } from '../../relay/auth.ts';
import { createAuthenticator, parseSecret } from '../../relay/auth.ts';
import { createHealthCheck } from '../../relay/health.ts';
import { createKeySets } from '../../relay/key-sets.ts';
import type { RelayLog } from '../../relay/log.ts';
import { createJsonLog, createTextLog } from '../../relay/log.ts';
import type { Metrics } from '../../relay/metrics.ts';
import { createMetrics } from '../../relay/metrics.ts';
import type { RefusedRequest } from '../../relay/refusals.ts';
import { startServer } from '../../relay/server.ts';
import { readTextFile } from '../../tracker/snapshot-store.ts';
import { openRules } from '../open-tracker.ts';
import { openRelayTracker } from '../open-relay-tracker.ts';
import type { RelayTracker } from '../open-relay-tracker.ts';
import type { Session } from '../session.ts';
import { createKeyFetcher } from '../fetch-keys.ts';

const DEADLINE_MS = 25_000;
// Requests under way at a stop have 10 seconds; the last of these is for sending what is ready by then.
const FINISH_WITHIN_MS = 9_000;
const CUT_OFF_AFTER_MS = 9_500;
// The log may have a reader that has stalled.
const END_AFTER_MS = 10_000;
const MAX_SECRET_BYTES = 64 * 1024;

/** `cct serve`: answers over HTTP until it is stopped. Resolves to the exit status. */
export async function runServe(session: Session, serve: Resolved<ServeConfig>): Promise<number> {
  const { io, version } = session;
  const { config } = serve;
  const stderr = createGatheringWriter(io.stderr);
  const log = openLog(session, stderr.write);
  const authentication = await resolveAuthentication(session, serve, log);
  refuseOpenDoor(config, authentication, log);
  const metrics = config.metrics
    ? createMetrics({ version, startedAt: io.now(), readMemoryBytes: () => io.memoryBytes() })
    : undefined;
  const rules = await openRules(session);
  const tracker = await openRelayTracker(session, { log, metrics });
  const stopping = new AbortController();
  try {
    const app = openApp(session, { config, authentication, log, metrics, tracker, rules, stopping: stopping.signal });
    await serveUntilStopped(app, { session, config, access: toAccess(authentication, config), log, metrics, stopping });
    return 0;
  } finally {
    await tracker.close();
    stderr.flush();
  }
}

interface ServeOptions {
  readonly config: ServeConfig;
  readonly log: RelayLog;
  readonly metrics: Metrics | undefined;
  readonly stopping: AbortController;
  /** Who may call, in words. */
  readonly access: string;
  readonly session: Session;
}

async function serveUntilStopped(app: RelayApp, options: ServeOptions): Promise<void> {
  const { config, log, metrics, stopping, access } = options;
  const { io, signal } = options.session;
  const onRefused = (request: RefusedRequest) => {
    metrics?.countRefused(request.status);
    log.refused(request);
  };
  const server = await startServer(app, { ...config, onRefused });
  log.note(`listening on ${server.url} · ${access}`);
  if (!signal.aborted) await once(signal, 'abort');
  io.endWithin(END_AFTER_MS);
  log.note('stopping: no new connections, requests under way may finish');
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

interface AppParts {
  readonly config: ServeConfig;
  readonly authentication: AuthenticatorOptions;
  readonly log: RelayLog;
  readonly metrics: Metrics | undefined;
  readonly tracker: RelayTracker;
  readonly rules: PlanRules;
  readonly stopping: AbortSignal;
}

function openApp(session: Session, { config, authentication, log, metrics, tracker, rules, stopping }: AppParts): RelayApp {
  const { apiUrl, deadlineMs = DEADLINE_MS, includePrivate } = session.config;
  const now = () => session.io.now();
  return createApp({
    version: session.version,
    apiUrl,
    tracker: tracker.answering,
    checkHealth: createHealthCheck({ tracker: tracker.asked, deadlineMs, stopping, now }),
    rules,
    linkRules: { ...rules, includePrivate },
    deadlineMs,
    authenticate: createAuthenticator(authentication),
    hasToken: authentication.kind !== 'none',
    metrics,
    readTracker: tracker.state,
    log,
    logObservables: config.logObservables,
    stopping,
    now,
    monotonicMs: () => performance.now(),
    newRequestId: randomUUID,
  });
}

/** How callers are known. A setting that would be without effect is an error: an open door must not look closed. */
async function resolveAuthentication(
  session: Session,
  serve: Resolved<ServeConfig>,
  log: RelayLog,
): Promise<AuthenticatorOptions> {
  const { jwksHosts, audience } = serve.config;
  const now = () => session.io.now();
  const secret = await readSecret(serve);
  if (secret && jwksHosts) throw new CctError('usage', 'a secret and --jwks-host contradict each other: give one of them');
  if (secret) return { kind: 'hs256', secret, audience, now };
  if (!jwksHosts) {
    if (audience === undefined) return { kind: 'none' };
    throw new CctError('usage', '--audience has no effect without a secret (--jwt-secret-file) or --jwks-host');
  }
  if (audience === undefined)
    throw new CctError('usage', '--jwks-host needs --audience: the origin of this relay as callers know it');
  const keySets = createKeySets({
    hosts: jwksHosts,
    fetchText: createKeyFetcher(session),
    nowMs: () => now().getTime(),
    onProblem: ({ message, cause }) => log.problem(message, { cause }),
  });
  return { kind: 'rs256', keySets, audience, now };
}

async function readSecret({ config, origins }: Resolved<ServeConfig>): Promise<Uint8Array | undefined> {
  const { jwtSecretFile, jwtSecret } = config;
  if (jwtSecretFile !== undefined && jwtSecret !== undefined && origins.jwtSecretFile !== 'flag') {
    throw new CctError('usage', 'CCT_JWT_SECRET and CCT_JWT_SECRET_FILE contradict each other: set one of them');
  }
  if (jwtSecretFile !== undefined) return parseSecret(await readTextFile(jwtSecretFile, { maxBytes: MAX_SECRET_BYTES }));
  return jwtSecret === undefined ? undefined : parseSecret(jwtSecret);
}

function toAccess(authentication: AuthenticatorOptions, { jwksHosts = [] }: ServeConfig): string {
  if (authentication.kind === 'none') return 'no authentication';
  return authentication.kind === 'hs256' ? 'HS256 tokens' : `RS256 tokens of ${jwksHosts.join(', ')}`;
}

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/i;

/** Throws `usage` where anybody could call by mistake; where that is meant it is said. */
function refuseOpenDoor({ host, allowAnonymous }: ServeConfig, { kind }: AuthenticatorOptions, log: RelayLog): void {
  if (kind !== 'none' || LOOPBACK.test(host)) return;
  if (allowAnonymous) {
    log.warning(`${host} can be reached by others, and everybody may call: there is no authentication`);
    return;
  }
  throw new CctError(
    'usage',
    `${host} can be reached by others, and no authentication is set: give --jwt-secret-file or --jwks-host, or allow everybody with --allow-anonymous`,
  );
}
