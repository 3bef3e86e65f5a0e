import type http from 'node:http';
import type { Socket } from 'node:net';
import { tapAgent, watchAgent } from './agent-hooks.ts';
import { Connection } from './connection.ts';
import type { LiveConnection } from './connection.ts';

/** The connections of one client, watched for surplus responses, which shift all later answers by one. */
export interface Connections {
  /** Watches the connections of an agent. */
  watch(agent: http.Agent): void;
  /** Wraps the agent for one request; `onConnection` receives the request's connection. */
  tap(agent: http.Agent, onConnection: (connection: LiveConnection) => void): http.Agent;
}

export interface ConnectionsOptions {
  /** Called once, at the first surplus response. */
  readonly onSurplus: () => void;
}

// Below the limit of common servers, which close the connection at theirs, before its answers are confirmed.
const MAX_ANSWERS = 25;

/**
 * Watches connections. A byte before the first request, on an idle connection or after an answer is a surplus: then all open connections
 * lose trust, and each later request gets its own. A connection that is not reused stays open until its answers are confirmed.
 */
export function createConnections(options: ConnectionsOptions): Connections {
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

  /** The first surplus affects all open connections. Later ones affect only their own, since each then carries one answer. */
  const onSurplus = (at: Socket): void => {
    if (!isReusing) {
      connectionOf(at).distrust();
      return;
    }
    isReusing = false;
    options.onSurplus();
    for (const [connection, socket] of open) {
      connection.distrust();
      if (connection.isIdle) socket.destroy();
    }
  };

  const endAnswer = (socket: Socket): boolean => {
    const connection = connectionOf(socket);
    const request = connection.endAnswer();
    if (socket.readableLength > 0 || wasEndedByParser(socket, request)) onSurplus(socket);
    if (socket.destroyed || (isReusing && connection.answers < MAX_ANSWERS)) return true;
    void connection.confirmed().then(() => socket.destroy());
    return false;
  };

  return {
    watch: (agent) => watchAgent(agent, { endAnswer, onSurplus }),
    tap: (agent, onConnection) =>
      tapAgent(agent, (socket, request) => {
        const connection = connectionOf(socket);
        connection.beginAnswer(request);
        onConnection(connection);
      }),
  };
}

/** Whether Node's parser destroyed a connection. It does so, without an error, on a second response to one request. */
function wasEndedByParser(socket: Socket, request: http.ClientRequest | undefined): boolean {
  // node-fetch aborts a request whose body is not read to the end.
  const wasEndedHere = request === undefined || Reflect.get(request, 'aborted');
  return socket.destroyed && !socket.readableEnded && !socket.errored && !wasEndedHere;
}
