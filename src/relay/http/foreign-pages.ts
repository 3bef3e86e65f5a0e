/** The names by which a browser reaches what listens on its own machine (RFC 6761, section 6.3; RFC 1122, section 3.2.1.3). */
const LOOPBACK = /^(?:(?:[a-z0-9-]+\.)*localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i;

/**
 * Whether a page that another site gave may have made a browser send a request with these values of `Host` and `Origin`. Such a request
 * names in `Origin` where the page is from, or, where the page's name was made to lead to this machine, that name in `Host` (DNS
 * rebinding). Programs send no `Origin`, and the `Host` that they were told.
 */
export function mayBeOfForeignPage(hosts: readonly string[], origins: readonly string[]): boolean {
  return !hosts.every((host) => LOOPBACK.test(host)) || !origins.every((origin) => hosts.includes(origin.replace('http://', '')));
}
