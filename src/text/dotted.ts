import { isIpv4 } from '../core/host.ts';
import { SQUID_WAY, isBehindAt, lengthOfRange, whyNoAddress } from './addresses.ts';
import { BRACKETED_COLON, BRACKETED_SLASH, DOT, toVisibleText } from './defanged.ts';
import { isDomain, isSchemelessUrl } from './hosts.ts';
import { whyNoDomain } from './names.ts';
import type { PassedOverReason } from './passed-over.ts';
import { type Run, trimRun } from './runs.ts';
import { endOfRest, trimEnd } from './url-ends.ts';
import { refang } from './refang.ts';

/* Labels or numbers with dots between them in plain text, with what follows: addresses, names, and URLs without a scheme. */

/** What a run is. `end` is the index behind all that belongs to it. */
export interface Judged {
  readonly type?: 'ip' | 'url' | 'domain';
  readonly reason?: PassedOverReason;
  readonly value?: string;
  readonly end: number;
}

const DOTS = new RegExp(DOT, 'g');
// Far above any name; what is longer is no host.
const MAX_RUN_LENGTH = 1024;

/** What stands before a run. */
export interface Before {
  /** The index behind what was found or passed over last. */
  readonly from: number;
  readonly isVersion: boolean;
}

/** Says what a run is, and where what belongs to it ends. */
export function judgeRun(text: string, run: Run, before: Before): Judged {
  if (run.end - run.start > MAX_RUN_LENGTH) return { end: run.end };
  const isPlain = PLAIN.test(text.slice(run.start, run.end)) && text.slice(run.start - 1, run.start) !== '%';
  const { start, end } = isPlain ? run : trimRun(text, run);
  if (start >= end) return { end: run.end };
  const written = isPlain ? text.slice(start, end) : toVisibleText(text.slice(start, end));
  const value = isPlain ? written : written.replace(DOTS, '.');
  if (/^[\d.-]+$/.test(value)) return judgeNumbers(value, { text, start, end, before });
  return judgeName(value, { text, start, end, before, isDefanged: value !== written });
}

// Nearly all runs.
const PLAIN = /^[a-z0-9][a-z0-9.-]*[a-z0-9]$/i;

interface Where {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly before: Before;
}

const PORT = new RegExp(String.raw`^(?::|${BRACKETED_COLON})(\d{1,5})(?!\d|:\d|\.\d)`);
const PATH = new RegExp(String.raw`^(?:\/|${BRACKETED_SLASH}|\?(?=[\w.%-]+=))`);
// `192.0.2.1/443`, `192.0.2.1:443/tcp`: logs of firewalls.
const PORT_PATH = /^\/(?:\d{1,5}(?:\/(?:tcp|udp|sctp))?|tcp|udp|sctp|icmp)$/i;

function judgeNumbers(value: string, where: Where): Judged {
  const { text, start, end, before } = where;
  const ends = value.includes('-') ? /^(\d+(?:\.\d+){3})-\d+(?:\.\d+){3}$/.exec(value) : null;
  if (ends) {
    // The second end is judged as a run of its own.
    const half = start + text.slice(start, end).lastIndexOf('-');
    return judgeNumbers(ends[1] ?? '', { ...where, end: half });
  }
  if (!MAY_BE_ADDRESS.test(value)) return { end };
  const address = withoutDottedPort(value, where);
  if (!isIpv4(address)) return { reason: LAST_RANGE.test(value) ? 'range' : 'number', value, end };
  const reason = whyNoAddress(address, { text, start, end, from: before.from, isBehindVersion: before.isVersion });
  if (reason !== undefined) return { reason, value, end };
  const rangeLength = lengthOfRange(address, text.slice(end, end + 48));
  if (rangeLength !== undefined) return { reason: 'range', value: text.slice(start, end + rangeLength), end: end + rangeLength };
  const rest = restBehind(where);
  if (rest === undefined || isOnlyPort(rest.path)) return { type: 'ip', value: address, end: rest?.end ?? end };
  return { type: 'url', value: rest.value, end: rest.end };
}

// `192.0.2.14-20`
const LAST_RANGE = /^(?:\d{1,3}\.){3}\d{1,3}-\d{1,3}$/;
const MAY_BE_ADDRESS = /^(?:[^.]*\.){3}/;

/** tcpdump and netstat write a port behind a fifth dot; it is above any octet, or an arrow or flags stand beside it. */
function withoutDottedPort(value: string, { text, start, end }: Where): string {
  const [, address, port] = /^((?:\d{1,3}\.){3}\d{1,3})\.(\d{1,5})$/.exec(value) ?? [];
  if (address === undefined || Number(port) > 65_535) return value;
  const isPacket =
    /(?:\bIP|>) $/.test(text.slice(Math.max(0, start - 4), start)) || /^(?: > |: Flags)/.test(text.slice(end, end + 8));
  return Number(port) > 255 || isPacket ? address : value;
}

function isOnlyPort(path: string): boolean {
  return path === '' || PORT_PATH.test(path);
}

const MAY_GO_ON = /[:/?[({]/;

/** The port and path behind a host, and the whole refanged; undefined for neither. */
function restBehind({ text, start, end }: Where): { value: string; port: string; path: string; end: number } | undefined {
  if (!MAY_GO_ON.test(text.slice(end, end + 1))) return undefined;
  const [portText = '', port = ''] = PORT.exec(text.slice(end, end + 10)) ?? [];
  const hasPort = port !== '' && Number(port) <= 65_535;
  const from = hasPort ? end + portText.length : end;
  const path = PATH.exec(text.slice(from, from + 64));
  if (!path) return hasPort ? { value: refang(text.slice(start, from)), port, path: '', end: from } : undefined;
  const restEnd = endOfRest(text, { start, from });
  const value = refang(trimEnd(text.slice(start, restEnd)));
  return { value, port, path: trimEnd(text.slice(from, restEnd)), end: restEnd };
}

interface NameWhere extends Where {
  readonly isDefanged: boolean;
}

const VERSION = /^v\d+(?:\.\d+){3}$/i;
// dnsmasq: `address=/panel.example/0.0.0.0`.
const DNSMASQ = /\b(?:address|server|local|ipset)=\/$/;
// BIND: `resolving 'panel.example/A/IN'`.
const DNS_PATH = /^\/[A-Z]{1,10}\d{0,2}\/(?:IN|CH|HS|ANY)$/;
const DNS_BEFORE = /\b(?:query(?:\[\w{1,10}\])?:?|resolving|reply|cached|forwarded) '?$/i;
const DNS_BEHIND = /^\.? (?:IN [A-Z]{1,10}|[A-Z]{1,10} IN)\b/;
const ADDRESS_PATH = /^\/(?=\d{1,3}(?:\.\d{1,3}){3}(?![\w.]))/;

function judgeName(value: string, where: NameWhere): Judged {
  const { text, start, end, isDefanged } = where;
  if (isBehindAt(text, start)) return { reason: 'mail address', value, end };
  if (isBeforeAt(text, end)) return { end };
  if (DNSMASQ.test(text.slice(Math.max(0, start - 10), start)) && isDomain(value)) return { type: 'domain', value, end };
  const rest = restBehind(where);
  const isCalled = text.slice(end, end + 1) === '(' && !/\d/.test(text.charAt(end + 1));
  if (VERSION.test(value)) return { reason: 'version', value, end };
  const reason = isInPath(text, start)
    ? 'file name'
    : whyNoDomain(value, { isDefanged, isAddressed: rest !== undefined || isInDnsLog(text, start, end), isCalled });
  if (reason === 'silent') return { end };
  if (reason !== undefined) return { reason, value, end };
  // Java logs `panel.example/192.0.2.1:443`.
  const isWithAddress = ADDRESS_PATH.test(text.slice(end, end + 17));
  if (rest && DNS_PATH.test(rest.path)) return { type: 'domain', value, end: rest.end };
  if (rest !== undefined && !isWithAddress && (rest.path !== '' || !['80', '443'].includes(rest.port))) {
    if (!isSchemelessUrl(rest.value)) return { reason: 'no such top-level domain', value, end: rest.end };
    return { type: 'url', value: rest.value, end: rest.end };
  }
  return isDomain(value)
    ? { type: 'domain', value, end: isWithAddress ? end + 1 : (rest?.end ?? end) }
    : { reason: 'no such top-level domain', value, end };
}

function isInDnsLog(text: string, start: number, end: number): boolean {
  return DNS_BEFORE.test(text.slice(Math.max(0, start - 24), start)) || DNS_BEHIND.test(text.slice(end, end + 24));
}

const AT_START = /^(?:@|[[(]\s?(?:@|at)\s?[\])])/i;

function isBeforeAt(text: string, end: number): boolean {
  return AT_START.test(text.slice(end, end + 6));
}

const BEHIND_DRIVE = /(?:^|[^\p{L}\p{N}])[a-z]:[/\\]{1,2}$/iu;
// `//panel.example/x` and `\\panel.example\share` name a host.
const IN_PATH = /(?:(?<![/\\])[/\\]|[\p{L}\p{N}_.-]\/{1,2})$/u;

function isInPath(text: string, start: number): boolean {
  const before = text.slice(Math.max(0, start - 40), start);
  return BEHIND_DRIVE.test(before) || (IN_PATH.test(before) && !SQUID_WAY.test(before));
}
