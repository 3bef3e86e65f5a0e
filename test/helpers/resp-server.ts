import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { createServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { onTestFinished } from 'vitest';
import type { RedisServer, RedisServerOptions } from './redis-process.ts';
import type { Reply, RespStore } from './resp-store.ts';
import { createRespStore } from './resp-store.ts';

const NO_AUTH = { error: 'NOAUTH Authentication required.' };
const WRONG_PASS = { error: 'WRONGPASS invalid username-password pair or user is disabled.' };

/** A small server of Redis' protocol in this process, until the test ends. For the commands of the tests it behaves as Redis. */
export async function startRespServer({ password, tls }: Omit<RedisServerOptions, 'config'> = {}): Promise<RedisServer> {
  const sockets = new Set<Socket>();
  let databases = new Map<string, RespStore>();
  let isFrozen = false;
  const databaseOf = (name: string): RespStore => {
    const database = databases.get(name) ?? createRespStore();
    databases.set(name, database);
    return database;
  };

  const serve = (socket: Socket): void => {
    let heard: Buffer = Buffer.alloc(0);
    let database = '0';
    let isKnown = password === undefined;
    const answer = (words: readonly Buffer[]): Reply => {
      const [name, ...rest] = words.map((word) => word.toString('utf8'));
      if (name === 'AUTH') isKnown = rest.at(-1) === password;
      if (!isKnown) return name === 'AUTH' ? WRONG_PASS : NO_AUTH;
      if (name === 'SELECT') database = rest[0] ?? '';
      return name === 'AUTH' || name === 'SELECT' ? { status: 'OK' } : databaseOf(database).run(words);
    };
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // A client that gives up resets the connection.
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      if (isFrozen) return;
      heard = Buffer.concat([heard, chunk]);
      for (let read = readCommand(heard); read; read = readCommand(heard)) {
        heard = heard.subarray(read.length);
        socket.write(writeReply(answer(read.words)));
      }
    });
  };
  const server = tls
    ? createTlsServer({ key: readFileSync(tls.keyFile), cert: readFileSync(tls.certFile) }, serve)
    : createServer(serve);
  const listen = (port: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => resolve());
    });
  const kill = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });

  await listen(0);
  onTestFinished(kill);
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const user = password === undefined ? '' : `:${encodeURIComponent(password)}@`;
  return {
    port,
    url: `${tls ? 'rediss' : 'redis'}://${user}127.0.0.1:${port}`,
    kill,
    restart() {
      databases = new Map();
      return listen(port);
    },
    freeze: () => (isFrozen = true),
    command: (...words) => printReply(databaseOf('0').run(words.map((word) => Buffer.from(word)))),
  };
}

/** The first command, an array of bulk strings, and its length in bytes; undefined while it is incomplete. */
function readCommand(heard: Buffer): { readonly words: Buffer[]; readonly length: number } | undefined {
  let at = 0;
  const readLength = (): number | undefined => {
    const end = heard.indexOf('\r\n', at);
    if (end < 0) return undefined;
    const length = Number(heard.toString('latin1', at + 1, end));
    at = end + 2;
    return length;
  };
  const count = readLength();
  if (count === undefined) return undefined;
  const words: Buffer[] = [];
  while (words.length < count) {
    const length = readLength();
    if (length === undefined || heard.length < at + length + 2) return undefined;
    words.push(heard.subarray(at, at + length));
    at += length + 2;
  }
  return { words, length: at };
}

function writeReply(reply: Reply): Buffer {
  if (reply === null) return Buffer.from('$-1\r\n');
  if (typeof reply === 'number') return Buffer.from(`:${reply}\r\n`);
  if (Buffer.isBuffer(reply)) return Buffer.concat([Buffer.from(`$${reply.length}\r\n`), reply, Buffer.from('\r\n')]);
  if ('status' in reply) return Buffer.from(`+${reply.status}\r\n`);
  if ('error' in reply) return Buffer.from(`-${reply.error}\r\n`);
  return Buffer.concat([Buffer.from(`*${reply.length}\r\n`), ...reply.map(writeReply)]);
}

/** A reply in the format of `redis-cli`. */
function printReply(reply: Reply): string {
  if (reply === null) return '';
  if (typeof reply === 'number' || Buffer.isBuffer(reply)) return String(reply);
  if ('status' in reply) return reply.status;
  if ('error' in reply) return reply.error;
  return reply.map(String).join('\n');
}
