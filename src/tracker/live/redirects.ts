import { CctError } from '../../core/errors.ts';
import type { HttpReply } from './transport.ts';

/** Whether an answer sends the client elsewhere. 304 has no place to go: it answers a condition that is never sent. */
export function isRedirect({ status }: HttpReply): boolean {
  return status >= 300 && status <= 399 && status !== 304;
}

/**
 * Where a redirect leads, resolved against the URL that was asked. Only the same scheme, host and port are followed, or
 * https instead of http on the same host: whatever else a network on the way says, questions go to the tracker alone.
 */
export function resolveRedirect({ status, location }: HttpReply, asked: URL): URL {
  if (location === null) throw new CctError('unexpected-answer', `The tracker answered ${status} without a Location header`);
  if (!URL.canParse(location, asked.href)) {
    throw new CctError('unexpected-answer', `The tracker answered ${status} with an invalid Location header`);
  }
  const target = new URL(location, asked);
  // Nobody here has credentials to send, and no message shall show those of others.
  target.username = '';
  target.password = '';
  const isUpgrade = asked.protocol === 'http:' && target.protocol === 'https:' && target.hostname === asked.hostname;
  if (target.origin === asked.origin || isUpgrade) return target;
  const place = target.host === '' ? target.protocol : `${target.protocol}//${target.host}`;
  throw new CctError('unexpected-answer', `The tracker redirects to another site, which is not followed (${place})`);
}
