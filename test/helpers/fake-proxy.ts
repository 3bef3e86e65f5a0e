import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, request as sendRequest } from 'node:http';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { listenOnLoopback } from './loopback-server.ts';

/** A request: `target` is the whole URL of a plain request, `host:port` of a CONNECT. */
export interface ProxiedRequest {
  readonly method: string;
  readonly target: string;
}

export interface FakeProxyOptions {
  /** Required by Basic authentication; without them the answer is 407. */
  readonly credentials?: { readonly user: string; readonly password: string };
}

/** A running proxy. */
export interface FakeProxy {
  /** `http://127.0.0.1:PORT/`, without credentials. */
  readonly url: string;
  /** Refused ones included. */
  readonly requests: ProxiedRequest[];
  /** Ends every connection and tunnel; never rejects. */
  close(): Promise<void>;
}

const PLAIN_TARGET = /^http:\/\/127\.0\.0\.1:(\d+)(\/.*)$/;
const TUNNEL_TARGET = /^127\.0\.0\.1:(\d+)$/;
const HOP_BY_HOP = ['proxy-authorization', 'proxy-connection', 'connection', 'keep-alive'];

/** Starts an HTTP proxy on 127.0.0.1 that forwards and tunnels to 127.0.0.1; other targets get 403. */
export async function startFakeProxy({ credentials }: FakeProxyOptions = {}): Promise<FakeProxy> {
  const requests: ProxiedRequest[] = [];
  const tunnels = new Set<Socket>();
  const expected = credentials && `Basic ${Buffer.from(`${credentials.user}:${credentials.password}`).toString('base64')}`;

  const isAllowed = ({ headers }: IncomingMessage): boolean =>
    expected === undefined || headers['proxy-authorization'] === expected;

  const forward = (request: IncomingMessage, response: ServerResponse): void => {
    const { method = '', url: target = '' } = request;
    requests.push({ method, target });
    const [, port, path] = PLAIN_TARGET.exec(target) ?? [];
    if (!isAllowed(request)) response.writeHead(407, { 'Proxy-Authenticate': 'Basic realm="proxy"' }).end();
    else if (port === undefined || path === undefined) response.writeHead(403).end();
    else relay(request, response, Number(port), path);
  };

  const tunnel = (request: IncomingMessage, client: Duplex, head: Buffer): void => {
    const { method = '', url: target = '' } = request;
    requests.push({ method, target });
    // The server no longer handles the errors of this socket: one would end the process.
    client.on('error', () => client.destroy());
    const port = TUNNEL_TARGET.exec(target)?.[1];
    if (!isAllowed(request)) {
      client.end(
        'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="proxy"\r\nContent-Length: 0\r\n\r\n',
      );
    } else if (port === undefined) {
      client.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n');
    } else {
      tunnels.add(openTunnel(client, head, Number(port)));
    }
  };

  const server = await listenOnLoopback(createServer(forward).on('connect', tunnel));
  return {
    url: `http://127.0.0.1:${server.port}/`,
    requests,
    close() {
      for (const upstream of tunnels) upstream.destroy();
      return server.close();
    },
  };
}

function relay(request: IncomingMessage, response: ServerResponse, port: number, path: string): void {
  const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => !HOP_BY_HOP.includes(name)));
  const upstream = sendRequest({ host: '127.0.0.1', port, method: request.method, path, headers, agent: false });
  upstream.on('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
    answer.pipe(response);
    answer.once('error', () => response.destroy());
  });
  upstream.on('error', () => {
    if (response.headersSent) response.destroy();
    else response.writeHead(502).end();
  });
  response.once('close', () => upstream.destroy());
  request.pipe(upstream);
}

function openTunnel(client: Duplex, head: Buffer, port: number): Socket {
  const upstream = connect(port, '127.0.0.1', () => {
    client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    upstream.write(head);
    upstream.pipe(client).pipe(upstream);
  });
  upstream.once('close', () => client.destroy());
  client.once('close', () => upstream.destroy());
  upstream.on('error', () => client.destroy());
  return upstream;
}
