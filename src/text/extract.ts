import { parseAuthority, isIpv4, isIpv6 } from '../core/host.ts';
import type { Observable } from '../core/observable.ts';
import { toSchemeless } from '../core/observable.ts';
import { findAddresses } from './addresses.ts';
import { isAuthority, isDomain, isSchemelessUrl } from './hosts.ts';
import { refang } from './refang.ts';
import { findUrls, trimEnd } from './urls.ts';

// A file of a terminal's output holds its colours (ECMA-48, SGR).
const COLOUR = /\u001B\[[\d;]*m/g;
const BULLET = /^\s*[-*•–]\s+/;

/**
 * The observables in one line of text, in order, refanged, repeated ones too. In prose these are IPv4 addresses (`ip`) and
 * URLs with a scheme (`url`). A line that is nothing but one value may also be a URL without scheme, a `domain` or an
 * `ipv6`, of which the last two are only there to be shown as skipped. Takes linear time.
 */
export function extractObservables(line: string): Observable[] {
  const text = line.replace(COLOUR, '');
  const alone = refang(text.replace(BULLET, '').trim());
  const isOneWord = !/\s/.test(alone);
  const observable = isOneWord ? toLoneObservable(alone) : undefined;
  if (observable) return [observable];
  return findAll(isOneWord && toSchemeless(alone) !== alone ? alone : text);
}

// In text a comma straight before a scheme separates two URLs.
const SEVERAL = /[,;|](?:https?|ftps?):\/\//i;

/** What a line says that holds one word only; undefined where it must be searched like any other. */
function toLoneObservable(word: string): Observable | undefined {
  if (toSchemeless(word) !== word || SEVERAL.test(word)) return undefined;
  const bare = word.replace(/^\[([^[\]]*)\]$/, '$1');
  const value = isIpv6(bare) ? bare : trimEnd(word);
  const type = detectType(value);
  if (type !== 'url' || value.includes('/')) return type && { type, value };
  // An address and its port: the address is meant.
  const { host } = parseAuthority(value);
  const ipv6 = host.replace(/^\[|\]$/g, '');
  if (isIpv6(ipv6)) return { type: 'ipv6', value: ipv6 };
  return isIpv4(host) ? { type: 'ip', value: host } : { type, value };
}

function findAll(text: string): Observable[] {
  const urls = findUrls(text);
  const found: { type: string; value: string; start: number }[] = urls.map((url) => ({ ...url, type: 'url' }));
  let next = 0;
  for (const address of findAddresses(text, urls)) {
    while ((urls[next]?.end ?? Infinity) <= address.start) next += 1;
    if (address.start < (urls[next]?.start ?? Infinity)) found.push({ ...address, type: 'ip' });
  }
  return found.sort((one, other) => one.start - other.start).map(({ type, value }) => ({ type, value }));
}

/**
 * The type of a value that is already refanged, blanks around it aside; undefined when the whole value is none of these.
 * An address with a port or path is a `url`.
 */
export function detectType(value: string): 'ip' | 'ipv6' | 'url' | 'domain' | undefined {
  const text = value.trim();
  if (isIpv4(text)) return 'ip';
  if (isIpv6(text)) return 'ipv6';
  const schemeless = toSchemeless(text);
  if (schemeless !== text) return isAuthority(schemeless.split(/[/\\?#]/, 1)[0] ?? '') ? 'url' : undefined;
  if (isDomain(text)) return 'domain';
  return isSchemelessUrl(text) ? 'url' : undefined;
}
