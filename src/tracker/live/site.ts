import type { LookupFunction } from 'node:net';
import { CctError } from '../../core/errors.ts';
import { withTimeout } from '../cancellation.ts';
import type { Trace } from './agents.ts';
import { openAgents } from './agents.ts';
import type { Page } from './page-fetcher.ts';
import { createPageFetcher, toTimeout } from './page-fetcher.ts';
import type { Clock } from '../clock.ts';
import type { Pacer } from './pacer.ts';
import { createPacer } from './pacer.ts';
import { createTransport } from './transport.ts';

export interface SiteOptions {
  /** The tracker's base URL, with its trailing slash. */
  readonly apiUrl: string;
  /** Timeout of an attempt, including all redirects. */
  readonly timeoutMs: number;
  /** Maximum number of connections. */
  readonly concurrency: number;
  /** Maximum attempts per second; undefined for no limit. */
  readonly ratePerSecond?: number | undefined;
  readonly userAgent: string;
  /** Returns the proxy for a URL, or ''. */
  readonly proxyFor: (url: URL) => string;
  readonly clock: Clock;
  readonly trace: Trace;
  /** Whether connections are used for more than one request. Default true. */
  readonly isReusing?: boolean;
  /** Resolves host names, unless a proxy does. Default: the system's resolver. */
  readonly lookup?: LookupFunction | undefined;
}

/** The tracker's web site. */
export interface Site {
  /** Makes one attempt. Rejects with a `CctError` for anything but a 200 answer in time, or with the signal's reason. */
  visit(url: URL, signal: AbortSignal): Promise<Page>;
  /** Resolves when the rate allows the next attempt. */
  readonly takeTurn: Pacer;
  /** Aborts when the site is closed. */
  readonly closed: AbortSignal;
  /** Aborts open requests. */
  close(): void;
}

/** Opens the site: agents, transport, cookies, challenge and rate. Answers longer than `maxBodyBytes` fail. */
export async function openSite(options: SiteOptions, { maxBodyBytes }: { maxBodyBytes: number }): Promise<Site> {
  const { apiUrl, timeoutMs, clock, concurrency, trace } = options;
  const agents = await openAgents(new URL(apiUrl), { ...options, maxSockets: concurrency });
  const closing = new AbortController();
  const transport = createTransport({ agentFor: agents.agentFor, userAgent: options.userAgent, maxBodyBytes });
  const fetcher = createPageFetcher({ transport, timeoutMs, closed: closing.signal, nowMs: () => clock.nowMs(), trace });
  return {
    visit: (url, signal) =>
      withTimeout({ signal, timeoutMs, onTimeout: () => toTimeout(timeoutMs) }, (attempt) => fetcher.visit(url, attempt)),
    takeTurn: createPacer(options.ratePerSecond, clock),
    closed: closing.signal,
    close() {
      closing.abort(new CctError('interrupted', 'The client was closed'));
      agents.close();
    },
  };
}
