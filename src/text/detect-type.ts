import { isIpv4, isIpv6 } from '../core/observables/host.ts';
import { toSchemeless } from '../core/observables/observable.ts';
import { refang } from './refang.ts';
import { isAuthority, isDomain, isSchemelessUrl } from './hosts.ts';

/** The types that can be detected. */
type Detected = 'ip' | 'ipv6' | 'url' | 'domain';

// IPv4 addresses on dual-stack systems (RFC 4291, section 2.5.5.2).
const MAPPED = /^(?:::|(?:0{1,4}:){5})ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i;

/** A name without a leading `*.` and without the root dot. */
export function withoutDots(name: string): string {
  return name.replace(/^\*\.(?=.)/, '').replace(/\.$/, '');
}

/** One value as an observable, refanged, a name without `*.` and root dot; an IPv4-mapped IPv6 address is the IPv4 address. Undefined if it is none of these. */
export function toObservable(value: string): { readonly type: Detected; readonly value: string } | undefined {
  const live = refang(value.trim());
  if (isIpv4(live)) return { type: 'ip', value: live };
  const mapped = MAPPED.exec(live)?.[1];
  if (mapped !== undefined && isIpv4(mapped)) return { type: 'ip', value: mapped };
  const name = withoutDots(live);
  if (name !== live && isDomain(name)) return { type: 'domain', value: name };
  const [, bracketed = ''] = /^\[([^[\]]+)\]$/.exec(live) ?? [];
  if (isIpv6(bracketed)) return { type: 'ipv6', value: bracketed };
  const type = detectType(live);
  return type === 'url' ? withoutPort(live) : type && { type, value: live };
}

// `192.0.2.1:443`, `[2001:db8::1]:443`, `panel.example:443`
const HOST_AND_PORT = /^(?:([^[\]:/?#@]+)|\[([^[\]]+)\]):(\d{1,5})$/;
// `192.0.2.1:443/tcp`, as firewalls write it.
const WITH_PROTOCOL = /^([\d.]+)(?:[:/]\d{1,5})?\/(?:tcp|udp|sctp|icmp)$/i;

/** The address of an address with a port, or the domain of a domain with port 80 or 443; any other URL unchanged. */
function withoutPort(url: string): { readonly type: Detected; readonly value: string } {
  const [, host = '', ipv6 = '', port = ''] = HOST_AND_PORT.exec(url) ?? WITH_PROTOCOL.exec(url) ?? [];
  if (isIpv4(host)) return { type: 'ip', value: host };
  if (isIpv6(ipv6)) return { type: 'ipv6', value: ipv6 };
  return isDomain(host) && (port === '80' || port === '443') ? { type: 'domain', value: host } : { type: 'url', value: url };
}

/**
 * The type of a refanged value, ignoring blanks around it; undefined if the whole value is none of these.
 * An address with a port or path is a `url`.
 */
export function detectType(value: string): Detected | undefined {
  const text = value.trim();
  if (isIpv4(text)) return 'ip';
  if (isIpv6(text)) return 'ipv6';
  const schemeless = toSchemeless(text);
  if (schemeless !== text) return isAuthority(schemeless.split(/[/\\?#]/, 1)[0] ?? '') ? 'url' : undefined;
  if (isDomain(text)) return 'domain';
  return isSchemelessUrl(text) ? 'url' : undefined;
}
