/** The names by which a browser reaches what listens on its own machine (RFC 6761, section 6.3; RFC 1122, section 3.2.1.3). */
const LOOPBACK = /^(?:(?:[a-z0-9-]+\.)*localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i;

/**
 * Whether a page that another site gave may have made a browser send this request, by its headers as they came, name and value in turn.
 * Such a request names in `Origin` where the page is from, or, where the page's name was made to lead to this machine, that name in `Host`
 * (DNS rebinding). Programs send no `Origin`, and the `Host` that they were told.
 */
export function mayBeOfForeignPage(rawHeaders: readonly string[]): boolean {
  const hosts = valuesOf(rawHeaders, 'host');
  const origins = valuesOf(rawHeaders, 'origin');
  return !hosts.every((host) => LOOPBACK.test(host)) || !origins.every((origin) => hosts.includes(origin.replace('http://', '')));
}

function valuesOf(rawHeaders: readonly string[], name: string): string[] {
  const values: string[] = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    if (rawHeaders[at]?.toLowerCase() === name) values.push(rawHeaders[at + 1] ?? '');
  }
  return values;
}
