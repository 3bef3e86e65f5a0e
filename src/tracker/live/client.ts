import PQueue from 'p-queue';
import { formatCount } from '../../core/amount.ts';
import { CctError } from '../../core/errors.ts';
import type { LookupContext, Tracker } from '../../core/lookups/tracker.ts';
import type { BreakerState } from './breaker.ts';
import { createBreaker } from './breaker.ts';
import type { AttemptOptions } from './lookup-queue.ts';
import { LookupQueue } from './lookup-queue.ts';
import type { Page } from './page-fetcher.ts';
import { parseReply } from './reply.ts';
import { withRetries } from './retry.ts';
import type { Site, SiteOptions } from './site.ts';
import { openSite } from './site.ts';

/** `concurrency` also limits the attempts in flight. */
export interface LiveTrackerOptions extends SiteOptions {
  /** Attempts after the first, for transient failures. */
  readonly retries: number;
  /** Milliseconds between probes, which are lookups sent while the tracker is down. Default: no probes. */
  readonly probeEveryMs?: number | undefined;
  /** Called with the cause when the tracker is found to be down, and with undefined when it answers again. */
  readonly onBreakerChange?: ((cause: CctError | undefined) => void) | undefined;
  /** The text of `message` that means "not listed". */
  readonly unlistedMessage: string;
  /** A number from 0 to below 1. */
  readonly random: () => number;
}

// A hit has 50 bytes; anything this long is not an answer to a lookup.
const MAX_BODY_BYTES = 1024 * 1024;
// The second allows for a surplus response that was already in transit.
const MAX_REQUESTS = 2;

/** Returns the URL that looks up a key, with the key percent-encoded. Throws `URIError` for a lone surrogate. */
export function toLookupUrl(apiUrl: string, key: string): URL {
  return new URL(`${apiUrl}query.php?url=${encodeURIComponent(key)}`);
}

/** The live site and its load. */
export interface LiveTracker extends Tracker {
  readonly breaker: BreakerState;
  /** Attempts in flight. */
  readonly inFlight: number;
  /** Attempts in the queue. */
  readonly waiting: number;
}

/**
 * Opens the live site. Concurrency, rate and breaker apply to all its lookups together. Lookups reject with the caller's reason, or with
 * a `CctError` that describes the tracker's failure.
 */
export async function openLiveTracker(options: LiveTrackerOptions): Promise<LiveTracker> {
  const { apiUrl, clock, concurrency, random, retries, timeoutMs, trace, unlistedMessage } = options;
  const site = await openSite(options, { maxBodyBytes: MAX_BODY_BYTES });
  const queue = new PQueue<LookupQueue, AttemptOptions>({ concurrency, queueClass: LookupQueue });
  const visitRoot = async (signal: AbortSignal): Promise<void> => {
    await site.visit(new URL(apiUrl), signal);
  };
  const breaker = createBreaker({
    ping: () => visitRoot(site.closed),
    clock,
    probeEveryMs: options.probeEveryMs,
    onChange: options.onBreakerChange,
  });

  const attempt = async (key: string, signal: AbortSignal) => {
    for (let requests = 1; ; requests += 1) {
      await site.takeTurn(signal);
      const { body, connection } = await fetchAnswer(site, toLookupUrl(apiUrl, key), signal);
      // After a surplus response, an answer counts only if nothing follows it on its connection.
      const isSure = connection?.isSuspect !== true || (await connection.confirmed());
      if (isSure) return { ...parseReply(body, unlistedMessage), ...(connection && { connection }) };
      if (requests === MAX_REQUESTS) throw new CctError('unexpected-answer', 'The tracker sent responses that match no request');
    }
  };

  /** A queue slot is held during an attempt, not during the pause before the next. */
  const queueAttempt = (key: string, context: LookupContext) => {
    const { signal } = context;
    return queue.add(() => breaker.run(() => attempt(key, signal), signal), { context, signal });
  };

  const onWait = (error: CctError, waitMs: number) =>
    trace({ kind: 'retry', text: `${error.message}; retrying in ${formatCount(Math.round(waitMs))} ms` });

  return {
    get breaker() {
      return breaker.state();
    },
    get inFlight() {
      return queue.pending;
    },
    get waiting() {
      return queue.size;
    },
    identify: ({ key }) => key,
    async lookup({ key }, context) {
      const reply = await withRetries(() => queueAttempt(key, context), context, { retries, timeoutMs, clock, random, onWait });
      return { source: 'live', answeredAt: new Date(clock.nowMs()), ...reply };
    },
    ping: ({ signal }) => breaker.watch(() => visitRoot(signal)),
    close: () => site.close(),
  };
}

/** Fetches a lookup URL. Refuses a redirect that drops or changes the key: the answer would belong to another question. */
async function fetchAnswer(site: Site, url: URL, signal: AbortSignal): Promise<Page> {
  const page = await site.visit(url, signal);
  const key = url.searchParams.get('url');
  if (page.url === url || (page.url.pathname === url.pathname && asksOnly(page.url, key))) return page;
  throw new CctError(
    'unexpected-answer',
    `The tracker redirects to a page that does not match the lookup (${page.url.pathname})`,
  );
}

/** Whether a URL looks up only this key, and only once. PHP also reads `url[]` and ` url` as `url`, and the last one counts. */
function asksOnly({ searchParams }: URL, key: string | null): boolean {
  const asked = [...searchParams].filter(([name]) => /^\s*url(?:[[\0]|$)/.test(name));
  return asked.length === 1 && asked[0]?.[0] === 'url' && asked[0][1] === key;
}
