import type { EventEmitter } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import type { LookupFunction, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { HttpsProxyAgent } from 'https-proxy-agent';
import { createConnections } from './connections.ts';
import type { LiveConnection } from './connection.ts';

/** A step of a lookup, shown with `-v` and `--debug`. */
export interface TraceEvent {
  readonly kind: 'proxy' | 'connection' | 'reply' | 'challenge' | 'retry';
  readonly text: string;
  readonly tookMs?: number;
}

export type Trace = (event: TraceEvent) => void;

/** Connections to the tracker, kept open between requests. */
export interface Agents {
  /** Returns the agent for one request to this URL, through its proxy; `onConnection` receives the request's connection. */
  readonly agentFor: (url: URL, onConnection: (connection: LiveConnection) => void) => Promise<http.Agent>;
  close(): void;
}

export interface AgentsOptions {
  /** Returns the proxy for a URL, or ''. May throw a `CctError`. */
  readonly proxyFor: (url: URL) => string;
  readonly maxSockets: number;
  /** Whether connections are used for more than one request. Default true. */
  readonly isReusing?: boolean;
  readonly trace: Trace;
  /** Resolves host names, unless a proxy does. Default: the system's resolver. */
  readonly lookup?: LookupFunction | undefined;
}

const TRACED = { lookup: 'DNS lookup', connect: 'connect', secureConnect: 'TLS handshake' } as const;

/** Opens one agent for each origin. Proxy code is loaded only for a proxy. Rejects as `proxyFor` does for `apiUrl`. */
export async function openAgents(apiUrl: URL, options: AgentsOptions): Promise<Agents> {
  const { proxyFor, trace } = options;
  const agents = new Map<string, Promise<http.Agent>>();
  const connections = createConnections({
    onSurplus: () =>
      trace({ kind: 'connection', text: 'received a response that matches no request; connections are no longer reused' }),
  });
  const watched = (agent: http.Agent) => {
    connections.watch(agent);
    return agent;
  };
  const agentOf = (url: URL): Promise<http.Agent> => {
    const opening = agents.get(url.origin) ?? openAgent(url.protocol === 'https:', proxyFor(url), options).then(watched);
    agents.set(url.origin, opening);
    return opening;
  };
  await agentOf(apiUrl);
  return {
    agentFor: async (url, onConnection) => connections.tap(await agentOf(url), onConnection),
    close() {
      for (const opening of agents.values())
        void opening.then(
          (agent) => agent.destroy(),
          () => undefined,
        );
    },
  };
}

async function openAgent(isSecure: boolean, proxy: string, options: AgentsOptions): Promise<http.Agent> {
  const { maxSockets, isReusing: keepAlive = true, trace, lookup } = options;
  // LIFO keeps few connections busy, rather than many nearly idle ones that the server is about to close.
  const common = { keepAlive, maxSockets, scheduling: 'lifo' } as const;
  if (proxy !== '') {
    trace({ kind: 'proxy', text: withoutPassword(proxy) });
    return openProxyAgent(isSecure, proxy, common);
  }
  const direct = { ...common, ...(lookup && { lookup }) };
  const agent = isSecure ? new https.Agent(direct) : new http.Agent(direct);
  traceConnections(agent, trace);
  return agent;
}

async function openProxyAgent(isSecure: boolean, proxy: string, options: http.AgentOptions): Promise<http.Agent> {
  const agent = isSecure
    ? new (await import('https-proxy-agent')).HttpsProxyAgent(proxy, options)
    : new (await import('http-proxy-agent')).HttpProxyAgent(proxy, options);
  abortWithRequest(agent);
  return agent;
}

interface ProxyAgent {
  connectOpts: { signal?: AbortSignal | undefined };
  connect(request: http.ClientRequest, options: Parameters<HttpsProxyAgent<string>['connect']>[1]): Promise<Socket>;
}

/** Aborts a connection through a proxy together with its request: the agents would wait for the proxy forever. */
function abortWithRequest(agent: ProxyAgent): void {
  const connect = agent.connect.bind(agent);
  agent.connect = async (request, options) => {
    const abandoned = new AbortController();
    const abandon = () => abandoned.abort();
    // When node-fetch aborts a request without a connection, it emits no `close`, only the deprecated `abort`.
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

/** A proxy's URL without user and password. */
export function withoutPassword(proxy: string): string {
  const url = new URL(proxy);
  return `${url.protocol}//${url.host}`;
}

type CreateConnection = (options: object, callback?: (error: Error | null, socket: Duplex) => void) => Socket;

function traceConnections(agent: http.Agent, trace: Trace): void {
  // Node documents overriding `agent.createConnection`, but its types declare it only on a subclass.
  const traced = agent as unknown as { createConnection: CreateConnection };
  const create = traced.createConnection.bind(agent);
  traced.createConnection = (options, callback) => {
    const startedMs = performance.now();
    const socket = create(options, callback);
    for (const [event, step] of Object.entries(TRACED)) {
      socket.once(event, (...details: unknown[]) => {
        const address = event === 'lookup' ? String(details[1]) : (socket.remoteAddress ?? '');
        const text = `${step}: ${address}`;
        trace({ kind: 'connection', text, tookMs: performance.now() - startedMs });
      });
    }
    return socket;
  };
}
