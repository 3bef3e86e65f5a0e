import type { EventEmitter } from 'node:events';
import type http from 'node:http';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { systemCodeOf } from '../../core/errors.ts';
import { EARLY_RESPONSE_CODE } from './failures.ts';

/** Events on the connections of an agent. */
export interface AgentHooks {
  /** Called after each answer. Returns whether the agent may use the connection again. */
  readonly endAnswer: (socket: Socket) => boolean;
  /** Called when bytes arrive that belong to no request. The connection is then closed. */
  readonly onSurplus: (socket: Socket) => void;
}

// A server that sends before the request does so immediately.
const GREETING_MS = 5;

/** Calls the hooks for all connections of an agent, from now on. */
export function watchAgent(given: http.Agent, { endAnswer, onSurplus }: AgentHooks): void {
  const agent = given as HookedAgent;
  function refuse(this: Socket) {
    onSurplus(this);
    this.destroy();
  }
  const [release] = agent.listeners('free') as ((socket: Socket, options: unknown) => void)[];
  agent.removeAllListeners('free');
  agent.on('free', (socket: Socket, options: unknown) => {
    if (endAnswer(socket)) {
      release?.call(agent, socket, options);
      return;
    }
    socket.emit('agentRemove');
    socket.on('data', refuse).on('error', () => undefined);
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
          if (systemCodeOf(failure) === EARLY_RESPONSE_CODE) onSurplus(socket);
          callback(failure, socket);
        });
    });
  };
}

/** Wraps the agent for one request; `onSocket` receives the request's connection. */
export function tapAgent(agent: http.Agent, onSocket: (socket: Socket, request: http.ClientRequest) => void): http.Agent {
  const tapped = Object.create(agent) as HookedAgent;
  tapped.addRequest = (request, options) => {
    answerSwitches(request);
    request.once('socket', (socket: Socket) => onSocket(socket, request));
    (agent as HookedAgent).addRequest(request, options);
  };
  return tapped;
}

/** Calls back when a new connection is open and silent, or with an error if the server sends first or is unreachable. */
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

const SWITCHING_PROTOCOLS = 101;

/**
 * Treats a 101 like any other answer, and as the last on its connection, which then no longer speaks HTTP. Node emits a different event for
 * a 101 with `Upgrade`; without this, node-fetch would wait for its timeout.
 */
function answerSwitches(request: http.ClientRequest): void {
  request.once('upgrade', (response, socket) => {
    socket.destroy();
    request.emit('response', response);
  });
  request.once('response', ({ statusCode }) => {
    if (statusCode === SWITCHING_PROTOCOLS) request.shouldKeepAlive = false;
  });
}

/** Methods that Node documents for overriding, but its types omit. */
interface HookedAgent extends http.Agent {
  /** Called at the end of a response. Returns whether to keep the connection for the next request. */
  keepSocketAlive(socket: Socket): boolean;
  reuseSocket(socket: Socket, request: http.ClientRequest): void;
  createSocket(request: http.ClientRequest, options: unknown, callback: (error: Error | null, socket?: Socket) => void): void;
  addRequest(request: http.ClientRequest, options: unknown): void;
}
