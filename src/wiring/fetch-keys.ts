import { CctError } from '../core/errors.ts';
import { withTimeout } from '../tracker/cancellation.ts';
import { openAgents } from '../tracker/live/agents.ts';
import { createTransport } from '../tracker/live/transport.ts';
import { toProxy } from './open-tracker.ts';
import type { Setup } from './setup.ts';

const TIMEOUT_MS = 5_000;
// A key set has a few kilobytes.
const MAX_BODY_BYTES = 256 * 1024;

/**
 * Returns a function that fetches the public keys of a host, through the proxy of all other requests. Redirects are not followed: only
 * the operator names hosts. It rejects with a `CctError` for anything but 200 within 5 seconds.
 */
export function createKeyFetcher({ config, version }: Pick<Setup, 'config' | 'version'>): (url: URL) => Promise<string> {
  const userAgent = config.userAgent ?? `cct/${version}`;
  return async (url) => {
    const { host } = url;
    const agents = await openAgents(url, {
      proxyFor: (target) => config.proxy ?? toProxy(target),
      maxSockets: 1,
      // The next fetch is minutes away.
      isReusing: false,
      trace: () => undefined,
    });
    try {
      const transport = createTransport({
        agentFor: agents.agentFor,
        userAgent,
        maxBodyBytes: MAX_BODY_BYTES,
        subject: host,
      });
      const onTimeout = () => new CctError('unavailable', `${host} did not return its keys within ${TIMEOUT_MS} ms`);
      const { signal: never } = new AbortController();
      const { status, body } = await withTimeout({ signal: never, timeoutMs: TIMEOUT_MS, onTimeout }, (signal) =>
        transport.get(url, { cookie: '', signal }),
      );
      if (status === 200) return body;
      throw new CctError('unexpected-answer', `${host} answered ${status} instead of returning its keys`);
    } finally {
      agents.close();
    }
  };
}
