import ipaddr from 'ipaddr.js';

/** The authority of a URL. `host` keeps IPv6 brackets; `port` is '' if absent. */
export interface Authority {
  readonly host: string;
  readonly port: string;
  readonly hasUserInfo: boolean;
  /** Path, query and fragment, as given. */
  readonly rest: string;
}

/** Splits `[user@]host[:port][/path][?query][#fragment]`. Unlike a URL parser, it rewrites nothing. */
export function parseAuthority(schemeless: string): Authority {
  // A host ends at a backslash too, which URL parsers read as a slash (WHATWG URL, special schemes).
  const end = schemeless.search(/[/\\?#]/);
  const authority = end === -1 ? schemeless : schemeless.slice(0, end);
  const rest = end === -1 ? '' : schemeless.slice(end);
  const at = authority.lastIndexOf('@');
  const hostPort = authority.slice(at + 1).trim();
  const hasUserInfo = at !== -1;
  if (!hostPort.includes(':')) return { host: hostPort, port: '', hasUserInfo, rest };
  if (isIpv6(hostPort)) return { host: `[${hostPort}]`, port: '', hasUserInfo, rest };
  const colon = hostPort.indexOf(':', hostPort.startsWith('[') ? Math.max(hostPort.indexOf(']'), 0) : 0);
  return colon === -1
    ? { host: hostPort, port: '', hasUserInfo, rest }
    : { host: hostPort.slice(0, colon), port: hostPort.slice(colon + 1), hasUserInfo, rest };
}

// The longest address without a zone has 45 characters.
const MAX_IPV6_LENGTH = 64;
// With a digit, and perhaps a zone.
const MAY_BE_IPV6 = /^(?=[:.]*[0-9a-f])[0-9a-f:.]*:[0-9a-f:.]*(?:%.*)?$/i;

/** Whether a text is an IPv6 address, without brackets. */
export function isIpv6(text: string): boolean {
  // The parser throws at what is not one, which takes a hundred times as long.
  return text.length <= MAX_IPV6_LENGTH && MAY_BE_IPV6.test(text) && ipaddr.IPv6.isValid(text);
}

const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const STRICT_IPV4 = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`);

/** Whether a text is an IPv4 address in strict dotted form: no short forms, no hexadecimal, no leading zeros. */
export function isIpv4(text: string): boolean {
  return STRICT_IPV4.test(text);
}

/** The 32 bits of an IPv4 address in strict dotted form. */
export function toIpv4Number(ipv4: string): number {
  let number = 0;
  let octet = 0;
  for (let at = 0; at < ipv4.length; at += 1) {
    const code = ipv4.charCodeAt(at);
    if (code === 0x2e) {
      number = number * 256 + octet;
      octet = 0;
    } else octet = octet * 10 + code - 0x30;
  }
  return number * 256 + octet;
}

// RFC 1035, 2.3.4.
const MAX_HOST_LENGTH = 253;
// Room for the longest spelling of an IDN: the URL parser takes quadratic time for a non-ASCII host.
const MAX_RAW_HOST_LENGTH = 1024;

const PLAIN_NAME = /^(?:[a-z0-9_-]+\.)+[a-z][a-z0-9-]*$/;
const ALLOWED_HOST = /^(?:[a-z0-9_.-]+|\[[0-9a-f:.]+\])$/;

/**
 * Normalises a host as a URL parser does: lower case, IDN as `xn--`, any spelling of IPv4 in dotted form, no trailing dots. Plain names are
 * only lower-cased, since invalid `xn--` labels are in use. Returns null above 253 characters and for anything but letters, digits, `-`,
 * `_`, dots, IPv4 or bracketed IPv6.
 */
export function normaliseHost(host: string): string | null {
  const normal = toUrlHost(host);
  return normal !== null && normal.length <= MAX_HOST_LENGTH ? normal : null;
}

/** Whether a host, as given or normalised, is longer than 253 characters. */
export function isHostTooLong(host: string): boolean {
  return host.length > MAX_RAW_HOST_LENGTH || (toUrlHost(host) ?? host).length > MAX_HOST_LENGTH;
}

function toUrlHost(host: string): string | null {
  if (host.length > MAX_RAW_HOST_LENGTH) return null;
  const lower = host.toLowerCase();
  // The URL parser is a hundred times slower, and rejects invalid `xn--` labels.
  if (PLAIN_NAME.test(lower)) return lower;
  const url = `http://${host}`;
  const normal = URL.canParse(url) ? new URL(url).hostname.replace(/\.+$/, '') : '';
  return ALLOWED_HOST.test(normal) ? normal : null;
}

// Ranges of IANA's IPv4 Special-Purpose Address Registry that are not globally reachable, and multicast (RFC 5771). The documentation
// ranges (RFC 5737) are left out: they can be looked up.
const PRIVATE_IPV4 = toRanges([
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.88.99.2/32',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '224.0.0.0/4',
  '240.0.0.0/4',
]);
// Inside 192.0.0.0/24, but globally reachable (RFC 7723, 8155).
const PUBLIC_IPV4 = toRanges(['192.0.0.9/32', '192.0.0.10/32']);

function toRanges(cidrs: readonly string[]) {
  return cidrs.map((cidr) => {
    const [address = '', bits] = cidr.split('/');
    const first = toIpv4Number(address);
    return { first, last: first + 2 ** (32 - Number(bits)) - 1 };
  });
}

// Ranges of IANA's IPv6 registry that are not globally reachable, site-local addresses (RFC 3879) and multicast. Left out: the
// documentation ranges (RFC 3849, 9637), and ranges that carry an IPv4 address, since that address decides.
const PRIVATE_IPV6 = toCidrs([
  '::/128',
  '::1/128',
  '64:ff9b:1::/48',
  '100::/64',
  '100:0:0:1::/64',
  '2001::/23',
  '5f00::/16',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
]);
// Inside 2001::/23: Teredo, and globally reachable ranges (RFC 7723, 8155, 9665, 7450, 7535, 7343, 9374).
const PUBLIC_IPV6 = toCidrs([
  '2001::/32',
  '2001:1::1/128',
  '2001:1::2/128',
  '2001:1::3/128',
  '2001:3::/32',
  '2001:4:112::/48',
  '2001:20::/28',
  '2001:30::/28',
]);

function toCidrs(ranges: readonly string[]) {
  return ranges.map((range) => ipaddr.IPv6.parseCIDR(range));
}

// IPv6 ranges that carry IPv4 addresses: mapped and compatible (RFC 4291), translated (RFC 2765), NAT64 (RFC 6052), 6to4 (RFC 3056), and
// Teredo (RFC 4380), which carries the server's address and the client's with its bits inverted.
const CARRIERS = [
  { range: '::ffff:0:0/96', atByte: 12, mask: 0 },
  { range: '::/96', atByte: 12, mask: 0 },
  { range: '::ffff:0:0:0/96', atByte: 12, mask: 0 },
  { range: '64:ff9b::/96', atByte: 12, mask: 0 },
  { range: '2002::/16', atByte: 2, mask: 0 },
  { range: '2001::/32', atByte: 4, mask: 0 },
  { range: '2001::/32', atByte: 12, mask: 0xff },
].map(({ range, ...rest }) => ({ cidr: ipaddr.IPv6.parseCIDR(range), ...rest }));

// RFC 6761, 6762 (appendix G), 8375, ICANN's .internal and .mail, and default names of routers and directory services.
const PRIVATE_NAME =
  /(?:^|\.)(?:localhost|local|localdomain|localnet|internal|intranet|private|corp|lan|home|mail|domain|workgroup|router|dhcp|home\.arpa)$/;

const SEVERAL_LABELS = /[^.]\.+[^.]/;

// RFC 6303: reverse names of private addresses.
const PRIVATE_REVERSE_NAME =
  /(?:^|\.)(?:(?:0|10|127|254\.169|168\.192|(?:1[6-9]|2\d|3[01])\.172)\.in-addr|(?:[cd]\.f|[89ab]\.e\.f)\.ip6)\.arpa$/;

/** Whether a normalised host (name, IPv4, or IPv6 in brackets) is private or otherwise not public. */
export function isPrivateHost(normal: string): boolean {
  if (isIpv4(normal)) return isPrivateIpv4(normal);
  if (normal.startsWith('[')) {
    const bare = normal.slice(1, -1);
    if (ipaddr.IPv6.isValid(bare)) return isPrivateIpv6(ipaddr.IPv6.parse(bare));
  }
  return !SEVERAL_LABELS.test(normal) || PRIVATE_NAME.test(normal) || PRIVATE_REVERSE_NAME.test(normal);
}

/** Whether an IPv4 address in strict dotted form is not globally reachable. */
export function isPrivateIpv4(address: string): boolean {
  const number = toIpv4Number(address);
  const isIn = (ranges: typeof PRIVATE_IPV4) => ranges.some(({ first, last }) => number >= first && number <= last);
  return isIn(PRIVATE_IPV4) && !isIn(PUBLIC_IPV4);
}

function isPrivateIpv6(address: ipaddr.IPv6): boolean {
  const isIn = (ranges: typeof PRIVATE_IPV6) => ranges.some(([network, bits]) => address.match(network, bits));
  return (isIn(PRIVATE_IPV6) && !isIn(PUBLIC_IPV6)) || toCarriedIpv4s(address).some(isPrivateIpv4);
}

/** The IPv4 addresses that an IPv6 address carries: mapped, translated, tunnelled. */
export function toCarriedIpv4s(address: ipaddr.IPv6): string[] {
  const bytes = address.toByteArray();
  const carried = CARRIERS.filter(({ cidr: [network, bits] }) => address.match(network, bits));
  return [...carried, ...(isIsatap(address) ? [{ atByte: 12, mask: 0 }] : [])].map(({ atByte, mask }) =>
    bytes
      .slice(atByte, atByte + 4)
      .map((byte) => byte ^ mask)
      .join('.'),
  );
}

/** Whether the interface identifier is an ISATAP one (RFC 5214, section 6.1), under any prefix. */
function isIsatap({ parts }: ipaddr.IPv6): boolean {
  return (parts[4] === 0 || parts[4] === 0x200) && parts[5] === 0x5efe;
}

/** The IPv4 range that an IPv6 range carries in its last 32 bits, or null. */
export function toCarriedRange(network: ipaddr.IPv6, bits: number): [network: ipaddr.IPv4, bits: number] | null {
  const isCarried = CARRIERS.some(({ cidr: [prefix, length] }) => length === 96 && bits >= 96 && network.match(prefix, length));
  return isCarried ? [new ipaddr.IPv4(network.toByteArray().slice(12)), bits - 96] : null;
}
