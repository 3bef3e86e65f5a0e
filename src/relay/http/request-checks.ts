import type { IncomingMessage } from 'node:http';
import type { Refusal } from './problem.ts';

const FOREIGN_PAGE: Refusal = {
  status: 403,
  reason: 'Origin or Host is not a loopback name; without authentication, only local requests are accepted',
};

/** Requests with this many headers are refused. Node drops headers beyond its own limit, so `server.maxHeadersCount` must be 0. */
const TOO_MANY_HEADERS = 1000;

/** The reason to refuse a request before it reaches the app, if any. `refusesForeignPages`: see `mayBeOfForeignPage`. */
export function findRefusal(
  { rawHeaders, httpVersion }: Pick<IncomingMessage, 'rawHeaders' | 'httpVersion'>,
  { refusesForeignPages }: { readonly refusesForeignPages: boolean },
): Refusal | undefined {
  // Names and values alternate.
  if (rawHeaders.length / 2 >= TOO_MANY_HEADERS) return { status: 431, reason: 'The request has too many headers' };
  const hosts = readHeader(rawHeaders, 'host');
  // Servers disagree on which of two Host headers counts; HTTP/1.1 requires one (RFC 9112, section 3.2).
  if (hosts.length > 1) return { status: 400, reason: 'The request has more than one Host header' };
  if (hosts.length === 0 && httpVersion !== '1.0') return { status: 400, reason: 'The request has no Host header' };
  return refusesForeignPages && mayBeOfForeignPage(hosts, readHeader(rawHeaders, 'origin')) ? FOREIGN_PAGE : undefined;
}

/** The values of all headers with a name. Before Node 20.20.2, `headersDistinct` throws on a header `__proto__` (CVE-2026-21710). */
export function readHeader(rawHeaders: readonly string[], name: string): string[] {
  return rawHeaders.filter((_value, at) => at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === name);
}

/** The names by which a browser reaches its own machine (RFC 6761, section 6.3; RFC 1122, section 3.2.1.3). */
const LOOPBACK = /^(?:(?:[a-z0-9-]+\.)*localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i;

/**
 * Whether a page of another site may have made a browser send a request with these `Host` and `Origin` headers. `Origin` names the page's
 * site or, if its name resolves to this machine (DNS rebinding), `Host` does. Programs send no `Origin`.
 */
export function mayBeOfForeignPage(hosts: readonly string[], origins: readonly string[]): boolean {
  return !hosts.every((host) => LOOPBACK.test(host)) || !origins.every((origin) => hosts.includes(origin.replace('http://', '')));
}
