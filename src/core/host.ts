import ipaddr from 'ipaddr.js';

/** The parts of the authority of a URL without its scheme. `host` keeps IPv6 brackets; `port` is '' where none is given. */
export interface Authority {
  readonly host: string;
  readonly port: string;
  readonly hasUserInfo: boolean;
  /** All after the authority, as given: path, query and fragment. */
  readonly rest: string;
}

// What was just decided on is what is looked up next, a million times over.
let lastSplit: { readonly text: string; readonly authority: Authority } | undefined;

/** Splits `[user@]host[:port][/path][?query][#fragment]` without rewriting anything, unlike a URL parser. */
export function hostOf(schemeless: string): Authority {
  if (lastSplit?.text !== schemeless) lastSplit = { text: schemeless, authority: split(schemeless) };
  return lastSplit.authority;
}

function split(schemeless: string): Authority {
  // A URL parser reads a backslash as a slash (WHATWG URL, special schemes), so a host ends there too.
  const end = schemeless.search(/[/\\?#]/);
  const authority = end === -1 ? schemeless : schemeless.slice(0, end);
  const rest = end === -1 ? '' : schemeless.slice(end);
  const at = authority.lastIndexOf('@');
  const hostPort = authority.slice(at + 1).trim();
  const hasUserInfo = at !== -1;
  if (!hostPort.includes(':')) return { host: hostPort, port: '', hasUserInfo, rest };
  if (ipaddr.IPv6.isValid(hostPort)) return { host: `[${hostPort}]`, port: '', hasUserInfo, rest };
  const colon = hostPort.indexOf(':', hostPort.startsWith('[') ? Math.max(hostPort.indexOf(']'), 0) : 0);
  return colon === -1
    ? { host: hostPort, port: '', hasUserInfo, rest }
    : { host: hostPort.slice(0, colon), port: hostPort.slice(colon + 1), hasUserInfo, rest };
}

const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const STRICT_IPV4 = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`);

/** Whether a text is an IPv4 address in strict dotted form: no short forms, no hexadecimal, no leading zeros. */
export function isIpv4(text: string): boolean {
  return STRICT_IPV4.test(text);
}

/** The 32 bits of an IPv4 address that `isIpv4`, as a number. */
function toNumber(ipv4: string): number {
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

const PLAIN_NAME = /^(?:[a-z0-9_-]+\.)+[a-z][a-z0-9-]*$/;

/**
 * A host as a URL parser would write it: lower case, IDN in its `xn--` form, odd spellings of IPv4 in dotted form, without a
 * trailing dot. Null when no URL parser takes it for a host; but a plain name is taken as it is, also one whose `xn--` is no IDN: names
 * need not be sound to be in use.
 */
export function normaliseHost(host: string): string | null {
  if (lastNormal?.host !== host) lastNormal = { host, normal: normalise(host) };
  return lastNormal.normal;
}

let lastNormal: { readonly host: string; readonly normal: string | null } | undefined;

function normalise(host: string): string | null {
  const lower = host.toLowerCase();
  // Most hosts are plain names already, and the URL parser costs a hundred times as much.
  if (PLAIN_NAME.test(lower)) return lower;
  const url = `http://${host}`;
  return URL.canParse(url) ? new URL(url).hostname.replace(/\.+$/, '') : null;
}

// RFC 1918, 1122, 3927, 6598, 5771, 1112; the documentation ranges of RFC 5737 are not here, they may be asked.
const PRIVATE_IPV4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '224.0.0.0/4',
  '240.0.0.0/4',
].map((range) => {
  const [address = '', bits] = range.split('/');
  const first = toNumber(address);
  return { first, last: first + 2 ** (32 - Number(bits)) - 1 };
});

// RFC 4291, 4193, 3879, 8215.
const PRIVATE_IPV6 = ['::/128', '::1/128', 'fc00::/7', 'fe80::/10', 'fec0::/10', 'ff00::/8', '64:ff9b:1::/48'].map((range) =>
  ipaddr.IPv6.parseCIDR(range),
);

// IPv4 addresses in IPv6 clothes, and where in it they begin: mapped and compatible (RFC 4291), translated (RFC 2765), NAT64
// (RFC 6052), 6to4 (RFC 3056).
const CARRIES_IPV4 = [
  { range: '::ffff:0:0/96', atByte: 12 },
  { range: '::/96', atByte: 12 },
  { range: '::ffff:0:0:0/96', atByte: 12 },
  { range: '64:ff9b::/96', atByte: 12 },
  { range: '2002::/16', atByte: 2 },
].map(({ range, atByte }) => ({ cidr: ipaddr.IPv6.parseCIDR(range), atByte }));

// RFC 6761, 6762, 8375 and the names that ICANN and common practice keep for internal use.
const PRIVATE_NAME = /(?:^|\.)(?:localhost|local|internal|lan|corp|intranet|home\.arpa)$/;

/** Whether a host (name, IPv4, or IPv6 in brackets), normalised, belongs to the house or its link. */
export function isPrivateHost(normal: string): boolean {
  if (isIpv4(normal)) return isPrivateIpv4(normal);
  if (normal.startsWith('[')) {
    const bare = normal.slice(1, -1);
    if (ipaddr.IPv6.isValid(bare)) return isPrivateIpv6(ipaddr.IPv6.parse(bare));
  }
  return !normal.includes('.') || PRIVATE_NAME.test(normal);
}

/** Whether an address that `isIpv4` belongs to the house, its link, or nobody. */
export function isPrivateIpv4(address: string): boolean {
  const number = toNumber(address);
  return PRIVATE_IPV4.some(({ first, last }) => number >= first && number <= last);
}

function isPrivateIpv6(address: ipaddr.IPv6): boolean {
  if (PRIVATE_IPV6.some(([network, bits]) => address.match(network, bits))) return true;
  const carried = toCarriedIpv4(address);
  return carried !== null && isPrivateIpv4(carried);
}

/** The IPv4 address that an IPv6 address stands for, or null. */
export function toCarriedIpv4(address: ipaddr.IPv6): string | null {
  const carrier = CARRIES_IPV4.find(({ cidr: [network, bits] }) => address.match(network, bits));
  return carrier
    ? address
        .toByteArray()
        .slice(carrier.atByte, carrier.atByte + 4)
        .join('.')
    : null;
}
