import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { listenOnLoopback } from './loopback-server.ts';

/** The answer of a key host. */
export interface FakeJwksAnswer {
  /** The members of the key set. None by default. */
  readonly keys: readonly unknown[];
  /** 200 by default. */
  readonly status: number;
  /** A body instead of the key set. */
  readonly body: string | undefined;
}

export interface FakeJwksOptions extends Partial<FakeJwksAnswer> {
  /** A key and its certificate, as PEM, to speak https; plain http without. */
  readonly tls?: { readonly key: string; readonly cert: string };
}

/** A running key host. */
export interface FakeJwks {
  /** `https://127.0.0.1:PORT/`, or http. */
  readonly url: string;
  /** `127.0.0.1:PORT`, as `--jwks-host` takes it. */
  readonly host: string;
  /** Each request as `GET /path`, in order. */
  readonly requests: string[];
  /** Connections accepted, TLS handshakes that failed included. */
  readonly connections: number;
  /** Changes the answers from the next request on. */
  set(changes: Partial<FakeJwksAnswer>): void;
  /** Ends every connection; may be called twice, never rejects. */
  close(): Promise<void>;
}

/** Starts a host on 127.0.0.1 that serves a key set at `/.well-known/jwks`. */
export async function startFakeJwks({ tls, ...answer }: FakeJwksOptions = {}): Promise<FakeJwks> {
  const current: FakeJwksAnswer = { keys: [], status: 200, body: undefined, ...answer };
  const requests: string[] = [];
  const handle = ({ method = '', url: path = '' }: IncomingMessage, response: ServerResponse): void => {
    requests.push(`${method} ${path}`);
    if (path !== '/.well-known/jwks') {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(current.status, { 'Content-Type': 'application/json' });
    response.end(current.body ?? JSON.stringify({ keys: current.keys }));
  };
  const server = await listenOnLoopback(tls === undefined ? createServer(handle) : createTlsServer(tls, handle));
  const host = `127.0.0.1:${server.port}`;
  return {
    url: `${tls === undefined ? 'http' : 'https'}://${host}/`,
    host,
    requests,
    get connections() {
      return server.connections;
    },
    set: (changes) => void Object.assign(current, changes),
    close: () => server.close(),
  };
}
