import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { recordedHeaders, renderAnswer } from './fake-pages.ts';

/**
 * What can be wrong with the bytes of an answer, below what it says. Wherever such an answer could be taken for a whole one, it says
 * that nothing is listed: so a client that takes it is found out as one that lets panels pass.
 */
export type WireFault =
  /** One byte each `intervalMs`: the whole answer, its head too, or after a whole head its body alone. */
  | { readonly kind: 'drip'; readonly intervalMs: number; readonly part: 'head' | 'body' }
  /** The right answer, and in the same packet a second one with this message. */
  | { readonly kind: 'second-answer'; readonly message: string }
  /** The right answer, and so much later, in a packet of its own, a second one with this message. */
  | { readonly kind: 'late-second-answer'; readonly message: string; readonly delayMs: number }
  /** `100 Continue` again and again, and nothing else. */
  | { readonly kind: 'endless-continue'; readonly intervalMs: number }
  /** A whole body, but `Content-Length` says more; the connection stays open. */
  | 'length-too-long'
  /** `Content-Length` ends within the right body: at the end of a line, where it has lines. */
  | 'length-too-short'
  /** Two different `Content-Length`s. */
  | 'two-lengths'
  /** `Content-Length`, and chunks that say otherwise. */
  | 'length-and-chunks'
  /** A chunk whose size is no number. */
  | 'bad-chunk'
  /** The same, after a chunk that could be a whole answer. */
  | 'late-bad-chunk'
  /** A body without status line and headers, as before HTTP/1.0. */
  | 'http-0.9'
  /** 1 MiB of headers. */
  | 'huge-headers'
  /** Said to be packed with gzip, but is not. */
  | 'no-gzip'
  /** Packed with gzip, and cut in the middle. */
  | 'cut-gzip'
  /** Packed with gzip, but for the checksum and the length at its end. */
  | 'gzip-without-trailer'
  /** A whole body, in an encoding that does not exist. */
  | 'unknown-encoding'
  /** A few kB that unpack to 128 MiB. */
  | 'gzip-bomb';

interface WireContext {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The body of the right answer. */
  readonly body: string;
}

const KINDS: ReadonlySet<string> = new Set<Exclude<WireFault, string>['kind'] | Extract<WireFault, string>>([
  'drip',
  'second-answer',
  'late-second-answer',
  'endless-continue',
  'length-too-long',
  'length-too-short',
  'two-lengths',
  'length-and-chunks',
  'bad-chunk',
  'late-bad-chunk',
  'http-0.9',
  'huge-headers',
  'no-gzip',
  'cut-gzip',
  'gzip-without-trailer',
  'unknown-encoding',
  'gzip-bomb',
]);

/** Whether a fault is one of the bytes. */
export function isWireFault(fault: string | { readonly kind: string }): fault is WireFault {
  return KINDS.has(typeof fault === 'string' ? fault : fault.kind);
}

const UNLISTED = renderAnswer('Unknown url');
// Gzip may be several packed pieces, one after the other, which is quickly made.
const BOMB_PIECES = 128;

/** Answers a request with bytes that are wrong. */
export function commitWireFault(fault: WireFault, context: WireContext): void {
  if (typeof fault === 'string') sendWrongBytes(fault, context);
  else if (fault.kind === 'drip') drip(context.request.socket, fault);
  else if (fault.kind === 'endless-continue') repeat(context.request.socket, fault.intervalMs, () => CONTINUE);
  else if (fault.kind === 'late-second-answer') sendSurplus(fault, context);
  else sendTwice(fault.message, context);
}

function sendWrongBytes(fault: Extract<WireFault, string>, { request, response, body }: WireContext): void {
  const { socket } = request;
  const chunk = `${toChunk(UNLISTED)}0\r\n\r\n`;
  switch (fault) {
    case 'length-too-long':
      response.writeHead(200, { ...recordedHeaders, 'Content-Length': UNLISTED.length + 1 });
      response.write(UNLISTED);
      break;
    case 'length-too-short':
      response.writeHead(200, { ...recordedHeaders, 'Content-Length': toCut(body).length || UNLISTED.length - 1 });
      response.end(body);
      break;
    case 'two-lengths':
      socket.end(toAnswer(UNLISTED, `Content-Length: ${UNLISTED.length}`, `Content-Length: ${UNLISTED.length + 1}`));
      break;
    case 'length-and-chunks':
      socket.end(toAnswer(chunk, `Content-Length: ${UNLISTED.length}`, 'Transfer-Encoding: chunked'));
      break;
    case 'bad-chunk':
      socket.end(toAnswer(chunk.replace(/^\w+/, 'x'), 'Transfer-Encoding: chunked'));
      break;
    case 'late-bad-chunk':
      socket.end(toAnswer(`${toChunk(toCut(body) || UNLISTED)}x\r\n`, 'Transfer-Encoding: chunked'));
      break;
    case 'http-0.9':
      socket.end(UNLISTED);
      break;
    case 'huge-headers':
      socket.end(toAnswer(UNLISTED, ...Array.from({ length: 1024 }, (_, at) => `X-${at}: ${'x'.repeat(1024)}`)));
      break;
    case 'no-gzip':
      response.writeHead(200, { ...recordedHeaders, 'Content-Encoding': 'gzip' });
      response.end(UNLISTED);
      break;
    case 'cut-gzip': {
      const packed = gzipSync(UNLISTED);
      response.writeHead(200, { ...recordedHeaders, 'Content-Encoding': 'gzip' });
      response.end(packed.subarray(0, packed.length / 2));
      break;
    }
    case 'gzip-without-trailer':
      response.writeHead(200, { ...recordedHeaders, 'Content-Encoding': 'gzip' });
      response.end(gzipSync(UNLISTED).subarray(0, -8));
      break;
    case 'unknown-encoding':
      response.writeHead(200, { ...recordedHeaders, 'Content-Encoding': 'unheard-of' });
      response.end(UNLISTED);
      break;
    case 'gzip-bomb':
      response.writeHead(200, { ...recordedHeaders, 'Content-Encoding': 'gzip' });
      response.end(Buffer.concat(Array<Buffer>(BOMB_PIECES).fill(gzipSync(Buffer.alloc(1024 ** 2, ' ')))));
      break;
  }
}

const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n';

function toChunk(text: string): string {
  return `${text.length.toString(16)}\r\n${text}\r\n`;
}

/** Most lines of a text, whole; '' where it has none. */
function toCut(text: string): string {
  return text.slice(0, text.lastIndexOf('\n', text.length * 0.8) + 1);
}

function toAnswer(body: string, ...headers: readonly string[]): string {
  return ['HTTP/1.1 200 OK', 'Content-Type: text/html; charset=UTF-8', ...headers, '', body].join('\r\n');
}

function drip(socket: Socket, { intervalMs, part }: Extract<WireFault, { kind: 'drip' }>): void {
  const answer = toAnswer(UNLISTED, `Content-Length: ${UNLISTED.length}`);
  const whole = part === 'head' ? 0 : answer.length - UNLISTED.length;
  socket.setNoDelay(true);
  if (whole > 0) socket.write(answer.slice(0, whole));
  let sent = whole;
  repeat(socket, intervalMs, () => answer[sent++]);
}

/** Writes again and again, until there is nothing more to write or the connection is gone. Keeps no process alive. */
function repeat(socket: Socket, intervalMs: number, next: () => string | undefined): void {
  const timer = setInterval(() => {
    const text = socket.writable ? next() : undefined;
    if (text === undefined) clearInterval(timer);
    else socket.write(text);
  }, intervalMs).unref();
  socket.once('close', () => clearInterval(timer));
}

function sendSurplus(
  { message, delayMs }: Extract<WireFault, { kind: 'late-second-answer' }>,
  { request: { socket }, response, body }: WireContext,
): void {
  const second = renderAnswer(message);
  response.writeHead(200, { ...recordedHeaders, 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
  const send = () => (socket.writable ? socket.write(toAnswer(second, `Content-Length: ${second.length}`)) : undefined);
  setTimeout(send, delayMs).unref();
}

function sendTwice(message: string, { response, body }: WireContext): void {
  const second = renderAnswer(message);
  // Head and body are one write, and so is what the head does not count: the second answer cannot come apart from the first.
  response.writeHead(200, { ...recordedHeaders, 'Content-Length': Buffer.byteLength(body) });
  response.end(body + toAnswer(second, `Content-Length: ${second.length}`));
}
