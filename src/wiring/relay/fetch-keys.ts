import { CctError } from '../../core/errors.ts';
import { fetchOnce } from './fetch-once.ts';
import { toProxy } from '../open-tracker.ts';
import type { Setup } from '../setup.ts';

const TIMEOUT_MS = 5_000;
// A key set has a few kilobytes.
const MAX_BODY_BYTES = 256 * 1024;

/**
 * Creates a function that fetches the public keys of a host, through the same proxy as all other requests. It does not follow redirects:
 * only the operator chooses hosts. It rejects with a `CctError` for anything but a 200 within 5 seconds.
 */
export function createKeyFetcher({ config, version }: Pick<Setup, 'config' | 'version'>): (url: URL) => Promise<string> {
  const userAgent = config.userAgent ?? `cct/${version}`;
  return async (url) => {
    const { host } = url;
    const { status, body } = await fetchOnce(url, {
      proxyFor: (target) => config.proxy ?? toProxy(target),
      userAgent,
      maxBodyBytes: MAX_BODY_BYTES,
      subject: host,
      timeoutMs: TIMEOUT_MS,
      onTimeout: () => new CctError('unavailable', `${host} did not return its keys within ${TIMEOUT_MS} ms`),
      signal: new AbortController().signal,
    });
    if (status === 200) return body;
    throw new CctError('unexpected-answer', `${host} answered ${status} instead of returning its keys`);
  };
}
