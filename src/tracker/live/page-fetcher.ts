import { formatCount } from '../../core/amount.ts';
import { CctError } from '../../core/errors.ts';
import { withTimeout } from '../cancellation.ts';
import type { Trace } from './agents.ts';
import type { LiveConnection } from './connection.ts';
import { createChallengePasser, findToken } from './challenge.ts';
import { parseRetryAfter, toStatusFailure } from './failures.ts';
import { isRedirect, resolveRedirect } from './redirects.ts';
import type { HttpReply, Transport } from './transport.ts';

/** A 200 answer, its URL after all redirects, and its connection. */
export interface Page {
  readonly url: URL;
  readonly body: string;
  readonly connection: LiveConnection | undefined;
}

/** Fetches pages with cookies, through redirects and the challenge. */
export interface PageFetcher {
  /** Rejects with a `CctError` for any answer that is not 200. */
  visit(url: URL, signal: AbortSignal): Promise<Page>;
}

export interface PageFetcherOptions {
  readonly transport: Transport;
  /** Timeout of the request that answers a challenge, which several lookups share. */
  readonly timeoutMs: number;
  /** Aborts that request. */
  readonly closed: AbortSignal;
  readonly nowMs: () => number;
  readonly trace: Trace;
}

const MAX_HOPS = 5;
// One for a pass, and one more if it has just expired. A further challenge is a refusal.
const MAX_CHALLENGES = 2;

export function createPageFetcher({ transport, timeoutMs, closed, nowMs, trace }: PageFetcherOptions): PageFetcher {
  const request = async (url: URL, cookie: string, signal: AbortSignal): Promise<HttpReply> => {
    const startedMs = performance.now();
    const reply = await transport.get(url, { cookie, signal });
    trace({ kind: 'reply', text: `${reply.status} ${url.pathname}`, tookMs: performance.now() - startedMs });
    if (reply.status >= 400) throw toStatusFailure(reply.status, parseRetryAfter(reply.retryAfter, nowMs()));
    return reply;
  };

  const challenges = createChallengePasser(async (target, cookie) => {
    trace({ kind: 'challenge', text: 'the tracker requires a cookie' });
    const onTimeout = () => toTimeout(timeoutMs);
    const reply = await withTimeout({ signal: closed, timeoutMs, onTimeout }, (signal) => request(target, cookie, signal));
    return reply.setCookies;
  });

  return {
    async visit(asked, signal) {
      let url = asked;
      let challenged = 0;
      for (let hop = 0; hop <= MAX_HOPS; hop += 1) {
        const pass = challenges.current();
        const reply = await request(url, pass.cookie, signal);
        challenges.keep(reply.setCookies);
        if (!isRedirect(reply)) return toPage(reply, url);
        const target = resolveRedirect(reply, url);
        const token = findToken(target);
        if (token === null) {
          url = target;
          continue;
        }
        challenged += 1;
        if (challenged > MAX_CHALLENGES) break;
        await challenges.answer({ target, token, setCookies: reply.setCookies }, pass, signal);
        // The original URL: the challenge's target may lack the key.
        url = asked;
      }
      if (challenged > 0) throw new CctError('forbidden', 'The tracker rejected the answer to its cookie challenge');
      throw new CctError('unexpected-answer', `The tracker redirects in a loop (more than ${MAX_HOPS} redirects)`);
    },
  };
}

function toPage(reply: HttpReply, url: URL): Page {
  if (reply.status !== 200) throw toStatusFailure(reply.status);
  return { url, body: reply.body, connection: reply.connection };
}

/** The failure of an attempt that took too long. */
export function toTimeout(timeoutMs: number): CctError {
  return new CctError('unavailable', `The tracker did not answer within ${formatCount(timeoutMs)} ms`, { isTransient: true });
}
