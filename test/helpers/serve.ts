import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { onTestFinished } from 'vitest';
import type { StopSignal } from '../../src/cli/io.ts';
import type { Run, RunOptions } from './run-cct.ts';
import { startMain } from './run-cct.ts';

/** A relay of `cct serve` in this process, on a free port. */
export interface ServedRelay {
  /** Without a slash at its end. */
  readonly url: string;
  readonly port: number;
  /** Sends a body by POST, as JSON unless it is text. */
  post(path: string, body: unknown, init?: RequestInit): Promise<Response>;
  /** The lines of the log so far. */
  logged(): LogLine[];
  /** Resolves when the log matches. */
  said(pattern: RegExp): Promise<RegExpExecArray>;
  stop(signal?: StopSignal): Promise<Run>;
}

export interface LogLine {
  readonly level: string;
  readonly msg: string;
  readonly [field: string]: unknown;
}

/** Starts `cct serve` until the test ends. */
export async function startServe(args: readonly string[], options: RunOptions = {}): Promise<ServedRelay> {
  const run = startMain(['serve', '--port', '0', ...args], { now: () => new Date(), ...options });
  const [, url = ''] = await run.said(/listening on (http:\/\/[\w.:[\]]+)/);
  const stop = (signal: StopSignal = 'SIGTERM') => {
    run.stop(signal);
    return run.finished;
  };
  onTestFinished(async () => {
    await stop();
  });
  return {
    url,
    port: Number(new URL(url).port),
    post: (path, body, init = {}) =>
      fetch(url + path, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body), ...init }),
    logged: () => run.stderrText().trimEnd().split('\n').map(parseLogLine),
    said: (pattern) => run.said(pattern),
    stop,
  };
}

function parseLogLine(line: string): LogLine {
  return JSON.parse(line) as LogLine;
}

/** A raw connection. */
export interface RawConnection {
  send(text: string): void;
  /** Resolves with all received text when the connection ends, or the text matches. */
  received(until?: RegExp): Promise<string>;
  readonly socket: Socket;
}

export function openRaw(port: number): RawConnection {
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  const chunks: Buffer[] = [];
  let isEnded = false;
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.on('close', () => (isEnded = true));
  // A server may cut a connection off; the text before counts.
  socket.on('error', () => undefined);
  const text = () => Buffer.concat(chunks).toString('latin1');
  return {
    socket,
    send: (bytes) => void socket.write(bytes),
    received: (until) =>
      new Promise((resolve) => {
        const look = () => {
          if (isEnded || until?.test(text()) === true) resolve(text());
        };
        socket.on('data', look);
        socket.on('close', look);
        look();
      }),
  };
}

// Shorter than the timeout of a test, whose message would not say what was awaited.
const WAIT_LIMIT_MS = 15_000;

/** Polls until the condition holds. Rejects after 15 s, with the condition. */
export async function waitUntil(isSo: () => boolean): Promise<void> {
  const endAtMs = performance.now() + WAIT_LIMIT_MS;
  while (!isSo()) {
    if (performance.now() > endAtMs) throw new Error(`Not so after ${WAIT_LIMIT_MS} ms: ${String(isSo)}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
