import { parseAuthority, normaliseHost } from '../../core/observables/host.ts';

/** The normalised place of a URL. */
export interface Place {
  /** Lower case, IDN as `xn--`, IPv4 in dotted form. As given if it is not a host. */
  readonly host: string;
  /** A number; '' if absent, 80 or 443. */
  readonly port: string;
  /** Path and query, without a trailing slash of the path; '' if there is neither. */
  readonly path: string;
}

// Both, because the list has no schemes.
const DEFAULT_PORTS = ['80', '443'];

/** Normalises a URL without a scheme, in the ways that RFC 3986 calls safe (6.2.2). Drops the fragment. */
export function toPlace(schemeless: string): Place {
  const { host, port, rest } = parseAuthority(schemeless.trim());
  return { host: normaliseHost(host) ?? host, port: toPort(port), path: toPath(rest) };
}

function toPort(port: string): string {
  if (port === '') return '';
  const number = port.replace(/^0+(?=\d)/, '');
  return DEFAULT_PORTS.includes(number) ? '' : number;
}

function toPath(rest: string): string {
  if (rest === '') return '';
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

// Characters that RFC 3986 does not allow in a path or query; `%` stays.
const NEVER_SENT = /[^A-Za-z0-9._~!$&'()*+,;=:@/?%-]+/g;

/** The path as clients send it: spaces, brackets and non-ASCII letters, which a list may contain, are percent-encoded (RFC 3987, 3.1). */
export function toSentPath(path: string): string {
  return path.replace(NEVER_SENT, (run) => encodeURIComponent(run.toWellFormed()));
}
