import { formatCount } from '../../core/amount.ts';
import { CctError } from '../../core/errors.ts';
import type { Question } from '../../core/observable.ts';
import type { LookupContext, Tracker } from '../../core/tracker.ts';
import type { BreakerState } from './breaker.ts';
import { createBreaker } from './breaker.ts';
import type { Page } from './page-fetcher.ts';
import { parseReply } from './reply.ts';
import { withRetries } from './retry.ts';
import type { SharedTracker } from '../sharing.ts';
import { createSharedTracker } from '../sharing.ts';
import type { SiteOptions } from './site.ts';
import { openSite } from './site.ts';

/** `concurrency` is that of lookups in flight too. */
export interface LiveTrackerOptions extends SiteOptions {
  /** Tries after the first, for failures that may pass. */
  readonly retries: number;
  /**
   * Once the tracker was found down, milliseconds from then, or from the last trial's beginning, until one lookup is tried again;
   * undefined, the default, for never: the rest of the lookups fail without being asked.
   */
  readonly tryAgainMs?: number | undefined;
  /** Told when the tracker is asked no more because it is down, with why, and with undefined when it is asked again. */
  readonly onBreakerChange?: ((why: CctError | undefined) => void) | undefined;
  /** The text of `message` that means "not listed". */
  readonly unlistedMessage: string;
  /** A number from 0 up to 1. */
  readonly random: () => number;
}

// A hit is 50 bytes; what is longer is no answer to a lookup.
const MAX_BODY_BYTES = 1024 * 1024;
/**
 * A deadline that comes earlier in an attempt says nothing of the tracker. Where that is only slow, the probe of the breaker finds it
 * there.
 */
const SILENT_MS = 1_000;

// The second time is for a surplus response that was on its way already.
const MAX_TIMES_ASKED = 2;

/** The page of the live site that answers a lookup key, which stands in it percent-encoded, whole and once. Throws at half a surrogate pair. */
export function toLookupUrl(apiUrl: string, key: string): URL {
  return new URL(`${apiUrl}query.php?url=${encodeURIComponent(key)}`);
}

/** Whether a URL asks this key, once and nothing besides; PHP reads `url[]` and ` url` as `url` too, and the last one counts. */
function asksOnly({ searchParams }: URL, key: string): boolean {
  const asked = [...searchParams].filter(([name]) => /^\s*url(?:[[\0]|$)/.test(name));
  return asked.length === 1 && asked[0]?.[0] === 'url' && asked[0][1] === key;
}

/** The live site, and whether it is being asked. */
export interface LiveClient extends Tracker {
  /** `open` when the tracker was found down, `half-open` while one lookup is tried all the same. */
  readonly breaker: BreakerState;
}

/**
 * The live site. Its limits (concurrency, rate, breaker) hold over all its lookups together; those that want the same at once are one.
 * Lookups reject with the caller's reason, or with a `CctError` that says what the tracker did.
 */
export async function openLiveTracker(options: LiveTrackerOptions): Promise<LiveClient & SharedTracker> {
  const client = await openLiveClient(options);
  const shared = createSharedTracker(client, options);
  // Not spread: that would read the counters once and for all.
  return {
    get breaker() {
      return client.breaker;
    },
    get inFlight() {
      return shared.inFlight;
    },
    get waiting() {
      return shared.waiting;
    },
    identify: (question) => shared.identify(question),
    lookup: (question, context) => shared.lookup(question, context),
    ping: (context) => shared.ping(context),
    close: () => shared.close(),
  };
}

/**
 * The live site without sharing and without a limit of lookups in flight, which are for a `createSharedTracker` around it; more than
 * `concurrency` connections are not opened all the same. Rate and breaker hold over all its lookups together. Rejects as
 * `openLiveTracker` does.
 */
export async function openLiveClient(options: LiveTrackerOptions): Promise<LiveClient> {
  const { apiUrl, clock, random, trace } = options;
  const site = await openSite(options, { maxBodyBytes: MAX_BODY_BYTES });

  const probe = async () => {
    await site.visit(new URL(apiUrl), { signal: site.closed });
  };
  const { tryAgainMs } = options;
  const trials = tryAgainMs === undefined ? undefined : { tryAgainMs, clock };
  const breaker = createBreaker(probe, { trials, onChange: options.onBreakerChange });

  /** Visits a page; a deadline says with its cause that nothing had come for so long that the tracker may be down. */
  const visit = async (url: URL, context: LookupContext) => {
    const sentAtMs = clock.nowMs();
    try {
      return await site.visit(url, context);
    } catch (thrown) {
      const waitedMs = clock.nowMs() - sentAtMs;
      if (!(thrown instanceof CctError) || thrown.code !== 'deadline' || waitedMs < SILENT_MS) throw thrown;
      const cause = new CctError('unavailable', `The tracker did not answer within ${formatCount(waitedMs)} ms`);
      throw new CctError(thrown.code, thrown.message, { cause });
    }
  };

  const askOnce = async (key: string, context: LookupContext): Promise<Page> => {
    await site.takeTurn(context);
    const asked = toLookupUrl(apiUrl, key);
    const page = await visit(asked, context);
    // A redirect that drops or changes the question would have its answer pass for ours.
    if (page.url === asked || (page.url.pathname === asked.pathname && asksOnly(page.url, key))) return page;
    throw new CctError(
      'unexpected-answer',
      `The tracker redirects to a page that does not match the lookup (${page.url.pathname})`,
    );
  };

  const attempt = async ({ key }: Question, context: LookupContext) => {
    for (let asked = 1; ; asked += 1) {
      const { body, connection } = await askOnce(key, context);
      // After a surplus response no answer counts before its connection was silent.
      const isSure = connection?.isSuspect !== true || (await connection.confirmed());
      if (isSure) return { ...parseReply(body, options.unlistedMessage), ...(connection && { connection }) };
      if (asked === MAX_TIMES_ASKED) {
        throw new CctError('unexpected-answer', 'The tracker sends responses that belong to no request');
      }
    }
  };

  const onWait = (error: CctError, waitMs: number) =>
    trace({ kind: 'retry', text: `${error.message}; retrying in ${formatCount(Math.round(waitMs))} ms` });

  const lookup = async (question: Question, context: LookupContext, retries: number) => {
    // Not all options spread: to copy twenty fields for each lookup took longer than to parse its answer.
    const reply = await withRetries(() => attempt(question, context), context, { retries, clock, random, onWait });
    return { ...reply, source: 'live' as const, answeredAt: new Date(clock.nowMs()) };
  };

  return {
    get breaker() {
      return breaker.state;
    },
    identify: ({ key }) => key,
    // A trial is one attempt: who waits for its word should have it soon.
    lookup: (question, context) => breaker.run((isTrial) => lookup(question, context, isTrial ? 0 : options.retries), context),
    async ping(context) {
      await site.visit(new URL(apiUrl), context);
    },
    close: () => site.close(),
  };
}
