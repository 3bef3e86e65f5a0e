import { onTestFinished } from 'vitest';
import type { RelayApp } from '../../src/relay/app.ts';
import type { RefusedRequest } from '../../src/relay/http/refusals.ts';
import type { RelayServer, ServerLimits, ServerOptions } from '../../src/relay/http/server.ts';
import { startServer } from '../../src/relay/http/server.ts';

/** A server of the relay on a free port. */
export interface Served extends RelayServer {
  readonly port: number;
  /** The requests that it refused so far. */
  readonly refused: readonly RefusedRequest[];
}

/** Serves an app until the test ends, and looks every 20 ms at what takes too long. */
export async function serve(app: RelayApp, limits: ServerLimits = {}, options: Partial<ServerOptions> = {}): Promise<Served> {
  const refused: RefusedRequest[] = [];
  const server = await startServer(app, {
    host: '127.0.0.1',
    port: 0,
    limits: { checkEveryMs: 20, firstProbeMs: 20, ...limits },
    onRefused: (request) => void refused.push(request),
    ...options,
  });
  onTestFinished(() => server.stop(0));
  return { ...server, port: Number(new URL(server.url).port), refused };
}

/** An app that answers at once with what it was asked. */
export const echo: RelayApp = async (request) =>
  new Response(`${request.method} ${new URL(request.url).pathname} ${await request.text()}`);

/** The bytes of a GET. */
export const toRequest = (path: string, ...headers: readonly string[]) =>
  [`GET ${path} HTTP/1.1`, 'Host: relay.example', ...headers, '', ''].join('\r\n');
