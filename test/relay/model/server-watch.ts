import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Socket } from 'node:net';
import { waitFor } from './patience.ts';

/** What a server in this process has taken, as Node itself tells it, so that it can be compared with what callers sent. */
export interface ServerWatch {
  /** Requests whose headers have come, all connections together. */
  readonly accepted: number;
  /** The same of the connection that the caller has by this local port. */
  acceptedFrom(callerPort: number): number;
  /** Connections that are not closed on the server's side. */
  readonly open: number;
  /** Resolves when the server has taken the connection. */
  taken(callerPort: number): Promise<void>;
  /** Resolves when the server's side of a connection that it had taken is closed. */
  closed(callerPort: number): Promise<void>;
  stop(): void;
}

interface Taken {
  readonly socket: Socket;
  /** Not known any more when the other side has gone: it is asked for as soon as the connection is there. */
  readonly callerPort: number;
  requests: number;
}

const CONNECTION_CHANNEL = 'net.server.socket';
const REQUEST_CHANNEL = 'http.server.request.start';

/** Watches the server on a port from now on. */
export function watchServer(port: number): ServerWatch {
  const bySocket = new Map<Socket, Taken>();
  let accepted = 0;
  const onConnection = (message: unknown) => {
    const socket = socketOf(message);
    if (socket?.localPort === port) bySocket.set(socket, { socket, callerPort: socket.remotePort ?? 0, requests: 0 });
  };
  const onRequest = (message: unknown) => {
    const socket = socketOf(message);
    const taken = socket && bySocket.get(socket);
    if (!taken) return;
    taken.requests += 1;
    accepted += 1;
  };
  subscribe(CONNECTION_CHANNEL, onConnection);
  subscribe(REQUEST_CHANNEL, onRequest);
  // The system gives a port again to who comes later: the last one counts.
  const find = (callerPort: number) => [...bySocket.values()].findLast((taken) => taken.callerPort === callerPort);
  return {
    get accepted() {
      return accepted;
    },
    get open() {
      return [...bySocket.keys()].filter(({ closed }) => !closed).length;
    },
    acceptedFrom: (callerPort) => find(callerPort)?.requests ?? 0,
    taken: (callerPort) => waitFor('a connection that the server takes', () => find(callerPort) !== undefined),
    closed: (callerPort) => waitFor('a connection that the server closes', () => find(callerPort)?.socket.closed === true),
    stop() {
      unsubscribe(CONNECTION_CHANNEL, onConnection);
      unsubscribe(REQUEST_CHANNEL, onRequest);
    },
  };
}

function socketOf(message: unknown): Socket | undefined {
  const socket: unknown = Reflect.get(Object(message), 'socket');
  return socket instanceof Socket ? socket : undefined;
}
