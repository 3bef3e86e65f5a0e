import type { IncomingMessage } from 'node:http';
import type { Refusal } from './problem.ts';

const FOREIGN_PAGE: Refusal = {
  status: 403,
  reason: 'Origin or Host is not a loopback name; without authentication, only local requests are accepted',
};

/** Why a request must not reach the app, if it must not. `refusesForeignPages`: see `mayBeOfForeignPage`. */
export function findRefusal(
  { headersDistinct, httpVersion }: IncomingMessage,
  { refusesForeignPages }: { readonly refusesForeignPages: boolean },
): Refusal | undefined {
  const { host: hosts = [], origin: origins = [] } = headersDistinct;
  // Servers disagree on which of two Host headers counts; HTTP/1.1 requires one (RFC 9112, section 3.2).
  if (hosts.length > 1) return { status: 400, reason: 'The request has more than one Host header' };
  if (hosts.length === 0 && httpVersion !== '1.0') return { status: 400, reason: 'The request has no Host header' };
  return refusesForeignPages && mayBeOfForeignPage(hosts, origins) ? FOREIGN_PAGE : undefined;
}

/** The names by which a browser reaches its own machine (RFC 6761, section 6.3; RFC 1122, section 3.2.1.3). */
const LOOPBACK = /^(?:(?:[a-z0-9-]+\.)*localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i;

/**
 * Whether a web page of another site may have made a browser send a request with these `Host` and `Origin` headers: `Origin` names the
 * page's site or, where its name resolves to this machine (DNS rebinding), `Host` does. Programs send no `Origin`.
 */
export function mayBeOfForeignPage(hosts: readonly string[], origins: readonly string[]): boolean {
  return !hosts.every((host) => LOOPBACK.test(host)) || !origins.every((origin) => hosts.includes(origin.replace('http://', '')));
}
