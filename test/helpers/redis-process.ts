import type { ChildProcess } from 'node:child_process';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listenOnLoopback } from './loopback-server.ts';

export interface RedisServerOptions {
  /** Of the user `default`; none by default. */
  readonly password?: string;
  /** Speaks TLS with this certificate instead of plain text. */
  readonly tls?: { readonly keyFile: string; readonly certFile: string };
  /** Further lines of its configuration. */
  readonly config?: readonly string[];
}

/** A real Redis server on 127.0.0.1 that keeps nothing on the disk. */
export interface RedisServer {
  readonly port: number;
  /** `redis://…`, or `rediss://…`, with the password. */
  readonly url: string;
  /** Kills it; nothing listens on its port then. */
  kill(): Promise<void>;
  /** Starts it again on the same port, empty. */
  restart(): Promise<void>;
  /** Stops it in the middle of whatever it does: connections stay open, and nothing is answered. */
  freeze(): void;
  /** What `redis-cli` prints for a command. */
  readonly command: (...words: readonly string[]) => string;
}

/** One that does not end by itself. */
export interface LaunchedRedis extends RedisServer {
  /** Kills it, and removes what it needed. */
  close(): Promise<void>;
}

/** Starts a server, to be closed. Throws, and says how to get it, where it is not installed: what needs it must not pass without it. */
export async function launchRedis({ password, tls, config = [] }: RedisServerOptions = {}): Promise<LaunchedRedis> {
  const port = await takeFreePort();
  const dir = mkdtempSync(join(tmpdir(), 'cct-redis-'));
  const ports = tls ? ['--port', '0', '--tls-port', String(port)] : ['--port', String(port)];
  const secure = tls
    ? [
        '--tls-cert-file',
        tls.certFile,
        '--tls-key-file',
        tls.keyFile,
        '--tls-ca-cert-file',
        tls.certFile,
        '--tls-auth-clients',
        'no',
      ]
    : [];
  const secret = password === undefined ? [] : ['--requirepass', password];
  const args = [
    ...ports,
    ...secure,
    ...secret,
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
    '--dir',
    dir,
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
