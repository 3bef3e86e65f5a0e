import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { CctError, systemCodeOf } from '../../core/errors.ts';
import type { RelayApp } from '../app.ts';
import type { Connection, Connections } from './connections.ts';
import { trackConnections } from './connections.ts';
import { mayBeOfForeignPage } from './foreign-pages.ts';
import type { Refusal } from './problem.ts';
import { valuesOf } from './raw-headers.ts';
import type { OnRefused } from './refusals.ts';
import { BAD_HOST, FOREIGN_PAGE, listenForRefusals, NO_HOST, refuseRequest, TWO_HOSTS } from './refusals.ts';

/** What a server bears from its callers. All are there to keep slow or many senders from using it up. */
export interface ServerLimits {
  /** Connections at once; one more is closed at once. Default 1,024. */
  readonly maxConnections?: number;
  /** From the first byte of a request to the end of its headers. Default 10 s. */
  readonly headersTimeoutMs?: number;
  /** From the first byte of a request to the end of its body. Default 20 s. */
  readonly requestTimeoutMs?: number;
  /** How long a connection may wait for its next request. Default 65 s: longer than the 60 s of common load balancers. */
  readonly keepAliveTimeoutMs?: number;
  /** How often the timeouts are looked after. Default 1 s. */
  readonly checkEveryMs?: number;
}

export interface ServerOptions {
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  readonly limits?: ServerLimits;
  /** Whether requests are refused that a page of another site may have made a browser send. Default false. */
  readonly refusesForeignPages?: boolean;
  /** Told of each request that is none and of each connection that is one too many. Nobody by default. */
  readonly onRefused?: OnRefused;
}

/** A server that listens. */
export interface RelayServer {
  /** Where it can be reached: `http://127.0.0.1:9090`. */
  readonly url: string;
  /** Resolves when the last connection is gone. Takes no new ones, lets requests under way finish, and cuts them off after `graceMs`. */
  readonly stop: (graceMs: number) => Promise<void>;
}

/** Serves the app over HTTP. Rejects with `usage` when the address cannot be listened on. */
export async function startServer(app: RelayApp, options: ServerOptions): Promise<RelayServer> {
  const { host, port, limits = {}, refusesForeignPages = false, onRefused = () => undefined } = options;
  const server = createServer({
    headersTimeout: limits.headersTimeoutMs ?? 10_000,
    requestTimeout: limits.requestTimeoutMs ?? 20_000,
    keepAliveTimeout: limits.keepAliveTimeoutMs ?? 65_000,
    connectionsCheckingInterval: limits.checkEveryMs ?? 1000,
    // Node's own refusal would tell nobody.
    requireHostHeader: false,
  });
  server.maxConnections = limits.maxConnections ?? 1024;
  const connections = trackConnections(server);
  const farewell = createFarewell(server, connections);
  listenForRefusals(server, connections, onRefused);
  server.on('request', toListener(app, { connections, host, refusesForeignPages, onRefused }));
  await listen(server, host, port);
  return { url: toUrl(server, host), stop: farewell };
}

// How often connections that have become idle are looked for at a stop.
const CLOSE_IDLE_EVERY_MS = 20;

/** The way to stop. An answer that is not sent yet when the stop begins says that it was the last on its connection, as do those after it. */
function createFarewell(server: Server, connections: Connections): RelayServer['stop'] {
  let isStopping = false;
  server.on('request', (_request, response) => {
    if (isStopping) response.setHeader('Connection', 'close');
  });
  return async (graceMs) => {
    isStopping = true;
    for (const connection of connections.all()) connection.endWithNextAnswer();
    const closed = once(server, 'close');
    server.close();
    const cutOff = setTimeout(() => server.closeAllConnections(), graceMs);
    const closing = setInterval(() => server.closeIdleConnections(), CLOSE_IDLE_EVERY_MS);
    await closed;
    clearTimeout(cutOff);
    clearInterval(closing);
  };
}

interface ListenerOptions {
  readonly connections: Connections;
  /** Stands for the Host header of HTTP/1.0, which needs none. */
  readonly host: string;
  readonly refusesForeignPages: boolean;
  readonly onRefused: OnRefused;
}

function toListener(
  app: RelayApp,
  { connections, host, refusesForeignPages, onRefused }: ListenerOptions,
): (incoming: IncomingMessage, outgoing: ServerResponse) => void {
  let handed = 0;
  let current: Connection | undefined;
  const hand = getRequestListener(
    (request, env) => {
      // The types allow for HTTP/2, which this server does not speak.
      const { incoming, outgoing } = env as { incoming: IncomingMessage; outgoing: ServerResponse };
      handed += 1;
      const connection = current ?? connections.of(incoming.socket);
      const onLeave = (callback: () => void) => connection.onLeave(outgoing, callback);
      return app(request, { address: connection.address, onLeave, refusal: () => connection.refusal });
    },
    // Only a request that is none gets to the handler: the app itself never rejects.
    { hostname: toUrlHost(host), errorHandler: () => undefined },
  );
  return (incoming, outgoing) => {
    const connection = connections.of(incoming.socket);
    connection.begin(incoming, outgoing);
    let refusal = refusalOf(incoming, refusesForeignPages);
    if (!refusal) {
      const before = handed;
      current = connection;
      void hand(incoming, outgoing);
      current = undefined;
      // The app is called before the first turn of the loop, or never.
      if (handed === before) refusal = BAD_HOST;
    }
    if (refusal) refuseRequest({ request: incoming, response: outgoing, refusal, address: connection.address }, onRefused);
  };
}

/** Why a request is refused before it is handed on. */
function refusalOf(incoming: IncomingMessage, refusesForeignPages: boolean): Refusal | undefined {
  const { rawHeaders, httpVersion } = incoming;
  const hosts = valuesOf(rawHeaders, 'host');
  if (hosts.length > 1) return TWO_HOSTS;
  if (hosts.length === 0 && httpVersion !== '1.0') return NO_HOST;
  return refusesForeignPages && mayBeOfForeignPage(hosts, valuesOf(rawHeaders, 'origin')) ? FOREIGN_PAGE : undefined;
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (thrown) {
    throw new CctError('usage', toListenProblem(thrown, host, port), { cause: thrown });
  }
}

function toListenProblem(thrown: unknown, host: string, port: number): string {
  const code = systemCodeOf(thrown);
  const where = `${host}, port ${port}`;
  if (code === 'EADDRINUSE') return `cannot listen on ${where}: the port is in use; choose another with --port`;
  if (code === 'EACCES') return `cannot listen on ${where}: permission denied; choose a port above 1023 with --port`;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return `cannot listen on ${where}: the name does not resolve; choose an address of this machine with --host`;
  }
  if (code === 'EADDRNOTAVAIL') {
    return `cannot listen on ${where}: this machine has no such address; choose another with --host`;
  }
  return `cannot listen on ${where}: ${thrown instanceof Error ? thrown.message : String(thrown)}`;
}

function toUrl(server: Server, host: string): string {
  // A server that listens on a port has an address of this kind; null and text are for pipes.
  const { port } = server.address() as AddressInfo;
  return `http://${toUrlHost(host)}:${port}`;
}

function toUrlHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
