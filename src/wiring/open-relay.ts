import { randomUUID } from 'node:crypto';
import type { Resolved, ServeConfig } from '../config.ts';
import type { RelayApp } from '../relay/app.ts';
import { createApp } from '../relay/app.ts';
import { createAuthenticator } from '../relay/auth/auth.ts';
import { createHealthCheck } from '../relay/health.ts';
import type { RelayLog } from '../relay/telemetry/log.ts';
import type { Metrics } from '../relay/telemetry/metrics.ts';
import { createMetrics } from '../relay/telemetry/metrics.ts';
import type { Door } from './open-authentication.ts';
import { refuseOpenDoor, resolveAuthentication, toAccess } from './open-authentication.ts';
import { openRelayTracker } from './open-relay-tracker.ts';
import { openRules } from './open-tracker.ts';
import { resolveSource } from './resolve-source.ts';
import type { Setup } from './setup.ts';

const DEADLINE_MS = 25_000;

/** A relay without a shell around it. */
export interface OpenedRelay {
  readonly app: RelayApp;
  /** Who may call, in words. */
  readonly access: string;
  /** Whether only the relay's own machine may call: then no page that a browser on it shows may. */
  readonly isOfOwnMachine: boolean;
  readonly metrics: Metrics | undefined;
  close(): void | Promise<void>;
}

export interface OpenRelayOptions {
  readonly log: RelayLog;
  readonly door: Door;
  /** Ends what is under way, with what is ready. */
  readonly stopping: AbortSignal;
}

/**
 * Puts a relay together from settings, the same for every shell: who may call, what is asked about, what answers, and the app over these.
 * Here and not in `relay`, which knows no tracker but the port. Rejects with `usage`, `input` or `no-snapshot`.
 */
export async function openRelay(
  setup: Setup,
  serve: Resolved<ServeConfig>,
  { log, door, stopping }: OpenRelayOptions,
): Promise<OpenedRelay> {
  const { io, version } = setup;
  const { apiUrl, deadlineMs = DEADLINE_MS, includePrivate } = setup.config;
  const { allowAnonymous, metrics: hasMetrics, logObservables } = serve.config;
  const authentication = await resolveAuthentication(setup, serve, log);
  refuseOpenDoor(door, authentication, { allowAnonymous, log });
  const metrics = hasMetrics ? createMetrics({ version }) : undefined;
  const rules = await openRules(setup.config, resolveSource(setup));
  const tracker = await openRelayTracker(setup, { log, metrics });
  const app = createApp({
    version,
    apiUrl,
    tracker: tracker.answering,
    checkHealth: createHealthCheck({ tracker: tracker.checked, deadlineMs, stopping, monotonicMs: () => io.monotonicMs() }),
    rules,
    linkRules: { ...rules, includePrivate },
    deadlineMs,
    authenticate: createAuthenticator(authentication),
    hasToken: authentication.kind !== 'none',
    metrics,
    readTracker: tracker.state,
    log,
    logObservables,
    stopping,
    monotonicMs: () => io.monotonicMs(),
    newRequestId: randomUUID,
  });
  return {
    app,
    access: toAccess(authentication, serve.config),
    isOfOwnMachine: authentication.kind === 'none' && !allowAnonymous,
    metrics,
    close: () => tracker.close(),
  };
}
