import { pipeline, Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import fetch from 'node-fetch';
import type { Response } from 'node-fetch';
import { toAmount } from '../../core/amount.ts';
import { CctError, toCctError } from '../../core/errors.ts';
import type { Agents } from './agents.ts';
import type { LiveConnection } from './connection.ts';
import { toNetworkFailure, toSentenceStart } from './failures.ts';

/** One HTTP answer of any status. `body` is empty unless the status is 200; then `location` and `retryAfter` are null. */
export interface HttpReply {
  readonly status: number;
  readonly location: string | null;
  readonly setCookies: readonly string[];
  readonly retryAfter: string | null;
  readonly body: string;
  /** Undefined if the caller's agent does not report it. */
  readonly connection: LiveConnection | undefined;
}

/** Makes single requests, without redirects, cookies or retries. */
export interface Transport {
  /** Rejects with the signal's reason, or with a `CctError` that describes the failure. */
  get(url: URL, options: { cookie: string; signal: AbortSignal; headers?: Readonly<Record<string, string>> }): Promise<HttpReply>;
}

export interface TransportOptions {
  readonly agentFor: Agents['agentFor'];
  readonly userAgent: string;
  readonly maxBodyBytes: number;
  /** The name of the service in messages. Default `the tracker`. */
  readonly subject?: string;
}

/**
 * Creates a transport over node-fetch, which alone has no timeout, follows redirects without cookies, reads bodies without limit, and
 * accepts a truncated gzip body.
 */
export function createTransport({ agentFor, userAgent, maxBodyBytes, subject = 'the tracker' }: TransportOptions): Transport {
  return {
    async get(url, { cookie, signal, headers = {} }) {
      try {
        let connection: LiveConnection | undefined;
        const agent = await agentFor(url, (used) => (connection = used));
        await readIdleConnections();
        const response = await fetch(url, {
          agent,
          redirect: 'manual',
          compress: false,
          signal,
          headers: {
            'User-Agent': userAgent,
            Accept: 'application/json, */*;q=0.5',
            'Accept-Encoding': 'gzip, br',
            ...(cookie === '' ? {} : { Cookie: cookie }),
            ...headers,
          },
        });
        const reply = await toReply(response, { maxBodyBytes, subject });
        if (signal.aborted) throw toCctError(signal.reason);
        return { connection, ...reply };
      } catch (thrown) {
        // node-fetch reports all aborts alike.
        if (signal.aborted) throw toCctError(signal.reason);
        throw thrown instanceof CctError ? thrown : toNetworkFailure(thrown, subject);
      }
    },
  };
}

/** Waits for two `setImmediate` callbacks. In the poll phase between them, Node reads what has arrived on idle connections. */
async function readIdleConnections(): Promise<void> {
  for (let turn = 0; turn < 2; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

const DRAIN_LIMIT_MS = 100;

type ReadOptions = Required<Pick<TransportOptions, 'maxBodyBytes' | 'subject'>>;

async function toReply(response: Response, options: ReadOptions): Promise<Omit<HttpReply, 'connection'>> {
  const { status, headers } = response;
  // Any other 2xx is not an answer to a lookup, or only part of an answer.
  const ok = status === 200;
  const body = ok ? await readBody(toDecoded(response, options.subject), options) : '';
  if (status >= 300 && status <= 399) await drainBody(response, options);
  else if (!ok) discardBody(response);
  return {
    status,
    location: ok ? null : headers.get('location'),
    setCookies: headers.has('set-cookie') ? (headers.raw()['set-cookie'] ?? []) : [],
    retryAfter: ok ? null : headers.get('retry-after'),
    body,
  };
}

async function readBody(body: AsyncIterable<unknown>, { maxBodyBytes, subject }: ReadOptions): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    const buffer = Buffer.from(chunk as Uint8Array);
    bytes += buffer.length;
    // Leaving the loop destroys the stream and its connection.
    if (bytes > maxBodyBytes)
      throw new CctError(
        'unintelligible',
        `${toSentenceStart(subject)}'s answer is longer than ${toAmount(maxBodyBytes, 'byte')}`,
      );
    chunks.push(buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

const DECODERS = new Map([
  ['gzip', createGunzip],
  ['x-gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
]);

/** Decodes the content encoding of a body. A truncated body fails on reading. Throws `unintelligible` for an unknown encoding. */
function toDecoded(response: Response, subject: string): AsyncIterable<unknown> {
  const body = response.body ?? Readable.from([]);
  const encoding = (response.headers.get('content-encoding') ?? '').trim().toLowerCase();
  if (encoding === '' || encoding === 'identity') return body;
  const decoder = DECODERS.get(encoding)?.();
  if (decoder) return pipeline(body, decoder, () => undefined);
  discardBody(response);
  throw new CctError('unintelligible', `${toSentenceStart(subject)}'s answer has an unknown content encoding`);
}

/** Reads the body of a redirect for a limited time, so that its connection can be reused. */
async function drainBody(response: Response, options: ReadOptions): Promise<void> {
  const timer = setTimeout(() => discardBody(response), DRAIN_LIMIT_MS);
  try {
    await readBody(response.body ?? Readable.from([]), options);
  } catch {
    // The connection is lost, but the redirect's target is known.
  } finally {
    clearTimeout(timer);
  }
}

function discardBody({ body }: Response): void {
  // node-fetch's types are weaker than the Node stream that it returns.
  if (body instanceof Readable) body.destroy();
}
