import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect } from 'node:net';

/** One HTTP answer as it came over a connection. */
export interface WireAnswer {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** Cuts the first whole answer off the bytes of a connection; undefined while it has not come whole. Throws at what is no answer. */
function takeAnswer(bytes: Buffer): { readonly answer: WireAnswer; readonly rest: Buffer } | undefined {
  const headEnd = bytes.indexOf('\r\n\r\n');
  if (headEnd < 0) return undefined;
  const [line = '', ...fields] = bytes.toString('latin1', 0, headEnd).split('\r\n');
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(line)?.[1] ?? Number.NaN);
  if (Number.isNaN(status)) throw new Error(`No answer begins with ${JSON.stringify(line.slice(0, 80))}`);
  const headers = new Map(
    fields.map((field) => [field.slice(0, field.indexOf(':')).toLowerCase(), field.slice(field.indexOf(':') + 1).trim()]),
  );
  const after = bytes.subarray(headEnd + 4);
  const taken = headers.get('transfer-encoding') === 'chunked' ? takeChunks(after) : takeBytes(after, headers);
  return taken && { answer: { status, headers, body: taken.body.toString('utf8') }, rest: taken.rest };
}

interface Taken {
  readonly body: Buffer;
  readonly rest: Buffer;
}

function takeBytes(bytes: Buffer, headers: ReadonlyMap<string, string>): Taken | undefined {
  const length = Number(headers.get('content-length') ?? 0);
  return bytes.length < length ? undefined : { body: bytes.subarray(0, length), rest: bytes.subarray(length) };
}

function takeChunks(bytes: Buffer): Taken | undefined {
  const chunks: Buffer[] = [];
  for (let at = 0; ;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd < 0) return undefined;
    const length = parseInt(bytes.toString('latin1', at, lineEnd), 16);
    const start = lineEnd + 2;
    if (bytes.length < start + length + 2) return undefined;
    at = start + length + 2;
    if (length === 0) return { body: Buffer.concat(chunks), rest: bytes.subarray(at) };
    chunks.push(bytes.subarray(start, start + length));
  }
}

/** A caller's connection, on which any bytes can be sent and answers are taken in the order in which they were asked for. */
export interface CallerConnection {
  /** Of this side; the server knows the connection by it. */
  readonly localPort: number;
  readonly isOpen: boolean;
  send(bytes: string | Buffer): void;
  /** The answer to what is sent next; undefined when the connection ends without one. Rejects at bytes that are no answer. */
  expectAnswer(): Promise<WireAnswer | undefined>;
  /** Leaves: with a FIN in both directions, or a reset. */
  hangUp(how: 'end' | 'reset'): void;
  /** What came beyond the answers that were expected. */
  readonly surplus: string;
}

/** Connects to a port of the loopback interface. */
export async function openCaller(port: number): Promise<CallerConnection> {
  const socket: Socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  const waiting: { readonly resolve: (answer: WireAnswer | undefined) => void; readonly reject: (error: unknown) => void }[] = [];
  let bytes: Buffer = Buffer.alloc(0);
  let isOpen = true;
  const take = () => {
    for (let [first] = waiting; first; [first] = waiting) {
      const taken = takeAnswer(bytes);
      if (!taken) return;
      bytes = taken.rest;
      waiting.shift();
      first.resolve(taken.answer);
    }
  };
  socket.on('data', (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk]);
    try {
      take();
    } catch (thrown) {
      for (const { reject } of waiting.splice(0)) reject(thrown);
    }
  });
  // A server may cut a connection off in the middle of what is sent to it.
  socket.on('error', () => undefined);
  socket.on('close', () => {
    isOpen = false;
    for (const { resolve } of waiting.splice(0)) resolve(undefined);
  });
  return {
    localPort: socket.localPort ?? 0,
    get isOpen() {
      return isOpen && !socket.readableEnded;
    },
    get surplus() {
      return bytes.toString('latin1');
    },
    send: (text) => void socket.write(text),
    expectAnswer: () =>
      isOpen ? new Promise((resolve, reject) => waiting.push({ resolve, reject })) : Promise.resolve(undefined),
    hangUp(how) {
      if (how === 'reset') socket.resetAndDestroy();
      else socket.destroy();
    },
  };
}
