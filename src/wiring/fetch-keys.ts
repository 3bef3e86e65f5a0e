import { CctError, toCctError } from '../core/errors.ts';
import { withTimeout } from '../tracker/cancellation.ts';
import { openAgents } from '../tracker/live/agents.ts';
import { createTransport } from '../tracker/live/transport.ts';
import { toProxy } from './open-tracker.ts';
import type { Setup } from './setup.ts';

const TIMEOUT_MS = 5_000;
// A set of keys has a few kilobytes.
const MAX_BODY_BYTES = 256 * 1024;

/**
 * Fetches a host's public keys, through the same proxy as all else. No redirect is followed: the operator named the host, nobody
 * else does. Rejects with a `CctError` for anything but 200 within 5 seconds.
 */
export function createKeyFetcher({ config, version }: Pick<Setup, 'config' | 'version'>): (url: URL) => Promise<string> {
  const userAgent = config.userAgent ?? `cct/${version}`;
  return async (url) => {
    // Fetched once in minutes: a connection that is kept would only grow old.
    const agents = await openAgents(url, {
      proxyFor: (asked) => config.proxy ?? toProxy(asked),
      maxSockets: 1,
      isReusing: false,
      trace: () => undefined,
    });
    try {
      const transport = createTransport({ agentFor: agents.agentFor, userAgent, maxBodyBytes: MAX_BODY_BYTES });
      const onTimeout = () => new CctError('unavailable', `${url.host} did not return its keys within ${TIMEOUT_MS} ms`);
      const reply = await withTimeout({ signal: new AbortController().signal, timeoutMs: TIMEOUT_MS, onTimeout }, (signal) =>
        transport.get(url, { cookie: '', signal }),
      );
      if (reply.status === 200) return reply.body;
      throw new CctError('unexpected-answer', `${url.host} answered ${reply.status} instead of returning its keys`);
    } catch (thrown) {
      const { code, message } = toCctError(thrown);
      // The transport speaks of the one host that it was made for.
      throw new CctError(code, message.replace(/\bthe tracker\b/gi, url.host), { cause: thrown });
    } finally {
      agents.close();
    }
  };
}
