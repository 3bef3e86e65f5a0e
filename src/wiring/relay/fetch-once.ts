import type { CctError } from '../../core/errors.ts';
import { withTimeout } from '../../tracker/cancellation.ts';
import { openAgents } from '../../tracker/live/agents.ts';
import type { HttpReply } from '../../tracker/live/transport.ts';
import { createTransport } from '../../tracker/live/transport.ts';

export interface FetchOptions {
  /** Returns the proxy for a URL, or ''. May throw a `CctError`. */
  readonly proxyFor: (url: URL) => string;
  readonly userAgent: string;
  readonly maxBodyBytes: number;
  /** The service, as messages name it. */
  readonly subject: string;
  readonly timeoutMs: number;
  readonly onTimeout: () => CctError;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** Sends one GET over its own connection, without following redirects. Rejects with a `CctError` if there is no answer. */
export async function fetchOnce(url: URL, options: FetchOptions): Promise<HttpReply> {
  const agents = await openAgents(url, { proxyFor: options.proxyFor, maxSockets: 1, isReusing: false, trace: () => undefined });
  try {
    const transport = createTransport({ ...options, agentFor: agents.agentFor });
    return await withTimeout(options, (signal) => transport.get(url, { cookie: '', signal, headers: options.headers ?? {} }));
  } finally {
    agents.close();
  }
}
