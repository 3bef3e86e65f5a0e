import { formatCount } from '../../core/amount.ts';
import { CctError } from '../../core/errors.ts';
import { withTimeout } from '../cancellation.ts';
import type { LiveConnection } from './connection.ts';
import { createChallengePasser, tokenOf } from './challenge.ts';
import { parseRetryAfter, toStatusFailure } from './failures.ts';
import { isRedirect, resolveRedirect } from './redirects.ts';
import type { Trace } from './trace.ts';
import type { HttpReply, Transport } from './transport.ts';

/** A 200 answer, the URL that gave it after all redirects, and the connection that it came over. */
export interface Page {
  readonly url: URL;
  readonly body: string;
  readonly connection: LiveConnection | undefined;
}

/** Fetches pages as a browser would: with cookies, through redirects and the challenge. */
export interface Browser {
  /** Rejects with a `CctError` for any answer that is not 200. */
  visit(url: URL, signal: AbortSignal): Promise<Page>;
}

export interface BrowserOptions {
  readonly transport: Transport;
  /** Bounds the one request that answers a challenge: it belongs to no single lookup. */
  readonly timeoutMs: number;
  /** Ends that request when the client is closed. */
  readonly closed: AbortSignal;
  readonly nowMs: () => number;
  readonly trace: Trace;
}

const MAX_HOPS = 5;
// Once to get a pass, once more when the pass has just run out; a tracker that challenges again does not want us.
const MAX_CHALLENGES = 2;

export function createBrowser({ transport, timeoutMs, closed, nowMs, trace }: BrowserOptions): Browser {
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
        const token = tokenOf(target);
        if (token === null) {
          url = target;
          continue;
        }
        challenged += 1;
        if (challenged > MAX_CHALLENGES) break;
        await challenges.answer({ target, token, setCookies: reply.setCookies }, pass, signal);
        // The question is asked again exactly as it was; where the tracker sends us after the challenge may have lost it.
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

/** What a lookup that ran out of its own time is. */
export function toTimeout(timeoutMs: number): CctError {
  return new CctError('unavailable', `The tracker did not answer within ${formatCount(timeoutMs)} ms`, { isTransient: true });
}
