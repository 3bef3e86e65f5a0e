import { CctError, toCctError } from '../../core/errors.ts';
import { parseJson } from '../../core/json-text.ts';
import { fetchOnce } from './fetch-once.ts';
import type { Setup } from '../setup.ts';

const MAX_BODY_BYTES = 64 * 1024;
// A relay echoes it; a server that does not is not a relay.
const ECHO = 'cct-health';

/** Checks with `GET watchdog` that a relay answers at a base URL within `timeoutMs`. Resolves to the problem, or null. Rejects with `interrupted`. */
export async function findRelayProblem(
  { config: { timeoutMs }, version }: Pick<Setup, 'config' | 'version'>,
  relay: URL,
  signal: AbortSignal,
): Promise<CctError | null> {
  const url = new URL('watchdog', relay);
  try {
    const { status, body } = await fetchOnce(url, {
      // An answer from a proxy would prove nothing about the relay.
      proxyFor: () => '',
      userAgent: `cct/${version}`,
      maxBodyBytes: MAX_BODY_BYTES,
      subject: `the relay at ${url.host}`,
      timeoutMs,
      onTimeout: () => new CctError('unavailable', `The relay at ${url.host} did not answer within ${timeoutMs} ms`),
      headers: { 'Health-Check': ECHO },
      signal,
    });
    if (status !== 200) return new CctError('unexpected-answer', `${url.href} answered ${status}, not 200`);
    if (isEcho(body)) return null;
    return new CctError('unintelligible', `${url.href} is not a relay: it did not echo the Health-Check header`);
  } catch (thrown) {
    const error = toCctError(thrown);
    if (error.code === 'interrupted' || error.code === 'internal') throw error;
    return error;
  }
}

function isEcho(body: string): boolean {
  const answer = parseJson(body);
  return typeof answer === 'object' && answer !== null && 'data' in answer && answer.data === ECHO;
}
