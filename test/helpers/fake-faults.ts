import type { IncomingMessage, ServerResponse } from 'node:http';
import { TLSSocket } from 'node:tls';
import { recordedHeaders, renderAnswer, sendPage, toDocument } from './fake-pages.ts';
import type { WireFault } from './fake-wire-faults.ts';
import { commitWireFault, isWireFault } from './fake-wire-faults.ts';

/** What an answer can be instead of a right one. */
export type Fault =
  | WireFault
  /** A status with a body that would be a hit, so that a client which does not look at the status is found out. */
  | { readonly kind: 'status'; readonly status: number; /** Seconds, or an HTTP date. */ readonly retryAfter?: number | string }
  /** `location` is sent as it stands, or, when null, not at all; the status is 302 when none is given. */
  | { readonly kind: 'redirect'; readonly location: string | null; readonly status?: number }
  /** To the same page and query, but for another path, or more behind the query; answered rightly there. */
  | { readonly kind: 'redirect-changed'; readonly path?: string; readonly add?: string }
  /** 200 with these bytes: another JSON, another text. */
  | { readonly kind: 'body'; readonly body: string }
  /** The right answer, so much later. */
  | { readonly kind: 'slow'; readonly delayMs: number }
  /** The right answer of that moment, once this resolves. */
  | { readonly kind: 'held'; readonly until: Promise<unknown> }
  /** To another page, which leads back. */
  | 'redirect-loop'
  /** The cookie challenge, put again whatever cookie comes. */
  | 'endless-challenge'
  | 'html'
  | 'malicious-html'
  | 'empty'
  /** 200 with bytes that are no text. */
  | 'garbage'
  /** Bytes without any HTTP around them. */
  | 'not-http'
  /** Half of a hit, sent as if it were whole. */
  | 'cut-json'
  /** Nothing is ever answered. */
  | 'stalled-headers'
  /** Headers and half of a hit, then silence. */
  | 'stalled-body'
  /** A whole hit, but fewer bytes than `Content-Length` says. */
  | 'short-body'
  /** A whole hit in a chunk, but the connection ends without the last chunk. */
  | 'cut-chunked'
  /** The connection is reset before anything is answered. */
  | 'reset'
  /** A hit whose family is `hugeBytes` long, as fast as it is taken. */
  | 'huge';

/** What a fault needs besides the request. */
export interface FaultContext {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Gives the right answer. */
  readonly answer: () => void;
  /** The body of the right answer. */
  readonly body: string;
  /** Told of the bytes of a huge body as they are written. */
  readonly countHugeBytes: (count: number) => void;
  /** The length of the family in a huge body, a multiple of 64 KiB. */
  readonly hugeBytes: number;
}

/** The page over which a redirect loop runs; its query is the request-target that it leads back to, percent-encoded. */
export const LOOP_PATH = '/loop.php';

const HIT = renderAnswer('Malicious: x');
const UNLISTED = renderAnswer('Unknown url');
const HALF_HIT = HIT.slice(0, HIT.length / 2);
// 128 to 255 and 0 to 127: begins with what is valid in no encoding of JSON.
const GARBAGE = Buffer.from(Array.from({ length: 256 }, (_, at) => (at + 128) % 256));
/** The length of the family in a huge body. */
export const HUGE_BYTES = 1024 ** 3;
const HUGE_CHUNK = Buffer.alloc(64 * 1024, 'A');

/** Answers a request wrongly. */
export function commitFault(fault: Fault, context: FaultContext): void {
  if (isWireFault(fault)) commitWireFault(fault, context);
  else if (typeof fault === 'string') commitPlainFault(fault, context);
  else commitSetFault(fault, context);
}

/** Runs `action` later, unless the connection is gone by then. Keeps no process alive. */
export function runLater(response: ServerResponse, delayMs: number, action: () => void): void {
  const timer = setTimeout(action, delayMs).unref();
  response.once('close', () => clearTimeout(timer));
}

function commitSetFault(fault: Exclude<Exclude<Fault, WireFault>, string>, { request, response, answer }: FaultContext): void {
  switch (fault.kind) {
    case 'status': {
      const headers = fault.retryAfter === undefined ? {} : { 'Retry-After': String(fault.retryAfter) };
      sendPage(response, '{"message":"Malicious: x"}', fault.status, headers);
      break;
    }
    case 'redirect':
      if (fault.location === null) sendPage(response, UNLISTED, fault.status ?? 302);
      else sendRedirect(response, fault.location, fault.status);
      break;
    case 'redirect-changed': {
      const [path = '', query = ''] = (request.url ?? '').split('?');
      const { add = '' } = fault;
      if (add !== '' && query.endsWith(add)) answer();
      else sendRedirect(response, `${fault.path ?? path}?${query}${add}`);
      break;
    }
    case 'body':
      sendPage(response, fault.body);
      break;
    case 'slow':
      runLater(response, fault.delayMs, answer);
      break;
    case 'held':
      void fault.until.then(() => (response.destroyed ? undefined : answer()));
      break;
  }
}

function commitPlainFault(
  fault: Exclude<Extract<Fault, string>, WireFault>,
  { request, response, countHugeBytes, hugeBytes }: FaultContext,
): void {
  const { socket } = request;
  switch (fault) {
    case 'redirect-loop':
      sendRedirect(response, `${LOOP_PATH}?${encodeURIComponent(request.url ?? '/')}`);
      break;
    case 'endless-challenge':
      putChallenge(request, response);
      break;
    case 'html':
      sendPage(response, toDocument('<p>Down for maintenance.</p>'));
      break;
    case 'malicious-html':
      sendPage(response, toDocument('<p>Malicious: x</p>'));
      break;
    case 'empty':
      sendPage(response, '');
      break;
    case 'garbage':
      sendPage(response, GARBAGE);
      break;
    case 'not-http':
      socket.end(GARBAGE);
      break;
    case 'cut-json':
      sendPage(response, HALF_HIT);
      break;
    case 'stalled-headers':
      break;
    case 'stalled-body':
      response.writeHead(200, recordedHeaders);
      response.write(HALF_HIT);
      break;
    case 'short-body':
      response.writeHead(200, { ...recordedHeaders, 'Content-Length': HIT.length + 1 });
      response.write(HIT, () => socket.destroy());
      break;
    case 'cut-chunked':
      response.writeHead(200, recordedHeaders);
      response.write(HIT, () => socket.destroy());
      break;
    case 'reset':
      // TLS has no reset of its own: there, the connection ends without a farewell.
      if (socket instanceof TLSSocket) socket.destroy();
      else socket.resetAndDestroy();
      break;
    case 'huge':
      pour(response, hugeBytes, countHugeBytes);
      break;
  }
}

/** Sends a client elsewhere. */
export function sendRedirect(response: ServerResponse, location: string, status = 302): void {
  sendPage(response, '', status, { Location: location });
}

let challenges = 0;

function putChallenge({ url = '/' }: IncomingMessage, response: ServerResponse): void {
  challenges += 1;
  const token = `1.${String(challenges).padStart(32, '0')}`;
  const bare = url.replace(/[?&]__r=[^&]*$/, '');
  const headers = {
    Location: `${bare}${bare.includes('?') ? '&' : '?'}__r=${token}`,
    'Set-Cookie': `__r=${token}; Path=/; HttpOnly`,
  };
  sendPage(response, UNLISTED, 307, headers);
}

function pour(response: ServerResponse, hugeBytes: number, countHugeBytes: (count: number) => void): void {
  response.writeHead(200, recordedHeaders);
  response.write('{"success":true,"message":"Malicious: ');
  let left = hugeBytes;
  const writeMore = (): void => {
    while (left > 0) {
      left -= HUGE_CHUNK.length;
      countHugeBytes(HUGE_CHUNK.length);
      if (!response.write(HUGE_CHUNK)) {
        response.once('drain', writeMore);
        return;
      }
    }
    response.end('"}');
  };
  writeMore();
}
