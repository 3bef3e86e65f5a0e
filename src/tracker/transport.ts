import type { Agent } from 'node:http';
import { Readable } from 'node:stream';
import fetch from 'node-fetch';
import type { Response } from 'node-fetch';
import { CctError, toCctError } from '../core/errors.ts';
import type { EndSignal } from './aborting.ts';
import { toNetworkFailure } from './failures.ts';

/** One HTTP answer, whatever its status. `body` is empty unless the status is 2xx, `location` and `retryAfter` null when it is. */
export interface HttpReply {
  readonly status: number;
  readonly location: string | null;
  readonly setCookies: readonly string[];
  readonly retryAfter: string | null;
  readonly body: string;
}

/** Makes single requests; redirects, cookies and retries are its caller's. */
export interface Transport {
  /** Rejects with the signal's reason when that aborts, else with a `CctError` that says what happened. */
  get(url: URL, options: { cookie: string; signal: EndSignal; headers?: Readonly<Record<string, string>> }): Promise<HttpReply>;
}

export interface TransportOptions {
  readonly agentFor: (url: URL) => Agent;
  readonly userAgent: string;
  readonly maxBodyBytes: number;
}

/** A transport over node-fetch, which has no timeout, follows redirects without cookies, and reads without end: all three are set here. */
export function createTransport({ agentFor, userAgent, maxBodyBytes }: TransportOptions): Transport {
  return {
    async get(url, { cookie, signal, headers = {} }) {
      try {
        const response = await fetch(url, {
          agent: agentFor,
          redirect: 'manual',
          signal,
          headers: {
            'User-Agent': userAgent,
            Accept: 'application/json, */*;q=0.5',
            ...(cookie === '' ? {} : { Cookie: cookie }),
            ...headers,
          },
        });
        const reply = await toReply(response, maxBodyBytes);
        if (signal.aborted) throw toCctError(signal.reason);
        return reply;
      } catch (thrown) {
        // node-fetch reports every abort alike, so the signal knows better why.
        if (signal.aborted) throw toCctError(signal.reason);
        throw thrown instanceof CctError ? thrown : toNetworkFailure(thrown);
      }
    },
  };
}

const DRAIN_LIMIT_MS = 100;

async function toReply(response: Response, maxBodyBytes: number): Promise<HttpReply> {
  const { status, headers, ok } = response;
  const body = ok ? await readBody(response, maxBodyBytes) : '';
  if (status >= 300 && status <= 399) await drainBody(response, maxBodyBytes);
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

async function readBody(response: Response, maxBodyBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    const buffer = Buffer.from(chunk);
    bytes += buffer.length;
    // Leaving the loop destroys the stream, and with it the connection.
    if (bytes > maxBodyBytes) throw new CctError('unintelligible', `The tracker's answer is longer than ${maxBodyBytes} bytes`);
    chunks.push(buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Reads what a redirect says besides, so that its connection can be used again; not for long, because nobody needs it. */
async function drainBody(response: Response, maxBodyBytes: number): Promise<void> {
  const timer = setTimeout(() => discardBody(response), DRAIN_LIMIT_MS);
  try {
    await readBody(response, maxBodyBytes);
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
