import type { ChildProcess } from 'node:child_process';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listenOnLoopback } from './loopback-server.ts';

export interface RedisServerOptions {
  /** The password of the user `default`; none by default. */
  readonly password?: string;
  /** Serves TLS with this certificate. */
  readonly tls?: { readonly keyFile: string; readonly certFile: string };
  /** Further lines of its configuration. */
  readonly config?: readonly string[];
}

/** A real Redis server on 127.0.0.1, without persistence. */
export interface RedisServer {
  readonly port: number;
  /** `redis://…`, or `rediss://…`, with the password. */
  readonly url: string;
  /** Kills it, and frees its port. */
  kill(): Promise<void>;
  /** Starts it again on the same port, empty. */
  restart(): Promise<void>;
  /** Suspends it: connections stay open without answers. */
  freeze(): void;
  /** The output of `redis-cli` for a command. */
  readonly command: (...words: readonly string[]) => string;
}

/** A server that does not end with the test. */
export interface LaunchedRedis extends RedisServer {
  /** Kills it, and removes its files. */
  close(): Promise<void>;
}

/** Starts a server, to be closed. Throws, and says how to install it, where it is missing: no test may pass without it. */
export async function launchRedis({ password, tls, config = [] }: RedisServerOptions = {}): Promise<LaunchedRedis> {
  const port = await takeFreePort();
  const dir = mkdtempSync(join(tmpdir(), 'cct-redis-'));
  const secure = tls && ['--tls-cert-file', tls.certFile, '--tls-key-file', tls.keyFile, '--tls-ca-cert-file', tls.certFile];
  const args = [
    ...['--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', dir],
    ...(secure ? ['--port', '0', '--tls-port', String(port), ...secure, '--tls-auth-clients', 'no'] : ['--port', String(port)]),
    ...(password === undefined ? [] : ['--requirepass', password]),
    ...config,
  ];
  let child: ChildProcess | undefined;
  const start = async () => {
    child = await startServer(args);
  };
  const kill = async () => {
    const running = child;
    child = undefined;
    if (running && running.exitCode === null) {
      const ended = new Promise((resolve) => running.once('exit', resolve));
      running.kill('SIGKILL');
      await ended;
    }
  };
  await start();
  return {
    port,
    url: `${tls ? 'rediss' : 'redis'}://${password === undefined ? '' : `:${encodeURIComponent(password)}@`}127.0.0.1:${port}`,
    kill,
    async close() {
      await kill();
      rmSync(dir, { recursive: true, force: true });
    },
    restart: start,
    freeze: () => void child?.kill('SIGSTOP'),
    command: (...words) => spawnSync('redis-cli', ['-p', String(port), ...words], { encoding: 'utf8' }).stdout.trim(),
  };
}

async function takeFreePort(): Promise<number> {
  const server = await listenOnLoopback(createServer());
  await server.close();
  return server.port;
}

function startServer(args: readonly string[]): Promise<ChildProcess> {
  const child = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'pipe'] });
  return new Promise((resolve, reject) => {
    let said = '';
    const listen = (text: string) => {
      said += text;
      if (said.includes('Ready to accept connections')) resolve(child);
    };
    child.stdout.setEncoding('utf8').on('data', listen);
    child.stderr.setEncoding('utf8').on('data', listen);
    child.once('error', (error) =>
      reject(
        new Error(
          'redis-server cannot be started, and the tests of --cache-url need it: apt-get install redis-server, or brew install redis',
          { cause: error },
        ),
      ),
    );
    child.once('exit', () => reject(new Error(`redis-server ended: ${said}`)));
  });
}
