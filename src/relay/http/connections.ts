import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** A request and its response. `leaving` aborts when the caller disconnects before the response is sent. */
export interface OpenRequest {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly leaving: AbortController;
}

/** A connection, which may have several requests in progress (pipelining). */
export class Connection {
  /** The caller's address. Read immediately, since a closed socket has none. */
  readonly address: string;
  /** Whether it will be closed because of an invalid request. */
  isRefused = false;
  #latest: OpenRequest | undefined;
  /** Requests whose responses are not sent yet, in order. */
  readonly #open = new Set<OpenRequest>();

  constructor({ remoteAddress = '' }: Socket) {
    this.address = remoteAddress;
  }

  begin(incoming: IncomingMessage, outgoing: ServerResponse): OpenRequest {
    const request = { incoming, outgoing, leaving: new AbortController() };
    this.#latest = request;
    this.#open.add(request);
    outgoing.once('finish', () => this.#open.delete(request));
    return request;
  }

  /** Aborts the requests in progress. Node reports a closed connection only to the response that is being sent. */
  abort(): void {
    for (const { leaving } of this.#open) leaving.abort();
  }

  /** Makes the last response announce that the connection ends with it. */
  announceEnd(): void {
    if (this.lastOpen?.headersSent === false) this.lastOpen.setHeader('Connection', 'close');
  }

  /** Sends `100 Continue`, which every caller of HTTP/1.1 accepts at any time (RFC 9110, section 15.2). Fails if the caller has disconnected. */
  probe(): void {
    const [first] = this.#open;
    if (first?.incoming.httpVersion === '1.1' && !first.outgoing.headersSent) first.outgoing.writeContinue();
  }

  /** The latest request while its body is incomplete. */
  get receiving(): OpenRequest | undefined {
    return this.#latest?.incoming.complete === false ? this.#latest : undefined;
  }

  /** The last response that is not sent yet although its request is complete. */
  get lastDue(): ServerResponse | undefined {
    return [...this.#open].findLast(({ incoming }) => incoming.complete)?.outgoing;
  }

  /** The first response that is not sent yet. */
  get firstOpen(): ServerResponse | undefined {
    return this.#open.values().next().value?.outgoing;
  }

  /** The last response that is not sent yet. */
  get lastOpen(): ServerResponse | undefined {
    return [...this.#open].at(-1)?.outgoing;
  }
}

/**
 * Tracks the open connections of a server. A caller that has closed its side of a connection may be waiting for its answers, or may have
 * disconnected, which the second probe detects. The first probe is sent after `firstProbeMs`, each further one after twice the time.
 */
export function trackConnections(
  server: Server,
  { firstProbeMs }: { readonly firstProbeMs: number },
): ReadonlyMap<Socket, Connection> {
  const connections = new Map<Socket, Connection>();
  server.on('connection', (socket: Socket) => {
    if (socket.destroyed) return;
    const connection = new Connection(socket);
    connections.set(socket, connection);
    let nextProbe: NodeJS.Timeout | undefined;
    const probeIn = (waitMs: number) => {
      const probe = () => {
        connection.probe();
        probeIn(waitMs * 2);
      };
      nextProbe = setTimeout(probe, waitMs).unref();
    };
    socket.once('end', () => {
      connection.announceEnd();
      probeIn(firstProbeMs);
    });
    socket.once('close', () => {
      clearTimeout(nextProbe);
      connections.delete(socket);
      connection.abort();
    });
  });
  return connections;
}
