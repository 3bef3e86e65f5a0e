import { formatCount, toAmount } from '../core/amount.ts';
import { CctError } from '../core/errors.ts';
import { parseItem } from '../core/item.ts';
import type { Observable } from '../core/observable.ts';

/** A body of more bytes is refused with 413. */
export const MAX_BODY_BYTES = 1024 * 1024;
/** Long bodies that are being received may take so much together; a caller that goes beyond is told to come again. */
const MAX_RECEIVING_BYTES = 64 * 1024 * 1024;
/** Bodies of up to so many bytes are taken at any time: whoever fills the rest keeps nobody from asking. */
const SHORT_BODY_BYTES = 16 * 1024;
/** A request about more observables is an `invalid argument`. */
export const MAX_OBSERVABLES = 1000;

export interface BodyLimits {
  /** Default 1 MiB. */
  readonly maxBytes?: number;
  /** Default 64 MiB. */
  readonly maxReceivingBytes?: number;
}

/**
 * The text of a request's body, or null when it is longer than `maxBytes`. Rejects with `input` when it is packed or not UTF-8
 * (RFC 8259, 8.1), with `throttled` when it is long and too many others are, and with `interrupted` when the caller goes before it is whole.
 */
export type BodyReader = (request: Request) => Promise<string | null>;

/** A reader that knows how much is being received through it. */
export function createBodyReader({
  maxBytes = MAX_BODY_BYTES,
  maxReceivingBytes = MAX_RECEIVING_BYTES,
}: BodyLimits = {}): BodyReader {
  let receivingBytes = 0;
  return async (request) => {
    const declared = Number(request.headers.get('content-length') ?? maxBytes);
    const takesBytes = declared > SHORT_BODY_BYTES && declared <= maxBytes ? declared : 0;
    if (receivingBytes + takesBytes > maxReceivingBytes) {
      throw new CctError('throttled', 'The relay is receiving too many long bodies; try again later');
    }
    receivingBytes += takesBytes;
    try {
      return await readBody(request, maxBytes);
    } finally {
      receivingBytes -= takesBytes;
    }
  };
}

async function readBody(request: Request, maxBytes: number): Promise<string | null> {
  const declared = request.headers.get('content-length');
  if (declared !== null && Number(declared) > maxBytes) return null;
  const packing = request.headers.get('content-encoding');
  // Nobody sends this, and to unpack it would let a small body become a huge one.
  if (packing !== null && !/^\s*(?:identity\s*)?$/i.test(packing)) {
    throw new CctError('input', 'The relay does not read compressed bodies (Content-Encoding); send the body uncompressed');
  }
  const bytes = await readBytes(request, { isDeclared: declared !== null, maxBytes });
  return bytes === null || bytes.length > maxBytes ? null : decode(bytes);
}

/** An HTTP parser holds a body to its declared length, so bytes are counted only where none was declared: counting is slow. */
async function readBytes(
  request: Request,
  { isDeclared, maxBytes }: { isDeclared: boolean; maxBytes: number },
): Promise<Uint8Array | null> {
  try {
    if (isDeclared) return new Uint8Array(await request.arrayBuffer());
    return await countBytes(request.body ?? [], maxBytes);
  } catch (thrown) {
    throw new CctError('interrupted', 'The caller disconnected before the body was complete', { cause: thrown });
  }
}

async function countBytes(body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, maxBytes: number): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > maxBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes);
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function decode(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch (thrown) {
    throw new CctError('input', 'The body is not UTF-8', { cause: thrown });
  }
}

/**
 * The observables of a body: an array of `{type, value}`, other keys ignored. Throws `input`, naming the place, for anything
 * else, and for more than `maxObservables`.
 */
export function parseObservables(body: string, { maxObservables = MAX_OBSERVABLES } = {}): Observable[] {
  const parsed = parseJson(body);
  if (!Array.isArray(parsed)) throw new CctError('input', 'The body is not a JSON array of {type, value}');
  if (parsed.length > maxObservables) {
    throw new CctError(
      'input',
      `The body contains ${toAmount(parsed.length, 'observable')}; at most ${formatCount(maxObservables)} are allowed`,
    );
  }
  return parsed.map((item: unknown, index) => parseItem(item, `[${index}]`));
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (thrown) {
    throw new CctError('input', body.trim() === '' ? 'The body is empty' : 'The body is invalid JSON', { cause: thrown });
  }
}
