import type { IncomingMessage, ServerResponse } from 'node:http';
import { TLSSocket } from 'node:tls';
import { recordedHeaders, renderAnswer, sendPage, toDocument } from './fake-pages.ts';
import type { WireFault, WireFaultName } from './fake-wire-faults.ts';
import { wireFaults, wireFaultsByName } from './fake-wire-faults.ts';

/** A fault with settings. */
type SetFault =
  | WireFault
  /** A status with a body that would be a hit: it catches a client that ignores the status. */
  | { readonly kind: 'status'; readonly status: number; /** Seconds, or an HTTP date. */ readonly retryAfter?: number | string }
  /** `location` is sent as it is, or not at all when null; the status is 302 by default. */
  | { readonly kind: 'redirect'; readonly location: string | null; readonly status?: number }
  /** To the same page and query with another path, or with more behind the query; that is answered correctly. */
  | { readonly kind: 'redirect-changed'; readonly path?: string; readonly add?: string }
  /** 200 with this body. */
  | { readonly kind: 'body'; readonly body: string }
  /** The right answer after a delay. */
  | { readonly kind: 'slow'; readonly delayMs: number }
  /** The right answer of the moment of the request, once this resolves. */
  | { readonly kind: 'held'; readonly until: Promise<unknown> };

/** An answer instead of the right one. */
export type Fault = SetFault | WireFaultName | keyof typeof faultsByName;

/** What a fault needs of a request. */
export interface FaultContext {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Sends the right answer. */
  readonly answer: () => void;
  /** The body of the right answer. */
  readonly body: string;
  /** Counts the bytes of a huge body as they are written. */
  readonly countHugeBytes: (count: number) => void;
  /** The length of the family in a huge body, a multiple of 64 KiB. */
  readonly hugeBytes: number;
}

/** The page of a redirect loop; its query is the request-target that it leads back to, percent-encoded. */
export const LOOP_PATH = '/loop.php';

const HIT = renderAnswer('Malicious: x');
const UNLISTED = renderAnswer('Unknown url');
const HALF_HIT = HIT.slice(0, HIT.length / 2);
// 128 to 255 and 0 to 127: the start is invalid in each encoding of JSON.
const GARBAGE = Buffer.from(Array.from({ length: 256 }, (_, at) => (at + 128) % 256));
/** The length of the family in a huge body. */
export const HUGE_BYTES = 1024 ** 3;
const HUGE_CHUNK = Buffer.alloc(64 * 1024, 'A');

/** Answers a request wrongly. */
export function commitFault(fault: Fault, context: FaultContext): void {
  if (typeof fault === 'string') ({ ...faultsByName, ...wireFaultsByName })[fault](context);
  else ({ ...faults, ...wireFaults })[fault.kind](fault as never, context);
}

/** Runs `action` after a delay, unless the connection is closed by then. Keeps no process alive. */
export function runLater(response: ServerResponse, delayMs: number, action: () => void): void {
  const timer = setTimeout(action, delayMs).unref();
  response.once('close', () => clearTimeout(timer));
}

type Commit<Kind> = (fault: Extract<SetFault, { kind: Kind }>, context: FaultContext) => void;

const faults: { readonly [Kind in Exclude<SetFault, WireFault>['kind']]: Commit<Kind> } = {
  status({ status, retryAfter }, { response }) {
    const headers = retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) };
    sendPage(response, '{"message":"Malicious: x"}', status, headers);
  },
  redirect({ location, status }, { response }) {
    if (location === null) sendPage(response, UNLISTED, status ?? 302);
    else sendRedirect(response, location, status);
  },
  'redirect-changed': ({ path, add = '' }, { request, response, answer }) => {
    const [ownPath = '', query = ''] = (request.url ?? '').split('?');
    if (add !== '' && query.endsWith(add)) answer();
    else sendRedirect(response, `${path ?? ownPath}?${query}${add}`);
  },
  body: ({ body }, { response }) => sendPage(response, body),
  slow: ({ delayMs }, { response, answer }) => runLater(response, delayMs, answer),
  held: ({ until }, { response, answer }) => void until.then(() => (response.destroyed ? undefined : answer())),
};

const faultsByName = {
  'redirect-loop': ({ request, response }: FaultContext) =>
    sendRedirect(response, `${LOOP_PATH}?${encodeURIComponent(request.url ?? '/')}`),
  /** The cookie challenge, repeated whatever cookie comes. */
  'endless-challenge': ({ request, response }: FaultContext) => putChallenge(request, response),
  html: ({ response }: FaultContext) => sendPage(response, toDocument('<p>Down for maintenance.</p>')),
  'malicious-html': ({ response }: FaultContext) => sendPage(response, toDocument('<p>Malicious: x</p>')),
  empty: ({ response }: FaultContext) => sendPage(response, ''),
  /** 200 with bytes that are not text. */
  garbage: ({ response }: FaultContext) => sendPage(response, GARBAGE),
  /** Bytes without HTTP. */
  'not-http': ({ request }: FaultContext) => void request.socket.end(GARBAGE),
  /** Half of a hit, sent as a whole body. */
  'cut-json': ({ response }: FaultContext) => sendPage(response, HALF_HIT),
  'stalled-headers': () => undefined,
  /** Headers and half of a hit, then silence. */
  'stalled-body': ({ response }: FaultContext) => void response.writeHead(200, recordedHeaders).write(HALF_HIT),
  /** A whole hit, with fewer bytes than `Content-Length` says. */
  'short-body': ({ request: { socket }, response }: FaultContext) => {
    response.writeHead(200, { ...recordedHeaders, 'Content-Length': HIT.length + 1 });
    response.write(HIT, () => socket.destroy());
  },
  /** A whole hit in a chunk; the connection ends without the last chunk. */
  'cut-chunked': ({ request: { socket }, response }: FaultContext) => {
    response.writeHead(200, recordedHeaders).write(HIT, () => socket.destroy());
  },
  /** The connection is reset before any answer. TLS has no reset: there it just ends. */
  reset: ({ request: { socket } }: FaultContext) => {
    if (socket instanceof TLSSocket) socket.destroy();
    else socket.resetAndDestroy();
  },
  /** A hit whose family is `hugeBytes` long, as fast as it is read. */
  huge: ({ response, hugeBytes, countHugeBytes }: FaultContext) => pour(response, hugeBytes, countHugeBytes),
} satisfies Record<string, (context: FaultContext) => void>;

/** Redirects a client. */
export function sendRedirect(response: ServerResponse, location: string, status = 302): void {
  sendPage(response, '', status, { Location: location });
}

let challenges = 0;

function putChallenge({ url = '/' }: IncomingMessage, response: ServerResponse): void {
  challenges += 1;
  const token = `1.${String(challenges).padStart(32, '0')}`;
  const bare = url.replace(/[?&]__r=[^&]*$/, '');
  sendPage(response, UNLISTED, 307, {
    Location: `${bare}${bare.includes('?') ? '&' : '?'}__r=${token}`,
    'Set-Cookie': `__r=${token}; Path=/; HttpOnly`,
  });
}

function pour(response: ServerResponse, hugeBytes: number, countHugeBytes: (count: number) => void): void {
  response.writeHead(200, recordedHeaders).write('{"success":true,"message":"Malicious: ');
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
