import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { startServer } from './live-tracker.ts';

/** A tracker that once sends a response that belongs to no request. */
export interface SurplusTracker {
  readonly url: string;
  /** The keys of its lookups, in order. */
  readonly keys: string[];
  readonly sockets: Socket[];
}

export interface SurplusOptions {
  /** The number of the lookup, from 1, before whose answer the surplus is sent. */
  readonly beforeAnswer: number;
  /** The message of the surplus. */
  readonly message: string;
  readonly latencyMs: number;
}

/** Starts a tracker that lists each key that contains `bad`, with the key as its family, until the test ends. */
export async function startSurplusTracker({ beforeAnswer, message, latencyMs }: SurplusOptions): Promise<SurplusTracker> {
  const keys: string[] = [];
  const sockets: Socket[] = [];
  const url = await startServer(({ url: path = '', socket }: IncomingMessage, response: ServerResponse) => {
    const key = new URL(path, 'http://tracker.example').searchParams.get('url');
    if (key === null) {
      response.end();
      return;
    }
    keys.push(key);
    if (!sockets.includes(socket)) sockets.push(socket);
    if (keys.length === beforeAnswer) socket.write(toResponse(message));
    setTimeout(() => response.end(toBody(key.includes('bad') ? `Malicious: ${key}` : 'Unknown url')), latencyMs);
  });
  return { url, keys, sockets };
}

/** The body of an answer. */
export function toBody(message: string): string {
  return JSON.stringify({ message });
}

/** A whole response. */
export function toResponse(message: string): string {
  const body = toBody(message);
  return `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}
