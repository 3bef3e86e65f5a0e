import { connect } from 'node:net';
import { resolveConfig, resolveServeConfig } from '../../../src/config.ts';
import { nameFlag, toListenAddress } from '../../../src/wiring/relay/open-authentication.ts';
import { openRelay } from '../../../src/wiring/relay/open-relay.ts';
import type { OpenedRelay } from '../../../src/wiring/relay/open-relay.ts';
import { CctError } from '../../../src/core/errors.ts';
import { startServer } from '../../../src/relay/http/server.ts';
import type { RecordedLog } from '../../helpers/relay.ts';
import { createRecordedLog } from '../../helpers/relay.ts';
import { ask } from '../../helpers/plain-http.ts';
import type { RelayModel } from './model.ts';
import { createModel } from './model.ts';
import { inTime, waitFor } from './patience.ts';
import { SECRET } from './requests.ts';
import type { ServerWatch } from './server-watch.ts';
import { watchServer } from './server-watch.ts';
import type { Site } from './site.ts';
import { openSite } from './site.ts';
import { TTL_MS } from './steps.ts';

const STARTED_AT_MS = Date.UTC(2026, 0, 2);
// Real time, which the steps have no say in: so long that no loaded machine gets there.
const PATIENT = { timeout: '5m', deadline: '5m' };

/** A relay as `cct serve` puts it together, the tracker it asks, and the model of both. */
export interface World {
  readonly site: Site;
  readonly model: RelayModel;
  readonly watch: ServerWatch;
  readonly log: RecordedLog;
  readonly port: number;
  /** Moves the relay's clock. */
  jump(byMs: number): void;
  /** Tells the model what the tracker is like from now on. */
  siteChanged(): void;
  /** Begins to stop; `close` waits for the end. */
  stop(graceMs: number): void;
  /** Tells what is under way to end. */
  interrupt(): void;
  /** Ends all. Rejects where something is left over: a server that does not end, a connection, a port, or a further request to the tracker. */
  close(): Promise<void>;
}

/** Opens a world at its beginning: everything works, and nobody has asked. */
export async function openWorld(): Promise<World> {
  const handlesBefore = countHandles();
  const site = await openSite();
  const stopping = new AbortController();
  const log = createRecordedLog();
  let nowMs = STARTED_AT_MS;
  const relay = await open(site.tracker.url, { log, stopping, now: () => new Date(nowMs) });
  const server = await startServer(relay.app, {
    host: '127.0.0.1',
    port: 0,
    limits: { firstProbeMs: 5 },
    onRefused: (request) => {
      relay.metrics?.countRefused(request.status);
      log.refused(request);
    },
  });
  const port = Number(new URL(server.url).port);
  const watch = watchServer(port);
  const first = { nowMs, ...site.era(), isInterrupted: false };
  const model = createModel(first, { ttlMs: TTL_MS, clockSkewMs: 60_000, tryAgainMs: 10_000, asked: (key) => site.asked(key) });
  let stopped: Promise<void> | undefined;
  let closed: Promise<void> | undefined;
  const close = async () => {
    try {
      await inTime('the end of the server', stopped ?? server.stop(0));
      await closeRelay({ relay, watch, site, port });
    } finally {
      watch.stop();
      await site.tracker.close();
    }
    await waitFor('sockets that are closed', () => countHandles() <= handlesBefore);
  };
  return {
    site,
    model,
    watch,
    log,
    port,
    jump(byMs) {
      nowMs += byMs;
      model.change({ nowMs });
    },
    siteChanged: () => model.change(site.era()),
    stop: (graceMs) => void (stopped ??= server.stop(graceMs)),
    interrupt() {
      model.change({ isInterrupted: true });
      stopping.abort(new CctError('interrupted', 'Interrupted before it was answered'));
    },
    close: () => (closed ??= close()),
  };
}

function open(apiUrl: string, told: { log: RecordedLog; stopping: AbortController; now: () => Date }): Promise<OpenedRelay> {
  const { log, stopping, now } = told;
  const env = { CCT_JWT_SECRET: SECRET };
  const flags = { 'api-url': apiUrl, source: 'live', retries: '0', 'cache-ttl': `${TTL_MS}ms`, ...PATIENT };
  const setup = {
    io: { env, now, monotonicMs: () => now().getTime(), random: () => 0.5, userId: undefined },
    version: '1.2.3',
    ...resolveConfig(flags, env),
  };
  const serve = resolveServeConfig({ metrics: true }, env);
  return openRelay(setup, serve, { log, address: toListenAddress('127.0.0.1'), nameOf: nameFlag, stopping: stopping.signal });
}

interface Parts {
  readonly relay: OpenedRelay;
  readonly watch: ServerWatch;
  readonly site: Site;
  readonly port: number;
}

async function closeRelay({ relay, watch, site, port }: Parts): Promise<void> {
  if (watch.open > 0) throw new Error(`${watch.open} connections are open after the end`);
  if (!(await inTime('an answer of the port', isRefused(port)))) throw new Error('a connection was taken after the end');
  await inTime('the end of the relay', Promise.resolve(relay.close()));
  const { requests } = site.tracker;
  // Whatever the relay had sent before its end comes before the answer to this, and after it nothing may.
  await ask(site.tracker.url, '/');
  const before = requests.length;
  await ask(site.tracker.url, '/');
  if (requests.length !== before + 1) throw new Error('the tracker was asked after the end');
}

function isRefused(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(false);
    });
    socket.once('error', () => resolve(true));
  });
}

/** Sockets and servers of this process. */
function countHandles(): number {
  return process.getActiveResourcesInfo().filter((name) => name.startsWith('TCP')).length;
}
