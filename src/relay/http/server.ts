import { once } from 'node:events';
import type { Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { AddressRanges } from '../../core/observables/address-ranges.ts';
import { createAddressRanges } from '../../core/observables/address-ranges.ts';
import { CctError, systemCodeOf } from '../../core/errors.ts';
import type { Caller, RelayApp } from '../app.ts';
import { findCallerAddress } from './caller-address.ts';
import { limitConnectionShares } from './connection-shares.ts';
import type { Connection } from './connections.ts';
import { trackConnections } from './connections.ts';
import type { Refusal } from './problem.ts';
import type { OnRefused } from './refusals.ts';
import { listenForRefusals, refuseRequest } from './refusals.ts';
import { findRefusal } from './request-checks.ts';
import { UnreadAnswers } from './unread-answers.ts';

/** Limits that protect the server from slow or numerous callers. */
const LIMITS = {
  /** Open connections. Further ones are closed immediately. */
  maxConnections: 1024,
  /** Connections from one IPv4 address or one IPv6 /64 network. Trusted proxies are exempt. */
  maxConnectionsPerAddress: 256,
  /** From the first byte of a request to the end of its headers. */
  headersTimeoutMs: 10_000,
  /** From the first byte of a request to the end of its body. */
  requestTimeoutMs: 20_000,
  /** How long a connection may be idle. Longer than the 60 s of common load balancers. */
  keepAliveTimeoutMs: 65_000,
  /** Total size of answers that callers have not read. Above it, the oldest connections are closed. */
  maxUnreadBytes: 64 * 1024 * 1024,
  /** How long a caller may read nothing of its answer. This is also the interval of the check, so closing may take twice as long. */
  unreadTimeoutMs: 30_000,
  /** How often timeouts are checked. */
  checkEveryMs: 1000,
  /** From the moment that a caller closes its side of the connection to the first check whether it has disconnected. */
  firstProbeMs: 100,
};

export type ServerLimits = Partial<typeof LIMITS>;

export interface ServerOptions {
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  readonly limits?: ServerLimits;
  /** Whether to refuse requests that a page of another site may have sent. Default false. */
  readonly refusesForeignPages?: boolean;
  /** Reverse proxies whose `X-Forwarded-For` names the callers. Default: none. */
  readonly trustedProxies?: AddressRanges;
  /** Called for each request that does not reach the app, and for each connection that is closed because of a limit. */
  readonly onRefused?: OnRefused;
}

export interface RelayServer {
  /** Without a trailing slash: `http://127.0.0.1:9090`. */
  readonly url: string;
  /** Stops accepting connections, lets requests in progress finish, and cuts them off after `graceMs`. Resolves when all connections are closed. */
  readonly stop: (graceMs: number) => Promise<void>;
}

/** Serves the app over HTTP. Rejects with `usage` if it cannot listen on the address. */
export async function startServer(app: RelayApp, options: ServerOptions): Promise<RelayServer> {
  const { host, port } = options;
  const limits = { ...LIMITS, ...options.limits };
  const server = createServer({
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    connectionsCheckingInterval: limits.checkEveryMs,
    // Node would not report its own refusal.
    requireHostHeader: false,
  });
  const { trustedProxies = createAddressRanges([]), onRefused = () => undefined } = options;
  server.maxConnections = limits.maxConnections;
  // No limit: `findRefusal` counts them, and their bytes are limited.
  server.maxHeadersCount = 0;
  // If a caller closes its side, Node then closes the connection only after the answers. The option is not documented.
  Object.assign(server, { httpAllowHalfOpen: true });
  limitConnectionShares(server, { ...limits, trustedProxies, onRefused });
  const connections = trackConnections(server, limits);
  const stop = createGracefulShutdown(server, connections);
  listenForRefusals(server, connections, { onRefused, trustedProxies });
  const unread = new UnreadAnswers({ ...limits, onRefused });
  handleRequests(app, { server, connections, trustedProxies, unread, options });
  await listen(server, host, port);
  // The address is an object for a server on a port; it is null or text only for pipes.
  return { url: `http://${toUrlHost(host)}:${(server.address() as AddressInfo).port}`, stop };
}

interface Handling {
  readonly server: Server;
  readonly connections: ReadonlyMap<Socket, Connection>;
  readonly trustedProxies: AddressRanges;
  readonly unread: UnreadAnswers;
  readonly options: ServerOptions;
}

function handleRequests(app: RelayApp, { server, connections, trustedProxies, unread, options }: Handling): void {
  const { host, refusesForeignPages = false, onRefused } = options;
  const awaitingContinue = new WeakSet<ServerResponse>();
  // Without a listener, Node answers `Expect: 100-continue` before the app has seen the request.
  server.on('checkContinue', (incoming, outgoing) => {
    awaitingContinue.add(outgoing);
    server.emit('request', incoming, outgoing);
  });
  server.on('request', (incoming, outgoing) => {
    const connection = connections.get(incoming.socket);
    if (!connection) return;
    const address = findCallerAddress(connection.address, incoming, trustedProxies);
    const open = connection.begin(incoming, outgoing);
    const refuse = (refusal: Refusal) => {
      onRefused?.({ ...refusal, method: incoming.method, address });
      refuseRequest(outgoing, refusal);
    };
    const refusal = findRefusal(incoming, { refusesForeignPages });
    if (refusal) {
      refuse(refusal);
      return;
    }
    const onBody = () => {
      if (awaitingContinue.has(outgoing)) outgoing.writeContinue();
    };
    const caller: Caller = { address, target: incoming.url, signal: open.leaving.signal, onBody };
    const answer = async (request: Request) => unread.add(await app(request, caller), { connection, address, ...open });
    const handle = getRequestListener(answer, {
      // Replaces the Host header, which HTTP/1.0 does not require.
      hostname: toUrlHost(host),
      // The app never rejects, so only an invalid URL gets here.
      errorHandler: () => refuse({ status: 400, reason: 'The request has an invalid host or path' }),
    });
    void handle(incoming, outgoing);
  });
}

/** Creates the function that stops the server. The last answer on each connection announces its end. */
function createGracefulShutdown(server: Server, connections: ReadonlyMap<Socket, Connection>): RelayServer['stop'] {
  let isStopping = false;
  server.on('request', ({ socket }, response) => {
    if (isStopping) response.setHeader('Connection', 'close');
    response.once('close', () => {
      // Its headers may have promised to keep the connection open.
      if (isStopping && !connections.get(socket)?.lastOpen) socket.destroySoon();
    });
  });
  return async (graceMs) => {
    isStopping = true;
    for (const connection of connections.values()) connection.announceEnd();
    const closed = once(server, 'close');
    server.close();
    const timer = setTimeout(() => server.closeAllConnections(), graceMs);
    await closed;
    clearTimeout(timer);
  };
}

const LISTEN_PROBLEMS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is in use; choose another with --port',
  EACCES: 'permission denied; choose a port above 1023 with --port',
  ENOTFOUND: 'the name does not resolve; choose an address of this machine with --host',
  EAI_AGAIN: 'the name does not resolve; choose an address of this machine with --host',
  EADDRNOTAVAIL: 'this machine has no such address; choose another with --host',
};

async function listen(server: Server, host: string, port: number): Promise<void> {
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (thrown) {
    const problem = LISTEN_PROBLEMS[systemCodeOf(thrown) ?? ''] ?? (thrown instanceof Error ? thrown.message : String(thrown));
    throw new CctError('usage', `cannot listen on ${host}, port ${port}: ${problem}`, { cause: thrown });
  }
}

function toUrlHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
