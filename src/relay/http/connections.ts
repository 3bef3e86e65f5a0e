import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Refusal } from './problem.ts';

/** One connection, and the latest request on it. */
export class Connection {
  /** The other side's. Known from the start: it cannot be had any more when that has gone. */
  readonly address: string;
  readonly #socket: Socket;
  #request: IncomingMessage | undefined;
  #response: ServerResponse | undefined;
  #responseBefore: ServerResponse | undefined;
  #refusal: Refusal | undefined;
  /** What the other side's leaving means to the responses that are not sent. */
  readonly #leavers = new Map<ServerResponse, () => void>();
  /** It is about to be closed because of what came. */
  isRefused = false;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.address = socket.remoteAddress ?? '';
  }

  begin(request: IncomingMessage, response: ServerResponse): void {
    this.#request = request;
    this.#responseBefore = this.#response;
    this.#response = response;
  }

  /**
   * Calls back, once, when the other side goes before a response is sent; at once where it has gone already. Node tells a response of that
   * only while it is its turn to be sent.
   */
  onLeave(response: ServerResponse, callback: () => void): void {
    const end = () => {
      if (this.#leavers.delete(response) && !response.writableFinished) callback();
    };
    this.#leavers.set(response, end);
    if (this.#socket.destroyed) end();
    else response.once('close', end);
  }

  /** The other side has gone. */
  leave(): void {
    for (const end of this.#leavers.values()) end();
  }

  /** Whether the latest request has not come whole. */
  isReceiving(): boolean {
    return this.#request?.complete === false;
  }

  /** Whether bytes that are written now would be taken for the answer to what came last. */
  canBeAnswered(): boolean {
    const response = this.#response;
    if (!response || response.writableFinished) return true;
    // A response has its socket when those before it are sent.
    return this.isReceiving() && response.socket === this.#socket && !response.headersSent;
  }

  /** Whether answers to requests that came whole are still to be sent. */
  isAnswering(): boolean {
    return this.#lastToAnswer()?.writableFinished === false;
  }

  /** Lets the answers to requests that came whole go out, and closes the connection behind the last of them. */
  closeAfterAnswer(): void {
    const response = this.#lastToAnswer();
    if (response?.headersSent === false) response.setHeader('Connection', 'close');
    // Headers that are gone may have promised otherwise.
    response?.once('finish', () => this.#socket.destroySoon());
  }

  #lastToAnswer(): ServerResponse | undefined {
    return this.isReceiving() ? this.#responseBefore : this.#response;
  }

  /** Puts down why the latest request was cut off. */
  refuse(refusal: Refusal): void {
    this.#refusal = refusal;
  }

  /** Why the latest request was cut off, if it was. */
  get refusal(): Refusal | undefined {
    return this.#refusal;
  }

  /** Makes the next answer the last one, where that is not sent yet. */
  endWithNextAnswer(): void {
    const response = this.#response;
    if (response && !response.headersSent) response.setHeader('Connection', 'close');
  }
}

/** The connections that a server has. */
export interface Connections {
  of(socket: Socket): Connection;
  all(): Iterable<Connection>;
}

/** Keeps the connections of a server from now on. */
export function trackConnections(server: Server): Connections {
  const bySocket = new Map<Socket, Connection>();
  const add = (socket: Socket): Connection => {
    const connection = new Connection(socket);
    bySocket.set(socket, connection);
    socket.once('close', () => {
      bySocket.delete(socket);
      connection.leave();
    });
    return connection;
  };
  server.on('connection', add);
  return {
    // One that has gone is asked for when its last events come late.
    of: (socket) => bySocket.get(socket) ?? new Connection(socket),
    all: () => bySocket.values(),
  };
}
