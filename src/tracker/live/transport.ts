import { pipeline, Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import fetch from 'node-fetch';
import type { Response } from 'node-fetch';
import { toAmount } from '../../core/amount.ts';
import { CctError, toCctError } from '../../core/errors.ts';
import type { Agents } from './agents.ts';
import type { LiveConnection } from './connection.ts';
import { toNetworkFailure, toSentenceStart } from './failures.ts';

/** One HTTP answer, whatever its status. `body` is empty unless the status is 200, `location` and `retryAfter` null when it is. */
export interface HttpReply {
  readonly status: number;
  readonly location: string | null;
  readonly setCookies: readonly string[];
  readonly retryAfter: string | null;
  readonly body: string;
  /** Undefined where the request was sent on none: an agent of the caller's. */
  readonly connection: LiveConnection | undefined;
}

/** Makes single requests; redirects, cookies and retries are its caller's. */
export interface Transport {
  /** Rejects with the signal's reason when that aborts, else with a `CctError` that says what happened. */
  get(url: URL, options: { cookie: string; signal: AbortSignal; headers?: Readonly<Record<string, string>> }): Promise<HttpReply>;
}

export interface TransportOptions {
  readonly agentFor: Agents['agentFor'];
  readonly userAgent: string;
  readonly maxBodyBytes: number;
  /** The service, as messages name it. Default `the tracker`. */
  readonly subject?: string;
}

/**
 * A transport over node-fetch, which has no timeout, follows redirects without cookies, reads without end, and takes a cut gzip body for a
 * whole one: all four are handled here.
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
        return { ...reply, connection };
      } catch (thrown) {
        // node-fetch reports every abort alike, so the signal knows better why.
        if (signal.aborted) throw toCctError(signal.reason);
        throw thrown instanceof CctError ? thrown : toNetworkFailure(thrown, subject);
      }
    },
  };
}

/** Lets Node read what has arrived on idle connections, so that no request is sent behind it: one whole turn of the event loop. */
async function readIdleConnections(): Promise<void> {
  for (let turn = 0; turn < 2; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

const DRAIN_LIMIT_MS = 100;

type ReadOptions = Required<Pick<TransportOptions, 'maxBodyBytes' | 'subject'>>;

async function toReply(response: Response, options: ReadOptions): Promise<Omit<HttpReply, 'connection'>> {
  const { status, headers } = response;
  // Any other 2xx is not the answer to a question, or only a part of it.
  const ok = status === 200;
  const body = ok ? await readBody(toDecoded(response, options.subject), options) : '';
  if (status >= 300 && status <= 399) await drainBody(response, options);
  else if (!ok) discardBody(response);
  return {
    status,
    // Reading a header is slow, and these mean something on other answers only.
    location: ok ? null : headers.get('location'),
    // `raw()` gathers every header anew, which is slow, and few answers set a cookie.
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
    // Leaving the loop destroys the stream, and with it the connection.
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

/** The body without its content encoding. A cut body fails when it is read. Throws `unintelligible` for an unknown encoding. */
function toDecoded(response: Response, subject: string): AsyncIterable<unknown> {
  const body = response.body ?? Readable.from([]);
  const encoding = (response.headers.get('content-encoding') ?? '').trim().toLowerCase();
  if (encoding === '' || encoding === 'identity') return body;
  const decoder = DECODERS.get(encoding)?.();
  if (decoder) return pipeline(body, decoder, () => undefined);
  discardBody(response);
  throw new CctError('unintelligible', `${toSentenceStart(subject)}'s answer has an unknown content encoding`);
}

/** Reads what a redirect says besides, so that its connection can be used again; not for long, because nobody needs it. */
async function drainBody(response: Response, options: ReadOptions): Promise<void> {
  const timer = setTimeout(() => discardBody(response), DRAIN_LIMIT_MS);
  try {
    await readBody(response.body ?? Readable.from([]), options);
  } catch {
    // Then the connection is gone, and the place to go is known all the same.
  } finally {
    clearTimeout(timer);
  }
}

function discardBody({ body }: Response): void {
  // node-fetch's types promise no more than a readable stream; what it gives is one of Node's.
  if (body instanceof Readable) body.destroy();
}
