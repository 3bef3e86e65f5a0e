import { CctError } from '../../core/errors.ts';
import type { HttpReply } from './transport.ts';

/** Whether an answer is a redirect. A 304 is not: it answers a conditional request, which is never sent. */
export function isRedirect({ status }: HttpReply): boolean {
  return status >= 300 && status <= 399 && status !== 304;
}

/**
 * The target of a redirect from `asked`. Throws `unexpected-answer` for another scheme, host or port, except https instead of http on the
 * same host: lookups are sent only to the tracker.
 */
export function resolveRedirect({ status, location }: HttpReply, asked: URL): URL {
  if (location === null) throw new CctError('unexpected-answer', `The tracker answered ${status} without a Location header`);
  if (!URL.canParse(location, asked.href)) {
    throw new CctError('unexpected-answer', `The tracker answered ${status} with an invalid Location header`);
  }
  const target = new URL(location, asked);
  // Messages must not show credentials.
  target.username = '';
  target.password = '';
  const isUpgrade = asked.protocol === 'http:' && target.protocol === 'https:' && target.hostname === asked.hostname;
  if (target.origin === asked.origin || isUpgrade) return target;
  const place = target.host === '' ? target.protocol : `${target.protocol}//${target.host}`;
  throw new CctError('unexpected-answer', `The tracker redirects to another site, which is not followed (${place})`);
}
