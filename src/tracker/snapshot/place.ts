import { parseAuthority, normaliseHost } from '../../core/host.ts';

/** Where a URL points, in one spelling. */
export interface Place {
  /** Lower case, IDN as `xn--`, IPv4 in dotted form. As given if it is not a host. */
  readonly host: string;
  /** A number, or '' for none, 80 and 443. */
  readonly port: string;
  /** Path and query, without a slash at the end of the path; '' if there is neither. */
  readonly path: string;
}

// The list has no schemes.
const DEFAULT_PORTS = ['80', '443'];

/** The place of a URL without its scheme, normalised as RFC 3986 calls safe (6.2.2); a fragment is left out. */
export function toPlace(schemeless: string): Place {
  const { host, port, rest } = parseAuthority(schemeless.trim());
  return { host: normaliseHost(host) ?? host, port: toPort(port), path: toPath(rest) };
}

function toPort(port: string): string {
  const number = port.replace(/^0+(?=\d)/, '');
  return DEFAULT_PORTS.includes(number) ? '' : number;
}

function toPath(rest: string): string {
  const fragment = rest.indexOf('#');
  const whole = decodeUnreserved(fragment === -1 ? rest : rest.slice(0, fragment));
  const mark = whole.indexOf('?');
  const path = removeDotSegments(mark === -1 ? whole : whole.slice(0, mark)).replace(/\/$/, '');
  // An empty query counts as no query.
  return mark === -1 || mark === whole.length - 1 ? path : path + whole.slice(mark);
}

/** RFC 3986, 6.2.2.1 and 6.2.2.2. */
function decodeUnreserved(text: string): string {
  if (!text.includes('%')) return text;
  return text.replace(/%[0-9a-f]{2}/gi, (escape) => {
    const character = String.fromCharCode(Number.parseInt(escape.slice(1), 16));
    return /[A-Za-z0-9._~-]/.test(character) ? character : escape.toUpperCase();
  });
}

/** RFC 3986, 5.2.4. */
function removeDotSegments(path: string): string {
  if (!path.includes('/.')) return path;
  const kept: string[] = [];
  const [, ...segments] = path.split('/');
  for (const segment of segments) {
    if (segment === '..') kept.pop();
    else if (segment !== '.') kept.push(segment);
  }
  const isDirectory = /\/\.{1,2}$/.test(path) && kept.length > 0;
  return `/${kept.join('/')}${isDirectory ? '/' : ''}`;
}

// What RFC 3986 does not allow in a path or query; a `%` stays.
const NEVER_SENT = /[^A-Za-z0-9._~!$&'()*+,;=:@/?%-]+/g;

/** The path as clients send it: with spaces, brackets and letters of other scripts percent-encoded (RFC 3987, 3.1). Lists may have them raw, logs do not. */
export function toSentPath(path: string): string {
  return path.replace(NEVER_SENT, (run) => encodeURIComponent(run.toWellFormed()));
}
