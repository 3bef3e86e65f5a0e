import type { EventEmitter } from 'node:events';
import type http from 'node:http';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { systemCodeOf } from '../../core/errors.ts';
import { Connection } from './connection.ts';
import type { LiveConnection } from './connection.ts';
import { EARLY_RESPONSE_CODE } from './failures.ts';
import { answerSwitches } from './switching.ts';

/** The connections of one client, watched for surplus responses, which shift all later answers by one. */
export interface Connections {
  /** Watches the connections of an agent. */
  watch(agent: http.Agent): void;
  /** An agent for one request; `onConnection` receives the request's connection. */
  tap(agent: http.Agent, onConnection: (connection: LiveConnection) => void): http.Agent;
}

export interface ConnectionsOptions {
  /** Called once, at the first surplus response. */
  readonly onSurplus: () => void;
}

// Below the limit of common servers, which would close the connection before its answers are confirmed.
const MAX_ANSWERS = 25;
// A server that sends before the request does so at once.
const GREETING_MS = 5;

/**
 * Watches connections. A byte before the first request, on an idle connection or behind an answer is a surplus: no open connection is
 * trusted any more, and each later request gets its own. A connection that is not reused stays open until its answers are confirmed.
 */
export function createConnections({ onSurplus }: ConnectionsOptions): Connections {
  const known = new WeakMap<Socket, Connection>();
  const open = new Map<Connection, Socket>();
  let isReusing = true;

  const connectionOf = (socket: Socket): Connection => {
    const found = known.get(socket);
    if (found) return found;
    const connection = new Connection({ isSuspect: !isReusing });
    known.set(socket, connection);
    open.set(connection, socket);
    socket.once('close', () => {
      open.delete(connection);
      connection.close();
    });
    return connection;
  };

  /** The first surplus concerns all open connections; later ones only their own, since each carries one answer then. */
  const reportSurplus = (at: Socket): void => {
    if (!isReusing) {
      connectionOf(at).distrust();
      return;
    }
    isReusing = false;
    onSurplus();
    for (const [connection, socket] of open) {
      connection.distrust();
      if (connection.isIdle) socket.destroy();
    }
  };

  function refuse(this: Socket) {
    reportSurplus(this);
    this.destroy();
  }

  /** Removes a connection from its agent, and closes it when its answers are confirmed. */
  const retire = (socket: Socket, connection: Connection): void => {
    socket.emit('agentRemove');
    socket.on('data', refuse).on('error', () => undefined);
    void connection.confirmed().then(() => socket.destroy());
  };

  return {
    watch(given) {
      const agent = given as WatchedAgent;
      const [release] = agent.listeners('free') as ((socket: Socket, options: unknown) => void)[];
      agent.removeAllListeners('free');
      agent.on('free', (socket: Socket, options: unknown) => {
        const connection = connectionOf(socket);
        const request = connection.endAnswer();
        if (socket.readableLength > 0 || wasEndedByParser(socket, request)) reportSurplus(socket);
        if (!socket.destroyed && (!isReusing || connection.answers >= MAX_ANSWERS)) retire(socket, connection);
        else release?.call(agent, socket, options);
      });
      const keep = agent.keepSocketAlive.bind(agent);
      const reuse = agent.reuseSocket.bind(agent);
      const create = agent.createSocket.bind(agent);
      agent.keepSocketAlive = (socket) => {
        const isKept = keep(socket);
        if (isKept) socket.on('data', refuse);
        return isKept;
      };
      agent.reuseSocket = (socket, request) => {
        socket.off('data', refuse);
        reuse(socket, request);
      };
      agent.createSocket = (request, options, callback) => {
        create(request, options, (error, socket) => {
          if (error || !socket) callback(error, socket);
          else
            awaitSilence(socket, request, (failure) => {
              if (systemCodeOf(failure) === EARLY_RESPONSE_CODE) reportSurplus(socket);
              callback(failure, socket);
            });
        });
      };
    },
    tap(agent, onConnection) {
      const tapped = Object.create(agent) as WatchedAgent;
      tapped.addRequest = (request, options) => {
        answerSwitches(request);
        request.once('socket', (socket: Socket) => {
          const connection = connectionOf(socket);
          connection.beginAnswer(request);
          onConnection(connection);
        });
        (agent as WatchedAgent).addRequest(request, options);
      };
      return tapped;
    },
  };
}

/** Calls back when a new connection is open and silent; with an error when the server sent first or cannot be reached. */
function awaitSilence(socket: Socket, request: http.ClientRequest, callback: (error: Error | null) => void): void {
  // An aborted request without a connection emits only the old `abort`.
  const events: EventEmitter = request;
  const giveUp = () => socket.destroy();
  const finish = (error: Error | null): void => {
    events.off('abort', giveUp);
    socket.off('error', finish).off('close', end);
    callback(error);
  };
  const end = () => finish(Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }));
  const check = () => {
    if (socket.destroyed) return;
    const hasSpoken = socket.readableLength > 0;
    if (hasSpoken) socket.destroy();
    finish(hasSpoken ? Object.assign(new Error('a response came before the request'), { code: EARLY_RESPONSE_CODE }) : null);
  };
  const wait = () => setTimeout(check, GREETING_MS);
  events.once('abort', giveUp);
  socket.once('error', finish).once('close', end);
  if (socket instanceof TLSSocket && Reflect.get(socket, 'secureConnecting') === true) socket.once('secureConnect', wait);
  else if (socket.connecting) socket.once('connect', wait);
  else wait();
}

/** Whether Node's parser destroyed a connection, as it does at a second response to one request, without an error. */
function wasEndedByParser(socket: Socket, request: http.ClientRequest | undefined): boolean {
  // node-fetch aborts a request whose body is not read to the end.
  const wasEndedHere = request === undefined || Reflect.get(request, 'aborted');
  return socket.destroyed && !socket.readableEnded && !socket.errored && !wasEndedHere;
}

/** Methods that Node documents for overriding, but its types omit. */
interface WatchedAgent extends http.Agent {
  /** Called at the end of a response; whether the connection is kept for the next request. */
  keepSocketAlive(socket: Socket): boolean;
  reuseSocket(socket: Socket, request: http.ClientRequest): void;
  createSocket(request: http.ClientRequest, options: unknown, callback: (error: Error | null, socket?: Socket) => void): void;
  addRequest(request: http.ClientRequest, options: unknown): void;
}
