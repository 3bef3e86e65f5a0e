import { randomUUID } from 'node:crypto';
import type { Resolved, ServeConfig } from '../../config.ts';
import type { RelayApp } from '../../relay/app.ts';
import { createApp } from '../../relay/app.ts';
import { createAuthenticator } from '../../relay/auth/auth.ts';
import { createHealthCheck } from '../../relay/health.ts';
import type { RelayLog } from '../../relay/telemetry/log.ts';
import type { Metrics } from '../../relay/telemetry/metrics.ts';
import { countRefusals, createMetrics } from '../../relay/telemetry/metrics.ts';
import type { ListenAddress, NameSetting } from './open-authentication.ts';
import { describeAuthentication, requireAuthentication, resolveAuthentication } from './open-authentication.ts';
import { openRelayTracker } from './open-relay-tracker.ts';
import { openRules } from '../open-tracker.ts';
import { resolveSource } from '../resolve-source.ts';
import type { Setup } from '../setup.ts';

const DEADLINE_MS = 25_000;

/** A relay that is not yet served. */
export interface OpenedRelay {
  readonly app: RelayApp;
  /** Describes which tokens it accepts. */
  readonly access: string;
  /** Whether the server must refuse requests that a page of another site may have sent: without tokens, any page could. */
  readonly refusesForeignPages: boolean;
  readonly metrics: Metrics | undefined;
  close(): void | Promise<void>;
}

export interface OpenRelayOptions {
  readonly log: RelayLog;
  readonly address: ListenAddress;
  readonly nameOf: NameSetting;
  /** Ends requests in progress with the answers that are ready. */
  readonly stopping: AbortSignal;
}

/**
 * Opens a relay from its settings: authentication, tracker and app. Not in `relay`, because that room imports no tracker. Rejects with
 * `usage`, `input` or `no-snapshot`.
 */
export async function openRelay(
  setup: Setup,
  serve: Resolved<ServeConfig>,
  { log, address, nameOf, stopping }: OpenRelayOptions,
): Promise<OpenedRelay> {
  const { io, version } = setup;
  const { apiUrl, deadlineMs = DEADLINE_MS, includePrivate } = setup.config;
  const { allowAnonymous, metrics: hasMetrics, maxObservables, logObservables } = serve.config;
  const authentication = await resolveAuthentication(setup, serve, { log, nameOf });
  requireAuthentication(address, authentication, { log, nameOf, allowAnonymous });
  const metrics = hasMetrics ? createMetrics({ version }) : undefined;
  const source = resolveSource(setup);
  const rules = await openRules(setup, source);
  const tracker = await openRelayTracker(setup, { source, log, metrics });
  const authenticate = createAuthenticator(authentication);
  const keySets = authentication.kind === 'rs256' ? authentication.keySets : undefined;
  const app = createApp({
    version,
    apiUrl,
    tracker: tracker.answering,
    checkHealth: createHealthCheck({ tracker: tracker.checked, deadlineMs, stopping, monotonicMs: () => io.monotonicMs() }),
    rules,
    maxObservables,
    linkRules: { ...rules, includePrivate },
    deadlineMs,
    authenticate: metrics ? countRefusals(authenticate, metrics) : authenticate,
    hasToken: authentication.kind !== 'none',
    describeSource: async () => ({ answers: source, list_date: await tracker.listDate() }),
    metrics,
    readState: () => ({ ...tracker.state(), keysByHost: keySets?.keysByHost() }),
    log,
    logObservables,
    stopping,
    monotonicMs: () => io.monotonicMs(),
    newRequestId: randomUUID,
  });
  return {
    app,
    access: describeAuthentication(authentication, serve.config),
    refusesForeignPages: authentication.kind === 'none' && !allowAnonymous,
    metrics,
    close: () => tracker.close(),
  };
}
