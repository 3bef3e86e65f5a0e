import type { Server as HttpServer } from 'node:http';
import { Server as TlsServer } from 'node:https';
import type { Socket } from 'node:net';
import { networkInterfaces } from 'node:os';

/** A server on a free loopback port. */
export interface LoopbackServer {
  readonly port: number;
  /** Connections accepted since the start, TLS handshakes that failed included. */
  readonly connections: number;
  /** Closes all connections and frees the port. May be called twice; never rejects. */
  close(): Promise<void>;
}

/** Starts a server of `node:http` or `node:https`; rejects when it cannot listen. */
export async function listenOnLoopback(
  server: HttpServer | TlsServer,
  host: '127.0.0.1' | '::1' = '127.0.0.1',
): Promise<LoopbackServer> {
  const sockets = new Set<Socket>();
  let connections = 0;
  const remember = (socket: Socket): void => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  };
  server.on('connection', (socket: Socket) => {
    connections += 1;
    remember(socket);
  });
  if (server instanceof TlsServer) server.on('secureConnection', remember);
  // A keep-alive that the server ends races with the client's next request.
  server.keepAliveTimeout = 0;

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server listens on no port');

  return {
    port: address.port,
    get connections() {
      return connections;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Whether this machine has `::1`; not every container does. */
export const hasIpv6 = Object.values(networkInterfaces()).some((addresses) =>
  addresses?.some(({ address }) => address === '::1'),
);
