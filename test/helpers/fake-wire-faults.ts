import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { recordedHeaders, renderAnswer } from './fake-pages.ts';

/*
 * Faults of the bytes of an answer. Where such an answer could pass for a whole one, it says that nothing is listed: a client that takes
 * it lets panels pass.
 */

/** A fault of the bytes with settings. */
export type WireFault =
  /** One byte each `intervalMs`: the whole answer with its head, or the body behind a whole head. */
  | { readonly kind: 'drip'; readonly intervalMs: number; readonly part: 'head' | 'body' }
  /** The right answer, and in the same packet a second one with this message. */
  | { readonly kind: 'second-answer'; readonly message: string }
  /** The right answer, and after a delay, in its own packet, a second one with this message. */
  | { readonly kind: 'late-second-answer'; readonly message: string; readonly delayMs: number }
  /** `100 Continue` repeatedly, and nothing else. */
  | { readonly kind: 'endless-continue'; readonly intervalMs: number };

/** The other faults of the bytes. */
export type WireFaultName = keyof typeof wireFaultsByName;

interface WireContext {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The body of the right answer. */
  readonly body: string;
}

const UNLISTED = renderAnswer('Unknown url');
const CHUNKED = 'Transfer-Encoding: chunked';
// Gzip may be several members, which is quickly made.
const BOMB_PIECES = 128;

const toLength = (text: string | number): string =>
  `Content-Length: ${typeof text === 'string' ? Buffer.byteLength(text) : text}`;
const toChunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`;
const wholeChunk = `${toChunk(UNLISTED)}0\r\n\r\n`;

/** Most lines of a text, whole; '' where it has none. */
const toCut = (text: string): string => text.slice(0, text.lastIndexOf('\n', text.length * 0.8) + 1);

const toAnswer = (body: string, ...headers: readonly string[]): string =>
  ['HTTP/1.1 200 OK', 'Content-Type: text/html; charset=UTF-8', ...headers, '', body].join('\r\n');

/** A fault that sends these bytes and closes the connection. */
const sending =
  (toBytes: (body: string) => string) =>
  ({ request, body }: WireContext): void =>
    void request.socket.end(toBytes(body));

/** A fault that sends this body in this encoding. */
const encoded =
  (body: () => string | Buffer, encoding = 'gzip') =>
  ({ response }: WireContext): void =>
    void response.writeHead(200, { ...recordedHeaders, 'Content-Encoding': encoding }).end(body());

export const wireFaultsByName = {
  /** A whole body, but `Content-Length` says more; the connection stays open. */
  'length-too-long': ({ response }: WireContext) =>
    void response.writeHead(200, { ...recordedHeaders, 'Content-Length': UNLISTED.length + 1 }).write(UNLISTED),
  /** `Content-Length` ends within the right body, at the end of a line where it has lines. */
  'length-too-short': ({ response, body }: WireContext) => {
    const length = toCut(body).length || UNLISTED.length - 1;
    response.writeHead(200, { ...recordedHeaders, 'Content-Length': length }).end(body);
  },
  /** A switch to another protocol, and the right answer behind it; the connection stays open. */
  switch: ({ request: { socket }, body }: WireContext) =>
    void socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n${toAnswer(body, toLength(body))}`,
    ),
  /** Two different `Content-Length`s. */
  'two-lengths': sending(() => toAnswer(UNLISTED, toLength(UNLISTED), toLength(UNLISTED.length + 1))),
  /** `Content-Length`, and chunks that say otherwise. */
  'length-and-chunks': sending(() => toAnswer(wholeChunk, toLength(UNLISTED), CHUNKED)),
  /** A chunk whose size is not a number. */
  'bad-chunk': sending(() => toAnswer(wholeChunk.replace(/^\w+/, 'x'), CHUNKED)),
  /** The same, after a chunk that could be a whole answer. */
  'late-bad-chunk': sending((body) => toAnswer(`${toChunk(toCut(body) || UNLISTED)}x\r\n`, CHUNKED)),
  /** A body without status line and headers, as before HTTP/1.0. */
  'http-0.9': sending(() => UNLISTED),
  /** 1 MiB of headers. */
  'huge-headers': sending(() => toAnswer(UNLISTED, ...Array.from({ length: 1024 }, (_, at) => `X-${at}: ${'x'.repeat(1024)}`))),
  /** Plain text, said to be gzip. */
  'no-gzip': encoded(() => UNLISTED),
  'cut-gzip': encoded(() => gzipSync(UNLISTED).subarray(0, gzipSync(UNLISTED).length / 2)),
  /** Gzip without the checksum and the length at its end. */
  'gzip-without-trailer': encoded(() => gzipSync(UNLISTED).subarray(0, -8)),
  /** A whole body, in an encoding that does not exist. */
  'unknown-encoding': encoded(() => UNLISTED, 'unheard-of'),
  /** A few kB that decompress to 128 MiB. */
  'gzip-bomb': encoded(() => Buffer.concat(Array<Buffer>(BOMB_PIECES).fill(gzipSync(Buffer.alloc(1024 ** 2, ' '))))),
} satisfies Record<string, (context: WireContext) => void>;

export const wireFaults: {
  readonly [Kind in WireFault['kind']]: (fault: Extract<WireFault, { kind: Kind }>, context: WireContext) => void;
} = {
  drip({ intervalMs, part }, { request: { socket } }) {
    const answer = toAnswer(UNLISTED, toLength(UNLISTED));
    let sent = part === 'head' ? 0 : answer.length - UNLISTED.length;
    socket.setNoDelay(true);
    if (sent > 0) socket.write(answer.slice(0, sent));
    repeat(socket, intervalMs, () => answer[sent++]);
  },
  'second-answer': ({ message }, { response, body }) => {
    const second = renderAnswer(message);
    // One write sends head, body and what the head does not count: the second answer stays with the first.
    response.writeHead(200, { ...recordedHeaders, 'Content-Length': Buffer.byteLength(body) });
    response.end(body + toAnswer(second, toLength(second)));
  },
  'late-second-answer': ({ message, delayMs }, { request: { socket }, response, body }) => {
    const second = renderAnswer(message);
    response.writeHead(200, { ...recordedHeaders, 'Content-Length': Buffer.byteLength(body) }).end(body);
    const send = () => (socket.writable ? socket.write(toAnswer(second, toLength(second))) : undefined);
    setTimeout(send, delayMs).unref();
  },
  'endless-continue': ({ intervalMs }, { request }) => repeat(request.socket, intervalMs, () => 'HTTP/1.1 100 Continue\r\n\r\n'),
};

/** Writes repeatedly, until there is nothing more to write or the connection is closed. Keeps no process alive. */
function repeat(socket: Socket, intervalMs: number, next: () => string | undefined): void {
  const timer = setInterval(() => {
    const text = socket.writable ? next() : undefined;
    if (text === undefined) clearInterval(timer);
    else socket.write(text);
  }, intervalMs).unref();
  socket.once('close', () => clearInterval(timer));
}
