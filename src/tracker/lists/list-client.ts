import { formatCount } from '../../core/amount.ts';
import { CctError } from '../../core/errors.ts';
import type { LiveTrackerOptions } from '../live/client.ts';
import { withRetries } from '../live/retry.ts';
import { openSite } from '../live/site.ts';

/** The options of the client for lookups that apply to pages. */
export type ListClientOptions = Omit<LiveTrackerOptions, 'concurrency' | 'probeEveryMs' | 'unlistedMessage'>;

/** A client for the pages of the tracker's list. */
export interface ListClient {
  /**
   * Fetches a page by its path and query after the base URL, with retries. Rejects with the signal's reason, or with a `CctError` that
   * describes the tracker's failure.
   */
  fetchPage(target: string, signal: AbortSignal): Promise<string>;
  close(): void;
}

// The whole list is under 16 MiB as one table.
const MAX_BODY_BYTES = 64 * 1024 * 1024;

/** Opens a client that fetches one page at a time, each on a new connection, so that pages cannot be mixed up. */
export async function openListClient(options: ListClientOptions): Promise<ListClient> {
  const { apiUrl, trace } = options;
  const site = await openSite({ ...options, concurrency: 1, isReusing: false }, { maxBodyBytes: MAX_BODY_BYTES });

  const attempt = async (asked: URL, signal: AbortSignal): Promise<string> => {
    await site.takeTurn(signal);
    const { url, body } = await site.visit(asked, signal);
    // Another page could pass for the requested one, and rows would be missing.
    if (url.pathname === asked.pathname && url.search === asked.search) return body;
    throw new CctError('unexpected-answer', `The tracker redirects to a different page (${url.pathname})`);
  };

  return {
    fetchPage(target, signal) {
      const asked = new URL(target, apiUrl);
      const onWait = (error: CctError, waitMs: number) =>
        trace({ kind: 'retry', text: `${error.message}; retrying in ${formatCount(Math.round(waitMs))} ms` });
      return withRetries(() => attempt(asked, signal), { signal }, { ...options, onWait });
    },
    close: () => site.close(),
  };
}
