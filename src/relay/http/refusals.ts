import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { AddressRanges } from '../../core/observables/address-ranges.ts';
import { findCallerAddress } from './caller-address.ts';
import type { Connection } from './connections.ts';
import type { Refusal } from './problem.ts';
import { ANSWER_HEADERS, CutOff, PROBLEM_PHRASES, toProblemBody } from './problem.ts';

/** A request that did not reach the app, or a connection that was closed. */
export interface RefusedRequest {
  /** Undefined for a connection that was closed without an answer. */
  readonly status: Refusal['status'] | undefined;
  readonly reason: string;
  /** Undefined if it could not be read. */
  readonly method: string | undefined;
  /** The caller's address if the request could be read, else that of the connection. */
  readonly address: string;
}

export type OnRefused = (request: RefusedRequest) => void;

const UNMET_EXPECTATION: Refusal = { status: 417, reason: 'The only supported Expect header is 100-continue' };
const NO_TUNNEL: Refusal = { status: 405, reason: 'The relay is not a proxy' };

const UNKNOWN_METHOD: Refusal = { status: 501, reason: 'The relay does not support this method' };

/** An error of Node's server, or of its parser with a position. */
interface ServerError extends NodeJS.ErrnoException {
  /** The position of the error in the packet. */
  readonly bytesParsed?: number;
  readonly rawPacket?: Buffer;
}

/** Answers, in the relay's format, requests that Node's parser or server refuses, and reports them. Cuts off requests that have reached the app. */
export function listenForRefusals(
  server: Server,
  connections: ReadonlyMap<Socket, Connection>,
  { onRefused, trustedProxies }: { readonly onRefused: OnRefused; readonly trustedProxies: AddressRanges },
): void {
  const report = (refusal: Refusal, socket: Socket, request?: IncomingMessage) => {
    const { address = '' } = connections.get(socket) ?? {};
    const caller = request ? findCallerAddress(address, request, trustedProxies) : address;
    onRefused({ ...refusal, method: request?.method, address: caller });
  };
  server.on('clientError', (error: ServerError, socket: Duplex) => {
    const connection = socket instanceof Socket ? connections.get(socket) : undefined;
    // The rest of the packet, and anything that arrives before the connection is closed, causes further errors.
    if (!(socket instanceof Socket) || !connection || connection.isRefused) return;
    connection.isRefused = true;
    const { receiving } = connection;
    const refusal = toRefusal(error, receiving !== undefined);
    if (!refusal) {
      socket.destroy(error);
      return;
    }
    if (receiving) receiving.leaving.abort(new CutOff(refusal));
    else report(refusal, socket);
    closeWith(refusal, socket, connection);
  });
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    report(UNMET_EXPECTATION, request.socket, request);
    refuseRequest(response, UNMET_EXPECTATION);
  });
  server.on('connect', (request: IncomingMessage, socket: Duplex) => {
    if (!(socket instanceof Socket)) return;
    report(NO_TUNNEL, socket, request);
    socket.write(toRawAnswer(NO_TUNNEL, 'Allow: GET, HEAD, POST\r\n'));
    socket.destroySoon();
  });
  server.on('drop', (dropped?: { readonly remoteAddress?: string }) => {
    const reason = 'Too many connections';
    onRefused({ status: undefined, reason, method: undefined, address: dropped?.remoteAddress ?? '' });
  });
}

/** Closes a connection with a refusal or, if responses are still due, after the last of these. */
function closeWith(refusal: Refusal, socket: Socket, { lastDue, lastOpen }: Connection): void {
  if (lastDue) {
    if (!lastDue.headersSent) lastDue.setHeader('Connection', 'close');
    // Headers that were sent may have promised to keep it open.
    lastDue.once('finish', () => socket.destroySoon());
    return;
  }
  if (socket.writable && lastOpen?.headersSent !== true) socket.write(toRawAnswer(refusal));
  socket.destroySoon();
}

/** Answers a request with a refusal, and closes its connection. */
export function refuseRequest(response: ServerResponse, refusal: Refusal): void {
  const body = toProblemBody(refusal);
  response.writeHead(refusal.status, { ...ANSWER_HEADERS, 'Content-Length': Buffer.byteLength(body), Connection: 'close' });
  response.end(body);
}

/** Converts an error of Node's parser or server to a refusal; undefined if the caller has disconnected. */
function toRefusal(error: ServerError, isReceiving: boolean): Refusal | undefined {
  const { code = '' } = error;
  if (code === 'HPE_HEADER_OVERFLOW') return { status: 431, reason: 'The headers are too long' };
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') return { status: 413, reason: 'The chunk extensions are too long' };
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return { status: 408, reason: `The ${isReceiving ? 'body' : 'request'} did not arrive in time` };
  }
  if (code === 'HPE_INVALID_EOF_STATE' && isReceiving) return undefined;
  if (isOfUnknownMethod(error)) return UNKNOWN_METHOD;
  return code.startsWith('HPE_') ? { status: 400, reason: 'The request is not valid HTTP' } : undefined;
}

// RFC 9112, section 3.
const REQUEST_LINE = /^[\w!#$%&'*+.^`|~-]+ \S+ HTTP\/1\.\d\r?$/;

/** Whether the parser failed at the method of a valid request line. It accepts some methods of other protocols and refuses them later. */
function isOfUnknownMethod({ code, bytesParsed = 0, rawPacket }: ServerError): boolean {
  if ((code !== 'HPE_INVALID_METHOD' && code !== 'HPE_INVALID_CONSTANT') || !rawPacket) return false;
  const start = bytesParsed === 0 ? 0 : rawPacket.lastIndexOf('\n', bytesParsed - 1) + 1;
  const end = rawPacket.indexOf('\n', bytesParsed);
  return end !== -1 && REQUEST_LINE.test(rawPacket.toString('latin1', start, end));
}

/** The text of an answer, for a connection without a response object. */
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
