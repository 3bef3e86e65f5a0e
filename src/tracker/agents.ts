import type { EventEmitter } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import type { LookupFunction, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { HttpsProxyAgent } from 'https-proxy-agent';
import type { Trace } from './trace.ts';

/** Connections to the tracker, kept open between requests. */
export interface Agents {
  readonly agentFor: (url: URL) => http.Agent;
  close(): void;
}

export interface AgentsOptions {
  /** The proxy for a URL, or '' for none. */
  readonly proxyFor: (url: URL) => string;
  readonly maxSockets: number;
  readonly trace: Trace;
  /** Resolves names, where there is no proxy to do so; the system's way by default. */
  readonly lookup?: LookupFunction | undefined;
}

const TRACED = ['lookup', 'connect', 'secureConnect'] as const;

/** One agent for each way out: http, https, and through each proxy. Proxy code is loaded only when there is a proxy. */
export async function openAgents(apiUrl: URL, { proxyFor, maxSockets, trace, lookup }: AgentsOptions): Promise<Agents> {
  // LIFO keeps a few connections busy, rather than many half asleep and about to be closed by the server.
  const options = { keepAlive: true, maxSockets, scheduling: 'lifo' } as const;
  const proxy = proxyFor(apiUrl);
  const direct = { ...options, ...(lookup && { lookup }) };
  const plain = proxy === '' ? new http.Agent(direct) : await openHttpProxyAgent(proxy, options);
  const secure = proxy === '' ? new https.Agent(direct) : await openHttpsProxyAgent(proxy, options);
  for (const agent of [plain, secure]) dropTalkative(agent);
  if (proxy === '') for (const agent of [plain, secure]) traceConnections(agent, trace);
  else trace({ kind: 'proxy', text: withoutPassword(proxy) });
  return {
    agentFor: (url) => (url.protocol === 'https:' ? secure : plain),
    close() {
      plain.destroy();
      secure.destroy();
    },
  };
}

async function openHttpProxyAgent(proxy: string, options: http.AgentOptions): Promise<http.Agent> {
  const { HttpProxyAgent } = await import('http-proxy-agent');
  const agent = new HttpProxyAgent(proxy, options);
  letGoWithRequest(agent);
  return agent;
}

async function openHttpsProxyAgent(proxy: string, options: http.AgentOptions): Promise<http.Agent> {
  const { HttpsProxyAgent } = await import('https-proxy-agent');
  const agent = new HttpsProxyAgent(proxy, options);
  letGoWithRequest(agent);
  return agent;
}

interface Idling {
  keepSocketAlive(socket: Duplex): boolean;
  reuseSocket(socket: Duplex, request: http.ClientRequest): void;
}

/**
 * Ends a connection on which something comes while nothing is asked: an answer to nothing would pass for that of the next question.
 * What comes after the next question was sent cannot be told from its answer.
 */
function dropTalkative(agent: http.Agent): void {
  // Node documents both as the places to override, and that the first says whether the connection is kept; its types say nothing of that.
  const idling = agent as unknown as Idling;
  const [keep, reuse] = [idling.keepSocketAlive.bind(agent), idling.reuseSocket.bind(agent)];
  function drop(this: Duplex) {
    this.destroy();
  }
  idling.keepSocketAlive = (socket) => {
    const isKept = socket.readableLength === 0 && keep(socket);
    if (isKept) socket.on('data', drop);
    return isKept;
  };
  idling.reuseSocket = (socket, request) => {
    socket.off('data', drop);
    reuse(socket, request);
  };
}

interface ProxyAgent {
  connectOpts: { signal?: AbortSignal | undefined };
  connect(request: http.ClientRequest, options: Parameters<HttpsProxyAgent<string>['connect']>[1]): Promise<Socket>;
}

/** Ends the way through a proxy that is still being opened when its request is given up; the agents wait for the proxy's word for ever. */
function letGoWithRequest(agent: ProxyAgent): void {
  const connect = agent.connect.bind(agent);
  agent.connect = async (request, options) => {
    const abandoned = new AbortController();
    const abandon = () => abandoned.abort();
    // Without a connection a request that is given up emits no `close`, only the old `abort`; node-fetch sees to that one.
    const events: EventEmitter = request;
    if (request.destroyed) abandon();
    events.once('abort', abandon);
    agent.connectOpts.signal = abandoned.signal;
    try {
      return await connect(request, options);
    } finally {
      events.off('abort', abandon);
    }
  };
}

/** A proxy's URL without user and password, for people. */
export function withoutPassword(proxy: string): string {
  const url = new URL(proxy);
  return `${url.protocol}//${url.host}`;
}

type CreateConnection = (options: object, callback?: (error: Error | null, socket: Duplex) => void) => Socket;

function traceConnections(agent: http.Agent, trace: Trace): void {
  // Node documents `agent.createConnection` as the place to override; its types know it only on a subclass.
  const traced = agent as unknown as { createConnection: CreateConnection };
  const create = traced.createConnection.bind(agent);
  traced.createConnection = (options, callback) => {
    const startedMs = performance.now();
    const socket = create(options, callback);
    for (const step of TRACED) {
      socket.once(step, (...details: unknown[]) => {
        const text = step === 'lookup' ? `lookup of the name: ${String(details[1])}` : `${step}: ${socket.remoteAddress ?? ''}`;
        trace({ kind: 'connection', text, tookMs: performance.now() - startedMs });
      });
    }
    return socket;
  };
}
