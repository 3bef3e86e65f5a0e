import { CctError } from '../core/errors.ts';
import { parseItem } from '../core/observables/item.ts';
import type { Observable } from '../core/observables/observable.ts';
import type { Exchange } from './http/exchange.ts';

/** The maximum length of a body. A longer one is refused with 413. */
export const MAX_BODY_BYTES = 1024 * 1024;
/** The limit for the total size of all long bodies that are being received. */
const MAX_RECEIVING_BYTES = 64 * 1024 * 1024;
/** Shorter bodies are always received, so that slow long ones cannot block them. */
const SHORT_BODY_BYTES = 16 * 1024;

/**
 * Reads the text of a request's body; null if it is longer than 1 MiB. Rejects with `input` if it is compressed or not UTF-8 (RFC 8259,
 * section 8.1), `throttled` if long bodies already take 64 MiB, and `interrupted` if the caller disconnects.
 */
export type BodyReader = (exchange: Pick<Exchange, 'request' | 'onBody'>) => Promise<string | null>;

/** Creates a reader that limits the total size of the bodies that it is receiving. */
export function createBodyReader(): BodyReader {
  let receivingBytes = 0;
  return async ({ request, onBody }) => {
    const declaredBytes = Number(request.headers.get('content-length') ?? MAX_BODY_BYTES);
    if (declaredBytes > MAX_BODY_BYTES) return null;
    refuseCompressed(request);
    const takenBytes = declaredBytes > SHORT_BODY_BYTES ? declaredBytes : 0;
    if (receivingBytes + takenBytes > MAX_RECEIVING_BYTES) {
      throw new CctError('throttled', 'The relay is receiving too many long bodies; try again later');
    }
    receivingBytes += takenBytes;
    try {
      onBody?.();
      const bytes = await readBytes(request);
      return bytes && decode(bytes);
    } finally {
      receivingBytes -= takenBytes;
    }
  };
}

/** Refuses compressed bodies, since a small one could become huge. */
function refuseCompressed({ headers }: Request): void {
  const encoding = headers.get('content-encoding')?.trim().toLowerCase() ?? '';
  if (encoding === '' || encoding === 'identity') return;
  throw new CctError('input', 'The relay does not accept compressed bodies (Content-Encoding); send the body uncompressed');
}

/** Reads the bytes of a body. The HTTP parser enforces a declared length; without one, counts the bytes. */
async function readBytes(request: Request): Promise<Uint8Array | null> {
  try {
    if (!request.headers.has('content-length')) return await readCounted(request.body ?? []);
    const bytes = new Uint8Array(await request.arrayBuffer());
    return bytes.length > MAX_BODY_BYTES ? null : bytes;
  } catch (thrown) {
    throw new CctError('interrupted', 'The caller disconnected before the body was complete', { cause: thrown });
  }
}

async function readCounted(body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (thrown) {
    throw new CctError('input', 'The body is not UTF-8', { cause: thrown });
  }
}

/** Parses the observables of a body, an array of `{type, value}`, ignoring other keys. Throws `input` with the place. */
export function parseObservables(body: string): Observable[] {
  const parsed = parseJson(body);
  if (!Array.isArray(parsed)) throw new CctError('input', 'The body is not a JSON array of {type, value}');
  return parsed.map((item: unknown, index) => parseItem(item, `[${index}]`));
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (thrown) {
    throw new CctError('input', body.trim() === '' ? 'The body is empty' : 'The body is invalid JSON', { cause: thrown });
  }
}
