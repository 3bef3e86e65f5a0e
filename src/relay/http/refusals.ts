import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Connections } from './connections.ts';
import type { Refusal } from './problem.ts';
import { ANSWER_HEADERS, PROBLEM_PHRASES, toProblemBody } from './problem.ts';

/** What is told of a request that never got to the app. */
export interface RefusedRequest {
  /** Undefined where there was no answer: the connection was one too many. */
  readonly status: Refusal['status'] | undefined;
  readonly reason: string;
  /** Where it is known. */
  readonly method: string | undefined;
  /** Of the connection; '' where it is not known. */
  readonly address: string;
}

export type OnRefused = (request: RefusedRequest) => void;

/**
 * Answers what Node's parser and server refuse by themselves, in the same form as all else that does not fit, as far as the connection
 * still can be answered on, and tells of it. A request whose body breaks off has got to the app, which tells of it: what it was refused
 * with is put down with the connection.
 */
export function listenForRefusals(server: Server, connections: Connections, onRefused: OnRefused): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    // The types allow for more than what an HTTP server has.
    if (!(socket instanceof Socket)) return;
    const connection = connections.of(socket);
    // What follows in the same packet, or comes before the connection is gone, is refused once more.
    if (connection.isRefused) return;
    connection.isRefused = true;
    const refusal = toRefusal(error, connection.isReceiving());
    if (refusal && connection.isReceiving()) connection.refuse(refusal);
    else if (refusal) onRefused({ ...refusal, method: undefined, address: connection.address });
    if (!refusal) socket.destroy(error);
    else if (connection.isAnswering()) connection.closeAfterAnswer();
    else {
      if (socket.writable && connection.canBeAnswered()) socket.write(toRawAnswer(refusal));
      socket.destroySoon();
    }
  });
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    refuseRequest({ request, response, refusal: UNMET_EXPECTATION, address: connections.of(request.socket).address }, onRefused);
  });
  server.on('connect', (request: IncomingMessage, socket: Duplex) => {
    if (!(socket instanceof Socket)) return;
    onRefused({ ...NO_TUNNEL, method: request.method, address: connections.of(socket).address });
    socket.write(toRawAnswer(NO_TUNNEL, 'Allow: GET, HEAD, POST\r\n'));
    socket.destroySoon();
  });
  server.on('drop', (dropped?: { readonly remoteAddress?: string }) => {
    onRefused({ status: undefined, reason: TOO_MANY, method: undefined, address: dropped?.remoteAddress ?? '' });
  });
}

const UNMET_EXPECTATION: Refusal = { status: 417, reason: 'The only supported Expect header is 100-continue' };
const NO_TUNNEL: Refusal = { status: 405, reason: 'The relay is not a proxy' };
const TOO_MANY = 'Too many connections';
/** HTTP/1.1 asks for one in each request (RFC 9112, section 3.2). */
export const NO_HOST: Refusal = { status: 400, reason: 'The request has no Host header' };
/** Which of them counts is read one way here and another way by what stands in front (the same section). */
export const TWO_HOSTS: Refusal = { status: 400, reason: 'The request has more than one Host header' };
export const BAD_HOST: Refusal = { status: 400, reason: 'The request has an invalid host or path' };

export const FOREIGN_PAGE: Refusal = {
  status: 403,
  reason: 'Origin or Host is not a loopback name; without authentication, only local requests are accepted',
};

/** Refuses a request that Node took for one and the app does not get. */
export function refuseRequest(
  {
    request,
    response,
    refusal,
    address,
  }: { request: IncomingMessage; response: ServerResponse; refusal: Refusal; address: string },
  onRefused: OnRefused,
): void {
  onRefused({ ...refusal, method: request.method, address });
  const body = toProblemBody(refusal);
  response.writeHead(refusal.status, { ...ANSWER_HEADERS, 'Content-Length': Buffer.byteLength(body), Connection: 'close' });
  response.end(body);
}

/** What an error of Node's parser or server means to the caller; undefined where the caller has gone. */
function toRefusal({ code = '' }: NodeJS.ErrnoException, isReceiving: boolean): Refusal | undefined {
  if (code === 'HPE_HEADER_OVERFLOW') return { status: 431, reason: 'The headers are too long' };
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') return { status: 413, reason: 'The chunk extensions are too long' };
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return { status: 408, reason: `The ${isReceiving ? 'body' : 'request'} did not arrive in time` };
  }
  // The caller ended in the middle, which is the way to leave.
  if (code === 'HPE_INVALID_EOF_STATE' && isReceiving) return undefined;
  return code.startsWith('HPE_') ? { status: 400, reason: 'The request is not valid HTTP' } : undefined;
}

function toRawAnswer(refusal: Refusal, furtherHeaders = ''): string {
  const body = toProblemBody(refusal);
  const headers = Object.entries({
    ...ANSWER_HEADERS,
    Date: new Date().toUTCString(),
    'Content-Length': Buffer.byteLength(body),
    Connection: 'close',
  });
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return `HTTP/1.1 ${refusal.status} ${PROBLEM_PHRASES[refusal.status]}\r\n${lines}${furtherHeaders}\r\n${body}`;
}
