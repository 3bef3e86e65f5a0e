import type http from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { AnswerConnection } from '../../core/tracker.ts';

/** The connections of one client, watched for responses that belong to no request: one shifts all later answers by one. */
export interface Connections {
  /** Adds the connections of an agent. */
  watch(agent: http.Agent): void;
  /** An agent for one request; `onConnection` receives the connection that the request is sent on. */
  tap(agent: http.Agent, onConnection: (connection: AnswerConnection) => void): http.Agent;
}

export interface ConnectionsOptions {
  /** Called once, at the first response that belongs to no request. */
  readonly onSurplus: () => void;
}

// Bounds what a connection remembers for `onDistrust`.
const MAX_ANSWERS = 1_000;
const MAX_QUIET_MS = 1_000;

/**
 * Watches connections. At the first byte that arrives while a connection is idle, or behind an answer, every open connection loses its
 * trust: its answers may belong to other questions. From then on each request gets a connection of its own.
 */
export function createConnections({ onSurplus }: ConnectionsOptions): Connections {
  const known = new WeakMap<Duplex, Connection>();
  const open = new Set<Connection>();
  let isReusing = true;

  const connectionOf = (socket: Duplex): Connection => {
    const found = known.get(socket);
    if (found) return found;
    const connection = new Connection();
    known.set(socket, connection);
    open.add(connection);
    socket.once('close', () => {
      open.delete(connection);
      connection.close();
    });
    return connection;
  };

  const distrustAll = (): void => {
    if (isReusing) onSurplus();
    isReusing = false;
    for (const connection of open) connection.distrust();
  };

  return {
    watch(agent) {
      const idling = agent as unknown as Idling;
      const [keep, reuse] = [idling.keepSocketAlive.bind(agent), idling.reuseSocket.bind(agent)];
      function refuse(this: Duplex) {
        distrustAll();
        this.destroy();
      }
      // Before the agent's own listener, which gives the connection to the next request.
      agent.prependListener('free', (socket: Duplex) => {
        const request = connectionOf(socket).endAnswer();
        if (isReusing && (socket.readableLength > 0 || wasEndedByParser(socket, request))) distrustAll();
        if (!isReusing) socket.destroy();
      });
      idling.keepSocketAlive = (socket) => {
        const isKept = connectionOf(socket).answers < MAX_ANSWERS && keep(socket);
        if (isKept) socket.on('data', refuse);
        return isKept;
      };
      idling.reuseSocket = (socket, request) => {
        socket.off('data', refuse);
        reuse(socket, request);
      };
    },
    tap(agent, onConnection) {
      const tapped = Object.create(agent) as AddingRequests;
      tapped.addRequest = (request, options) => {
        request.once('socket', (socket: Duplex) => {
          const connection = connectionOf(socket);
          connection.beginAnswer(request);
          onConnection(connection);
        });
        (agent as AddingRequests).addRequest(request, options);
      };
      return tapped;
    },
  };
}

/** Whether Node's parser destroyed a connection, which it does at a second response to one request, without an error. */
function wasEndedByParser(socket: Duplex, request: http.ClientRequest | undefined): boolean {
  // node-fetch aborts a request whose body is not read to its end.
  const wasEndedHere = request === undefined || Reflect.get(request, 'aborted');
  return socket.destroyed && !socket.readableEnded && !socket.errored && !wasEndedHere;
}

/** What Node documents of its agents as to be overridden, but its types leave out. */
interface Idling {
  /** Called when a response has ended; whether the connection is kept for the next request. */
  keepSocketAlive(socket: Duplex): boolean;
  reuseSocket(socket: Duplex, request: http.ClientRequest): void;
}

interface AddingRequests extends http.Agent {
  addRequest(request: http.ClientRequest, options: unknown): void;
}

class Connection implements AnswerConnection {
  isTrusted = true;
  answers = 0;
  readonly #onDistrust: (() => void)[] = [];
  #request: http.ClientRequest | undefined;
  #isOpen = true;
  #begunAtMs = 0;
  #endedAtMs = 0;
  #slowestMs = 0;

  beginAnswer(request: http.ClientRequest): void {
    this.#request = request;
    this.#begunAtMs = performance.now();
  }

  /** Returns the request that was answered. */
  endAnswer(): http.ClientRequest | undefined {
    const request = this.#request;
    this.#request = undefined;
    this.answers += 1;
    this.#endedAtMs = performance.now();
    this.#slowestMs = Math.max(this.#slowestMs, this.#endedAtMs - this.#begunAtMs);
    return request;
  }

  onDistrust(callback: () => void): void {
    if (this.isTrusted) this.#onDistrust.push(callback);
    else callback();
  }

  distrust(): void {
    if (!this.isTrusted) return;
    this.isTrusted = false;
    for (const callback of this.#onDistrust.splice(0)) callback();
  }

  close(): void {
    this.#isOpen = false;
    this.#request = undefined;
    this.#onDistrust.length = 0;
  }

  async quiet(): Promise<void> {
    // Were the answers shifted by one, the last one would still be on its way.
    const untilMs = this.#endedAtMs + Math.min(2 * this.#slowestMs, MAX_QUIET_MS);
    while (this.isTrusted && this.#isOpen && this.answers > 1 && performance.now() < untilMs) {
      await delay(Math.ceil(untilMs - performance.now()));
    }
  }
}
